"""Statuses in full: what they cost, all errors, whoever they came for."""

from itertools import permutations
from typing import Any

import pytest

from conversations import intake
from conversations.models import EarlyStatus, Message, Notice, PhoneNumber
from tests import webhooks
from tests.factories import a_contact, a_thread, an_inbound, an_outbound
from tests.intake.samples import NUMBER, THANDI, arrive, changed

REFERENCE = "6f1f2ad0-0000-4000-8000-000000000001"


@pytest.fixture
def ours(number: Any) -> Message:
    """The message that the samples speak of."""
    thread = a_thread(contact=a_contact(wa_id=THANDI), phone_number=number)
    an_inbound(thread)
    return an_outbound(
        thread, status=Message.Status.SENDING, wamid="wamid.ours", reference=REFERENCE
    )


def now(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("sent_v23", "sent"),
        ("sent_v24", "sent"),
        ("delivered", "delivered"),
        ("upper_case", "delivered"),
        ("user_id_only", "delivered"),
        ("read", "read"),
        ("played", "played"),
        ("failed", "failed"),
        ("failed_with_bare_contact", "failed"),
        ("unheard_of", "sending"),
    ],
)
def test_every_sample_moves_its_message(ours: Message, name: str, status: str) -> None:
    arrive(f"statuses__{name}")
    assert now(ours).status == status


def test_trouble_that_is_told_after_the_send_pauses_the_number(
    ours: Message, number: PhoneNumber
) -> None:
    arrive(changed("statuses__failed", errors=[{"code": 131042, "title": "Payment issue"}]))
    number.refresh_from_db()
    assert number.paused_reason == "Payment issue"
    assert number.paused_until is not None
    assert Notice.objects.get(ended_at=None).level == Notice.Level.ALARM


def test_a_failure_of_one_message_does_not_pause_the_number(
    ours: Message, number: PhoneNumber
) -> None:
    arrive("statuses__failed")
    number.refresh_from_db()
    assert (number.paused_reason, number.paused_until) == ("", None)


def test_what_it_costs_is_kept(ours: Message) -> None:
    arrive("statuses__sent_v24")
    pricing = now(ours).pricing
    assert pricing is not None
    assert (pricing["billable"], pricing["type"], pricing["category"]) == (
        False,
        "free_customer_service",
        "service",
    )


@pytest.mark.parametrize("order", list(permutations(["sent_v24", "delivered", "read"])))
def test_in_every_order_the_later_status_says_what_it_costs(
    ours: Message, order: tuple[str, ...]
) -> None:
    for name in order:
        arrive(f"statuses__{name}")
    pricing = now(ours).pricing
    assert pricing is not None
    assert (pricing["billable"], pricing["category"]) == (True, "utility")
    assert now(ours).status == "read"


def test_a_status_that_came_early_keeps_what_it_costs(number: Any) -> None:
    arrive("statuses__sent_v24")
    thread = a_thread(contact=a_contact(wa_id=THANDI), phone_number=number)
    an_inbound(thread)
    message = an_outbound(thread, status=Message.Status.SENDING, wamid="wamid.ours")
    assert intake.match_early_statuses() == 1
    assert now(message).pricing is not None


def test_all_errors_of_a_failure_are_told_the_first_by_its_code(ours: Message) -> None:
    arrive("statuses__failed_with_bare_contact")
    message = now(ours)
    assert message.error_code == 131047
    assert "more than 24 hours" in message.error_text
    assert "Message undeliverable" in message.error_text


def test_a_message_in_doubt_is_settled_by_our_reference(ours: Message) -> None:
    Message.objects.filter(pk=ours.pk).update(status="unconfirmed", wamid=None)
    arrive("statuses__sent_v24")
    assert (now(ours).status, now(ours).wamid) == ("sent", "wamid.ours")


def test_a_message_that_waits_to_be_sent_again_is_not_sent_again(ours: Message) -> None:
    """Meta had accepted it, though its answer said "try later"."""
    Message.objects.filter(pk=ours.pk).update(status="queued", wamid=None, next_at=ours.created_at)
    arrive("statuses__delivered")
    assert now(ours).status == "delivered"


def test_a_status_in_a_group_moves_nothing_of_a_group(number: Any) -> None:
    event = arrive(changed("statuses__in_group", id="wamid.group"))
    assert event.processed_at is not None
    assert EarlyStatus.objects.get().wamid == "wamid.group"


def test_statuses_of_many_messages_in_one_webhook(number: Any) -> None:
    thread = a_thread(contact=a_contact(wa_id=THANDI), phone_number=number)
    an_inbound(thread)
    for serial in range(20):
        an_outbound(thread, wamid=f"wamid.{serial}")
    names = ("read", "sent", "delivered")
    told = [webhooks.status(f"wamid.{serial}", name) for name in names for serial in range(20)]
    arrive(webhooks.envelope(webhooks.value(statuses=told, number=NUMBER)))
    assert set(Message.objects.filter(direction="out").values_list("status", flat=True)) == {"read"}
