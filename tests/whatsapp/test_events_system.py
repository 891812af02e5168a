"""What happens to a customer's account. Source: Cloud API, webhooks, messages, `system`."""

import pytest

from conversations.whatsapp.events import Person, read_said
from tests.whatsapp.samples import WA_ID, inbound


@pytest.mark.parametrize(
    ("name", "change", "person"),
    [
        ("system_number_changed", "number_changed", Person(wa_id="27831112222", bsuid="ZA.777")),
        ("system_number_changed_v11", "number_changed", Person(wa_id="27831112222")),
        (
            "system_user_id_changed",
            "user_id_changed",
            Person(bsuid="ZA.888", parent_bsuid="ZA.ENT.888"),
        ),
        ("system_identity_changed", "identity_changed", Person()),
        ("request_welcome", "chat_opened", Person()),
    ],
)
def test_it_says_what_changed_and_who_it_is_now(name: str, change: str, person: Person) -> None:
    message = inbound(name)
    assert message.kind == "system"
    assert message.system is not None
    assert (message.system.change, message.system.person) == (change, person)
    assert not message.opens_window


def test_the_sender_is_who_it_was_before() -> None:
    assert inbound("system_number_changed").sender.wa_id == WA_ID


def test_an_identity_change_brings_the_new_hash() -> None:
    system = inbound("system_identity_changed").system
    assert system is not None
    assert system.identity_hash == "DF2lS5v2W6x="


def test_people_read_meta_s_sentence() -> None:
    assert inbound("system_number_changed").text.startswith("User Thandi changed from")
    assert inbound("request_welcome").text == "Opened the chat for the first time"


def test_a_system_message_nobody_has_heard_of_is_still_one() -> None:
    said = read_said({"type": "system", "system": {"type": "user_moved_to_mars"}})
    assert said.system is not None
    assert (said.kind, said.system.change) == ("system", "other")
    assert said.text == "System message (user_moved_to_mars)"
    assert read_said({"type": "system", "system": {}}).text == "System message (other)"
