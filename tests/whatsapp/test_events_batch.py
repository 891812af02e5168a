"""A webhook holds many things: each is read by itself, and what is broken holds up nothing."""

import json
from typing import Any

import pytest

from conversations.whatsapp import events
from conversations.whatsapp.events import (
    AccountReview,
    Broken,
    InboundMessage,
    PlatformError,
    StatusUpdate,
    Unknown,
)
from tests.whatsapp.samples import NAMES, body, data, parsed, sources


def test_every_level_is_walked_and_the_broken_ones_are_named() -> None:
    """Source: Cloud API, webhooks, overview: batches of up to 1,000; the poison is ours."""
    found = parsed("messages__mixed_batch")
    value = "entry[0].changes[0].value"
    assert [(type(event), getattr(event, "path", "")) for event in found] == [
        (InboundMessage, ""),
        (Broken, f"{value}.messages[1]"),
        (InboundMessage, ""),
        (Broken, f"{value}.messages[3]"),
        (StatusUpdate, ""),
        (Broken, f"{value}.statuses[1]"),
        (StatusUpdate, ""),
        (PlatformError, ""),
        (Broken, f"{value}.errors[1]"),
        (AccountReview, ""),
        (Broken, "entry[0].changes[2].value"),
        (InboundMessage, ""),
        (Broken, "entry[2]"),
        (Broken, "entry[3].changes"),
    ]


def test_messages_of_another_account_keep_its_id() -> None:
    found = parsed("messages__mixed_batch")
    texts = [event for event in found if isinstance(event, InboundMessage)]
    assert [(event.text, event.waba_id) for event in texts][2] == ("three", "222")


def test_a_thousand_messages_with_one_poisonous_are_999_messages() -> None:
    sample = data("messages__text")
    value = sample["entry"][0]["changes"][0]["value"]
    message = value["messages"][0]
    value["messages"] = [{**message, "id": f"wamid.{n}"} for n in range(1000)]
    value["messages"][500]["id"] = None
    found = events.parse(json.dumps(sample).encode())
    assert [type(event) for event in found].count(InboundMessage) == 999
    assert found[500] == Broken(
        path="entry[0].changes[0].value.messages[500]",
        reason="id is missing",
        raw=value["messages"][500],
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_sample_is_the_same_as_bytes_and_as_json(name: str) -> None:
    assert events.parse(body(name)) == events.parse(data(name))


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"5", b'"x"', b"\xff\xfe", b"[" * 99_999, b"nonsense"]
)
def test_what_is_no_json_object_is_unreadable(body: bytes) -> None:
    with pytest.raises(events.Unreadable):
        events.parse(body)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "object"),
        ({"object": "page", "entry": [1]}, "object page"),
        ({"object": None}, "object"),
    ],
)
def test_a_webhook_of_another_product_is_kept_raw(data: dict[str, Any], field: str) -> None:
    assert events.parse(data) == [Unknown(field=field, value=data)]


@pytest.mark.parametrize("entry", [None, {}, "x", 5])
def test_an_entry_that_is_no_list_is_broken(entry: Any) -> None:
    found = events.parse({"object": "whatsapp_business_account", "entry": entry})
    assert found == [Broken(path="entry", reason="is not a list", raw=entry)]


def test_a_webhook_with_nothing_in_it_tells_nothing() -> None:
    assert events.parse({"object": "whatsapp_business_account", "entry": []}) == []


def test_a_list_that_is_none_is_broken_and_the_next_one_is_read() -> None:
    sample = data("statuses__read")
    sample["entry"][0]["changes"][0]["value"]["messages"] = {"id": "wamid.1"}
    broken, status = events.parse(sample)
    assert isinstance(broken, Broken)
    assert broken.path == "entry[0].changes[0].value.messages"
    assert isinstance(status, StatusUpdate)


def test_an_item_that_breaks_the_program_itself_is_only_broken() -> None:
    sample = data("messages__text")
    # Python refuses to write out a whole number of more than 4,300 digits.
    sample["entry"][0]["changes"][0]["value"]["messages"][0]["type"] = 10**5000
    (event,) = events.parse(sample)
    assert isinstance(event, Broken)
    assert event.reason == "cannot be read (ValueError)"


def test_every_sample_has_its_source() -> None:
    known = sources()
    used = {
        max((start for start in known if name.startswith(start)), key=len, default=name)
        for name in NAMES
    }
    assert used == set(known)
    assert all(known.values())
