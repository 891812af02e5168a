"""What staff sent from the phone app. Source: Cloud API, coexistence, `smb_message_echoes`."""

import pytest

from conversations.whatsapp import events
from conversations.whatsapp.events import Broken, Echo, Person
from tests.whatsapp.samples import BSUID, NUMBER, WA_ID, data, only


def echo(name: str) -> Echo:
    return only(f"smb_message_echoes__{name}", Echo)


def test_an_echo_goes_to_the_customer() -> None:
    said = echo("text")
    assert (said.phone_number_id, said.wamid) == (NUMBER, "wamid.echo.text")
    assert said.recipient == Person(wa_id=WA_ID, bsuid=BSUID, name="Thandi Nkosi")
    assert (said.kind, said.text) == ("text", "We will call you.")


def test_an_echo_may_change_or_delete_an_earlier_one() -> None:
    assert (echo("edit").edits, echo("edit").text) == (
        "wamid.echo.text",
        "We will call you today.",
    )
    assert echo("revoke").revokes == "wamid.echo.text"


def test_an_echo_to_nobody_is_broken() -> None:
    sample = data("smb_message_echoes__text")
    item = sample["entry"][0]["changes"][0]["value"]["message_echoes"][0]
    item.update({"to": "", "to_user_id": ""})
    (event,) = events.parse(sample)
    assert isinstance(event, Broken)
    assert event.reason == "nobody is named as recipient"


@pytest.mark.parametrize("metadata", [None, {}, {"phone_number_id": ""}, "x"])
def test_an_echo_of_no_number_is_broken(metadata: object) -> None:
    sample = data("smb_message_echoes__text")
    sample["entry"][0]["changes"][0]["value"]["metadata"] = metadata
    (event,) = events.parse(sample)
    assert isinstance(event, Broken)
    assert event.reason == "metadata.phone_number_id is missing"
