"""Ticks: forward only, in any order, and before their message."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from conversations import consent, intake
from conversations.models import ConsentEntry, EarlyStatus, Message, Thread
from tests import webhooks
from tests.factories import a_phone_number, a_thread, an_inbound, an_outbound
from tests.webhooks import NUMBER, failure, receive_statuses

pytestmark = pytest.mark.django_db

Status = Message.Status
SENT, DELIVERED, READ = "sent", "delivered", "read"


@pytest.fixture(autouse=True)
def number() -> None:
    a_phone_number(phone_number_id=NUMBER)


def a_message(**fields: Any) -> Message:
    thread = a_thread()
    an_inbound(thread)
    return an_outbound(thread, **{"status": Status.SENDING, "wamid": "wamid.1", **fields})


def now(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


@pytest.mark.parametrize("order", list(permutations([SENT, DELIVERED, READ])))
def test_in_every_order_the_furthest_holds(order: tuple[str, ...]) -> None:
    message = a_message()
    for name in order:
        receive_statuses(webhooks.status("wamid.1", name))
    assert now(message).status == READ


@pytest.mark.parametrize("order", list(permutations([SENT, DELIVERED, READ])))
def test_in_one_webhook_too(order: tuple[str, ...]) -> None:
    message = a_message()
    receive_statuses(*[webhooks.status("wamid.1", name) for name in order])
    assert now(message).status == READ


def test_a_failure_says_what_happened() -> None:
    message = a_message()
    receive_statuses(webhooks.status("wamid.1", "failed", errors=failure(131047, "Re-engagement")))
    assert (now(message).status, now(message).error_code) == ("failed", 131047)
    assert "Re-engagement" in now(message).error_text


@pytest.mark.parametrize(
    ("code", "since", "wanted"),
    [(131050, None, False), (131049, None, True), (131050, 60, True), (131050, -60, False)],
)
def test_who_has_stopped_marketing_as_meta_says_is_sent_no_more_of_it(
    code: int, since: int | None, wanted: bool
) -> None:
    """`since`: seconds after the message at which the customer asked for it again."""
    message = a_message()
    contact, purposes = message.thread.contact, (consent.Purpose.MARKETING,)
    if since is not None:
        at = message.sent_at + timedelta(seconds=since)
        consent.grant(contact, purposes, at=at, source="test")
    for wamid in ("wamid.1", "wamid.1"):
        receive_statuses(webhooks.status(wamid, "failed", errors=failure(code)))
    assert (consent.withdrawn(contact) == frozenset()) is wanted
    assert ConsentEntry.objects.filter(source="WhatsApp").count() == (0 if wanted else 1)


def test_an_answer_that_fails_later_needs_a_person() -> None:
    message = a_message(origin=Message.Origin.ASSISTANT)
    receive_statuses(webhooks.status("wamid.1", "failed", errors=failure(131026)))
    assert Thread.objects.get(pk=message.thread_id).mode == Thread.Mode.WAITING


def test_a_failure_beats_what_was_only_sent_in_both_orders() -> None:
    message = a_message()
    receive_statuses(webhooks.status("wamid.1", "failed", errors=failure(131026)))
    receive_statuses(webhooks.status("wamid.1", SENT))
    assert now(message).status == "failed"


@pytest.mark.parametrize("order", [(DELIVERED, "failed"), ("failed", DELIVERED)])
def test_a_failure_never_beats_what_arrived(order: tuple[str, str]) -> None:
    message = a_message()
    for name in order:
        receive_statuses(webhooks.status("wamid.1", name))
    assert now(message).status == DELIVERED
    assert now(message).error_code is None


def test_a_status_before_metas_answer_finds_its_message_by_our_reference() -> None:
    message = a_message(wamid=None)
    told = webhooks.status("wamid.9", SENT, biz_opaque_callback_data=str(message.reference))
    receive_statuses(told)
    assert (now(message).status, now(message).wamid) == (SENT, "wamid.9")


def test_a_status_settles_a_message_in_doubt() -> None:
    message = a_message(status=Status.UNCONFIRMED, wamid=None)
    told = webhooks.status("wamid.9", DELIVERED, biz_opaque_callback_data=str(message.reference))
    receive_statuses(told)
    assert (now(message).status, now(message).wamid) == (DELIVERED, "wamid.9")


def test_a_status_of_an_earlier_attempt_does_not_touch_a_later_one() -> None:
    message = a_message(wamid="wamid.second")
    told = webhooks.status("wamid.first", READ, biz_opaque_callback_data=str(message.reference))
    receive_statuses(told)
    assert now(message).status == Status.SENDING


def test_a_status_before_its_message_is_kept_and_matched_later() -> None:
    receive_statuses(webhooks.status("wamid.1", READ), webhooks.status("wamid.1", SENT))
    assert intake.match_early_statuses() == 0
    message = a_message()
    assert intake.match_early_statuses() == 2
    assert now(message).status == READ
    assert not EarlyStatus.objects.exists()


def test_a_failure_that_came_early_keeps_its_reason() -> None:
    receive_statuses(webhooks.status("wamid.1", "failed", errors=failure(131026)))
    message = a_message()
    intake.match_early_statuses()
    assert (now(message).status, now(message).error_code) == ("failed", 131026)


def test_the_same_early_status_twice_is_kept_once() -> None:
    for at in (1, 2):
        receive_statuses(webhooks.status("wamid.unknown", SENT, at=1700000000 + at))
    assert EarlyStatus.objects.count() == 1


@pytest.mark.parametrize("reference", ["outbox:12", "adadbb9c-c90f-4a2a-abc6-a461031faee5", ""])
def test_statuses_of_other_apps_change_nothing(reference: str) -> None:
    message = a_message()
    receive_statuses(webhooks.status("wamid.other", READ, biz_opaque_callback_data=reference))
    assert now(message).status == Status.SENDING


@pytest.mark.parametrize("name", ["deleted", "warning", "beamed"])
def test_statuses_of_unknown_kinds_change_nothing(name: str) -> None:
    message = a_message()
    receive_statuses(webhooks.status("wamid.1", name))
    assert now(message).status == Status.SENDING


def test_a_status_never_touches_what_the_customer_wrote() -> None:
    thread = a_thread()
    inbound = an_inbound(thread, wamid="wamid.in")
    receive_statuses(webhooks.status("wamid.in", READ))
    assert now(inbound).status == Status.RECEIVED
