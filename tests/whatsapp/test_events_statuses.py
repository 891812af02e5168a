"""What became of our messages. Source: Cloud API, webhooks, `statuses`, v21 to v26."""

from datetime import UTC, datetime
from typing import Any

import pytest

from conversations.whatsapp import events
from conversations.whatsapp.events import Broken, Person, StatusUpdate
from tests.whatsapp.samples import BSUID, NUMBER, PARENT, WA_ID, WABA, data, only


def status(name: str) -> StatusUpdate:
    return only(f"statuses__{name}", StatusUpdate)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sent_v23", "sent"),
        ("sent_v24", "sent"),
        ("delivered", "delivered"),
        ("read", "read"),
        ("played", "played"),
        ("failed", "failed"),
        ("upper_case", "delivered"),
        ("unheard_of", "warning"),
        ("in_group", "read"),
    ],
)
def test_every_status_is_read(name: str, expected: str) -> None:
    update = status(name)
    assert (update.status, update.wamid) == (expected, "wamid.ours")
    assert update.at == datetime(2025, 6, 18, 16, 22, 53, tzinfo=UTC)
    assert (update.phone_number_id, update.waba_id) == (NUMBER, WABA)


def test_it_echoes_the_reference_we_sent_along() -> None:
    assert status("sent_v24").reference == "6f1f2ad0-0000-4000-8000-000000000001"


def test_it_names_the_customer() -> None:
    assert status("read").recipient == Person(wa_id=WA_ID, bsuid=BSUID, name="Thandi Nkosi")


def test_it_names_a_customer_who_has_no_number() -> None:
    recipient = status("user_id_only").recipient
    assert recipient.wa_id is None
    assert (recipient.bsuid, recipient.parent_bsuid) == (BSUID, PARENT)
    assert recipient.username == "thandi"


def test_it_keeps_the_price_of_the_message() -> None:
    pricing = status("delivered").pricing
    assert pricing is not None
    assert (pricing["billable"], pricing["category"]) == (True, "utility")
    assert status("read").pricing is None


def test_it_reads_the_shape_with_and_without_a_conversation() -> None:
    conversation = status("sent_v23").conversation
    assert conversation is not None
    assert conversation["origin"] == {"type": "utility"}
    assert status("sent_v24").conversation is None


def test_a_failure_brings_every_error() -> None:
    """Source: `contacts` with nothing but a wa_id, as seen in the field on failures."""
    update = status("failed_with_bare_contact")
    assert [error.code for error in update.errors] == [131047, 131026]
    assert update.errors[0].details.startswith("Message failed to send because more than 24 hours")
    assert update.errors[0].explanation.action == "template"


def test_a_failure_may_come_without_contacts() -> None:
    assert status("failed").recipient == Person(wa_id=WA_ID, bsuid=BSUID)


@pytest.mark.parametrize("code", [None, "x", [], True])
def test_an_error_without_a_code_is_still_one(code: Any) -> None:
    sample = data("statuses__failed")
    sample["entry"][0]["changes"][0]["value"]["statuses"][0]["errors"] = [
        {"code": code, "message": "Oh"}
    ]
    (update,) = events.parse(sample)
    assert isinstance(update, StatusUpdate)
    assert update.errors[0].code is None
    assert update.errors[0].explanation.cause == "WhatsApp says: Oh"


@pytest.mark.parametrize("missing", ["id", "status", "timestamp"])
def test_a_status_that_lacks_its_heart_is_broken(missing: str) -> None:
    sample = data("statuses__read")
    del sample["entry"][0]["changes"][0]["value"]["statuses"][0][missing]
    (event,) = events.parse(sample)
    assert isinstance(event, Broken)
    assert missing in event.reason
    assert event.path == "entry[0].changes[0].value.statuses[0]"


def test_a_status_may_come_without_our_number() -> None:
    sample = data("statuses__read")
    del sample["entry"][0]["changes"][0]["value"]["metadata"]
    (event,) = events.parse(sample)
    assert isinstance(event, StatusUpdate)
    assert event.phone_number_id == ""
