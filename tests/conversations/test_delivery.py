"""Rows to Meta: order, rate, refusals, doubts, and two at once."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from conversations import clock, consent, delivery, failures, notices
from conversations.delivery.claiming import claim
from conversations.delivery.posting import post
from conversations.delivery.recording import record
from conversations.models import Contact, Message, Notice, PhoneNumber, Thread
from tests.cloud_api_server import DROP, CloudApiServer, Step, refusal
from tests.factories import (
    a_contact,
    a_phone_number,
    a_template,
    a_thread,
    an_agent,
    an_inbound,
    an_outbound,
)

pytestmark = pytest.mark.django_db(transaction=True)

Status = Message.Status


def an_open_thread(**fields: Any) -> Thread:
    thread = a_thread(**fields)
    an_inbound(thread)
    return thread


def queued(thread: Thread, text: str = "Hello", **fields: Any) -> Message:
    return an_outbound(thread, text, status=Status.QUEUED, **fields)


def reloaded(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


@pytest.fixture
def pump(meta: CloudApiServer) -> Iterator[delivery.Pump]:
    """A pump at work, in a thread as in dispatch."""
    running = delivery.Pump()

    def run() -> None:
        running.run()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    yield running
    running.stop()
    thread.join(timeout=20)
    assert not thread.is_alive()


def wait_for(condition: Any, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def test_the_head_is_posted_with_our_reference_and_keeps_metas_id(meta: CloudApiServer) -> None:
    message = queued(an_open_thread(contact=a_contact(wa_id="27821234567")), "Good day")
    assert delivery.deliver_thread(message.thread_id) == 1
    (sent,) = meta.sends
    assert (sent["to"], sent["text"]["body"]) == ("+27821234567", "Good day")
    assert sent["biz_opaque_callback_data"] == str(message.reference)
    row = reloaded(message)
    assert row.status == Status.SENDING, "accepted is not yet sent: the webhook tells"
    assert row.wamid
    assert row.accepted_at


def test_a_customer_without_a_number_is_reached_by_the_user_id(meta: CloudApiServer) -> None:
    contact = a_contact(wa_id=None, bsuid="ZA.13491208655302741918")
    delivery.deliver_thread(queued(an_open_thread(contact=contact)).thread_id)
    assert meta.sends[0]["recipient"] == "ZA.13491208655302741918"
    assert "to" not in meta.sends[0]


def test_a_second_call_posts_nothing_more(meta: CloudApiServer) -> None:
    message = queued(an_open_thread())
    assert [delivery.deliver_thread(message.thread_id) for _ in range(3)] == [1, 0, 0]
    assert len(meta.sends) == 1


def test_eight_at_once_post_one_row_once(meta: CloudApiServer) -> None:
    message = queued(an_open_thread())
    start = threading.Barrier(8)

    def deliver() -> None:
        start.wait()
        delivery.deliver_thread(message.thread_id)
        connection.close()

    threads = [threading.Thread(target=deliver) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(meta.sends) == 1


def test_the_next_of_a_thread_waits_until_the_former_is_sent(meta: CloudApiServer) -> None:
    thread = an_open_thread()
    first, second = queued(thread, "one"), queued(thread, "two")
    assert delivery.deliver_thread(thread.pk) == 1
    assert delivery.deliver_thread(thread.pk) == 0
    Message.objects.filter(pk=first.pk).update(status=Status.SENT)
    wait_for(lambda: delivery.deliver_thread(thread.pk) == 1)
    assert [sent["text"]["body"] for sent in meta.sends] == ["one", "two"]
    assert reloaded(second).wamid


def test_the_next_goes_two_seconds_after_the_answer_when_no_status_comes(
    meta: CloudApiServer,
) -> None:
    thread = an_open_thread()
    first, _ = queued(thread, "one"), queued(thread, "two")
    delivery.deliver_thread(thread.pk)
    Message.objects.filter(pk=first.pk).update(accepted_at=timezone.now() - timedelta(seconds=3))
    wait_for(lambda: delivery.deliver_thread(thread.pk) == 1)


def test_a_thread_never_has_two_in_flight_whatever_the_code_does() -> None:
    thread = an_open_thread()
    an_outbound(thread, status=Status.SENDING)
    with pytest.raises(IntegrityError, match="message_one_in_flight_per_thread"):
        an_outbound(thread, status=Status.SENDING)


def test_a_refusal_is_final_and_says_why(meta: CloudApiServer) -> None:
    meta.script([refusal(131026, message="Message undeliverable")])
    message = queued(an_open_thread())
    delivery.deliver_thread(message.thread_id)
    row = reloaded(message)
    assert (row.status, row.error_code) == (Status.FAILED, 131026)
    assert "undeliverable" in row.error_text
    delivery.deliver_thread(message.thread_id)
    assert len(meta.sends) == 1


def test_who_has_stopped_marketing_as_meta_says_is_sent_no_more_of_it(
    meta: CloudApiServer,
) -> None:
    meta.script([refusal(131050)])
    message = queued(an_open_thread())
    delivery.deliver_thread(message.thread_id)
    assert reloaded(message).status == Status.FAILED
    assert consent.withdrawn(Contact.objects.get()) == {"marketing"}


def test_a_refused_answer_of_the_assistant_needs_a_person(meta: CloudApiServer) -> None:
    meta.script([refusal(131026)])
    message = queued(an_open_thread(), origin=Message.Origin.ASSISTANT)
    delivery.deliver_thread(message.thread_id)
    assert Thread.objects.get(pk=message.thread_id).mode == Thread.Mode.WAITING


@pytest.mark.parametrize("code", [130429, 131056, 131016])
def test_a_limit_is_waited_for(meta: CloudApiServer, code: int) -> None:
    meta.script([refusal(code)])
    message = queued(an_open_thread())
    before = timezone.now()
    delivery.deliver_thread(message.thread_id)
    row = reloaded(message)
    assert row.status == Status.QUEUED
    assert row.next_at is not None
    assert row.next_at > before


@pytest.mark.parametrize("code", [130429, 131056, 131048, 131016])
def test_what_passes_by_itself_is_waited_for_however_long_it_lasts(
    meta: CloudApiServer, code: int
) -> None:
    meta.script([refusal(code)])
    message = queued(an_open_thread(), attempts=500)
    delivery.deliver_thread(message.thread_id)
    assert reloaded(message).status == Status.QUEUED


@pytest.mark.parametrize(("code", "attempts"), [(131000, 12), (1, 3), (999999, 5)])
def test_what_may_be_the_messages_own_fault_is_given_up_in_the_end(
    meta: CloudApiServer, code: int, attempts: int
) -> None:
    """Source: Cloud API, error codes: 1 is repeated twice, an unknown one of HTTP 5xx five times
    at most."""
    for made, status in ((attempts - 2, Status.QUEUED), (attempts - 1, Status.FAILED)):
        meta.script([refusal(code, status=500)])
        message = queued(an_open_thread(), attempts=made)
        delivery.deliver_thread(message.thread_id)
        assert reloaded(message).status == status


def test_meta_is_quoted_once(meta: CloudApiServer) -> None:
    meta.script([refusal(999999, message="Moon in the wrong house")])
    message = queued(an_open_thread())
    delivery.deliver_thread(message.thread_id)
    cause = failures.meaning_of(reloaded(message)).cause
    assert cause == "WhatsApp says (code 999999): Moon in the wrong house"


@pytest.mark.parametrize("code", [190, 131042])
def test_a_dead_token_pauses_the_number_and_fails_nothing(meta: CloudApiServer, code: int) -> None:
    meta.script([refusal(code, status=401)])
    thread = an_open_thread()
    first, other = queued(thread), queued(an_open_thread())
    delivery.deliver_thread(first.thread_id)
    assert delivery.deliver_thread(other.thread_id) == 0
    assert {reloaded(first).status, reloaded(other).status} == {Status.QUEUED}
    number = PhoneNumber.objects.get()
    assert Notice.objects.get(ended_at=None).level == Notice.Level.ALARM
    assert number.paused_reason
    assert "demo-token" not in number.paused_reason


def test_a_number_goes_on_when_the_probe_after_the_pause_succeeds(meta: CloudApiServer) -> None:
    number = a_phone_number(paused_reason="dead", paused_until=timezone.now())
    key = f"number:{number.phone_number_id}"
    notices.raise_notice(key, level=Notice.Level.ALARM, text="Nothing is sent at present.")
    delivery.deliver_thread(queued(an_open_thread(phone_number=number)).thread_id)
    number.refresh_from_db()
    assert (number.paused_reason, number.paused_until) == ("", None)
    assert not Notice.objects.filter(ended_at=None).exists()


def test_a_success_on_its_way_before_the_pause_does_not_end_it(meta: CloudApiServer) -> None:
    def pause(_: object) -> None:
        later = timezone.now() + timedelta(seconds=60)
        PhoneNumber.objects.update(paused_reason="The token is dead.", paused_until=later)
        connection.close()

    meta.script([Step(first=pause)])
    delivery.deliver_thread(queued(an_open_thread()).thread_id)
    assert PhoneNumber.objects.get().paused_reason


@pytest.mark.parametrize("step", [DROP, Step(500, b"<html>"), Step(200, b"{}"), Step(200, b"x")])
def test_what_may_have_arrived_is_in_doubt_and_never_repeated(
    meta: CloudApiServer, step: Step
) -> None:
    meta.script([step])
    message = queued(an_open_thread())
    delivery.deliver_thread(message.thread_id)
    assert reloaded(message).status == Status.UNCONFIRMED
    assert Thread.objects.get(pk=message.thread_id).mode == Thread.Mode.WAITING
    delivery.give_up_on_the_dead()
    delivery.deliver_thread(message.thread_id)
    assert len(meta.sends) == 1


def test_a_connection_that_was_never_made_is_tried_again(settings: Any) -> None:
    settings.GRAPH_API_URL = "http://127.0.0.1:9"
    message = queued(an_open_thread())
    delivery.deliver_thread(message.thread_id)
    assert reloaded(message).status == Status.QUEUED


def test_an_outcome_that_is_written_down_late_leaves_the_next_attempt_alone(
    settings: Any,
) -> None:
    settings.GRAPH_API_URL = "http://127.0.0.1:1"
    message = queued(an_open_thread())
    (first,) = claim()
    never_left = post(first)
    record([never_left])
    Message.objects.update(next_at=timezone.now())
    (second,) = claim()  # by another process, which posts it now
    record([never_left])  # the answer to the first COMMIT was lost, so it is written again
    assert reloaded(message).status == Status.SENDING
    assert second.attempts == 2


def test_one_more_look_at_the_window_before_the_post(meta: CloudApiServer) -> None:
    message = queued(an_open_thread())
    Thread.objects.update(window_closes_at=clock.now() + timedelta(seconds=59))
    delivery.deliver_thread(message.thread_id)
    row = reloaded(message)
    assert (row.status, row.error_code, meta.sends) == (Status.FAILED, 131047, [])


def test_an_answer_that_came_too_late_needs_a_person(meta: CloudApiServer) -> None:
    message = queued(an_open_thread(), origin=Message.Origin.ASSISTANT)
    Thread.objects.update(window_closes_at=clock.now() + timedelta(seconds=59))
    delivery.deliver_thread(message.thread_id)
    assert Thread.objects.get(pk=message.thread_id).mode == Thread.Mode.WAITING


def test_who_is_blocked_meanwhile_gets_nothing_more(meta: CloudApiServer) -> None:
    message = queued(an_open_thread())
    Contact.objects.update(is_blocked=True)
    delivery.deliver_thread(message.thread_id)
    row = reloaded(message)
    assert (row.status, row.error_code, meta.sends) == (Status.FAILED, 130403, [])


def test_a_template_leaves_with_the_window_shut(meta: CloudApiServer) -> None:
    a_template()
    thread = a_thread()
    wire = {"type": "template", "template": {"name": "x", "language": {"code": "en_ZA"}}}
    queued(thread, kind="template", content=wire)
    assert delivery.deliver_thread(thread.pk) == 1


@pytest.mark.parametrize(
    ("category", "withdrawn", "status"),
    [
        ("MARKETING", consent.Purpose.MARKETING, Status.FAILED),
        ("UTILITY", consent.Purpose.MARKETING, Status.SENDING),
        ("UTILITY", consent.Purpose.SERVICE, Status.FAILED),
    ],
)
def test_who_says_stop_meanwhile_gets_no_template_any_more(
    meta: CloudApiServer, category: str, withdrawn: consent.Purpose, status: Message.Status
) -> None:
    a_template(name="spring", category=category)
    wire = {"type": "template", "template": {"name": "spring", "language": {"code": "en_ZA"}}}
    thread = an_open_thread()
    message = queued(thread, kind="template", content=wire)
    consent.withdraw(thread.contact, (withdrawn,), at=clock.now(), source="test")
    delivery.deliver_thread(thread.pk)
    assert reloaded(message).status == status
    assert len(meta.sends) == (status == Status.SENDING)


def test_what_a_template_is_for_is_told_by_its_own_account(meta: CloudApiServer) -> None:
    a_template(name="spring", category="UTILITY", waba_id="another")
    a_template(name="spring", category="MARKETING", waba_id="ours")
    wire = {"type": "template", "template": {"name": "spring", "language": {"code": "en_ZA"}}}
    thread = an_open_thread(phone_number=a_phone_number(waba_id="ours"))
    message = queued(thread, kind="template", content=wire)
    purposes = (consent.Purpose.MARKETING,)
    consent.withdraw(thread.contact, purposes, at=clock.now(), source="test")
    delivery.deliver_thread(thread.pk)
    assert reloaded(message).status == Status.FAILED


def test_who_died_over_a_message_leaves_it_in_doubt(meta: CloudApiServer) -> None:
    thread = an_open_thread()
    dead = an_outbound(thread, status=Status.SENDING)
    Message.objects.filter(pk=dead.pk).update(claimed_at=timezone.now() - timedelta(seconds=61))
    alive = an_outbound(an_open_thread(), status=Status.SENDING)
    assert delivery.give_up_on_the_dead() == 1
    assert (reloaded(dead).status, reloaded(alive).status) == ("unconfirmed", "sending")
    assert Thread.objects.get(pk=thread.pk).mode == Thread.Mode.WAITING


def test_who_was_only_taken_for_dead_leaves_no_doubt(meta: CloudApiServer) -> None:
    message = queued(an_open_thread())
    outcome = post(claim()[0])
    Message.objects.update(claimed_at=timezone.now() - timedelta(seconds=61))
    delivery.give_up_on_the_dead()  # the database was away until now
    record([outcome])
    row = reloaded(message)
    assert (row.status, row.error_text) == (Status.SENDING, "")
    assert row.wamid


def test_a_person_settles_a_doubt_once() -> None:
    message = an_outbound(an_open_thread(), status=Status.UNCONFIRMED)
    alice = an_agent()
    assert delivery.confirm_arrival(message, by=alice)
    assert not delivery.confirm_arrival(message, by=alice)
    assert reloaded(message).status == Status.SENT


def test_the_pump_posts_many_threads_and_keeps_the_order_of_each(
    meta: CloudApiServer, pump: delivery.Pump
) -> None:
    PhoneNumber.objects.update(messages_per_second=1000)
    threads = [an_open_thread() for _ in range(5)]
    for text in ("one", "two"):
        for thread in threads:
            queued(thread, text)
    first = {thread.contact.wa_id for thread in threads}
    wait_for(lambda: len(meta.sends) == 5)
    assert {sent["to"].lstrip("+") for sent in meta.sends} == first
    Message.objects.filter(status=Status.SENDING).exclude(wamid=None).update(status=Status.SENT)
    wait_for(lambda: len(meta.sends) == 10)
    assert {sent["text"]["body"] for sent in meta.sends[:5]} == {"one"}


def test_the_pump_keeps_the_numbers_rate(meta: CloudApiServer, pump: delivery.Pump) -> None:
    a_phone_number(messages_per_second=20)
    number = PhoneNumber.objects.get()
    began = time.monotonic()
    for _ in range(20):
        queued(an_open_thread(phone_number=number))
    wait_for(lambda: len(meta.sends) == 20)
    assert time.monotonic() - began > 0.85, "20 at 20 a second take 19 gaps of 50 ms"


def test_each_row_leaves_when_its_own_slot_begins_and_not_before(meta: CloudApiServer) -> None:
    number = a_phone_number(messages_per_second=20)
    for _ in range(3):
        queued(an_open_thread(phone_number=number))
    first, second = claim()
    assert second.leaves_at - first.leaves_at == pytest.approx(1 / 20)
    assert post(second).accepted
    assert time.monotonic() >= second.leaves_at


@pytest.mark.parametrize("waiting", [0, 1])
def test_a_number_with_much_to_send_leaves_room_for_another(waiting: int) -> None:
    numbers = [a_phone_number(messages_per_second=1000) for _ in range(2)]
    for number, seconds in zip(numbers, (0, 60) if waiting else (60, 0), strict=True):
        used = timezone.now() - timedelta(seconds=seconds)
        PhoneNumber.objects.filter(pk=number.pk).update(next_slot_at=used)
        queued(an_open_thread(phone_number=number))
    (first,) = claim(most=1)
    assert first.phone_number_id == numbers[waiting].phone_number_id


def test_the_pump_outlives_what_nobody_thought_of(
    meta: CloudApiServer, pump: delivery.Pump, caplog: pytest.LogCaptureFixture
) -> None:
    number = a_phone_number(messages_per_second=float("inf"))  # the constraint lets it pass
    message = queued(an_open_thread(phone_number=number))
    wait_for(lambda: "OverflowError" in caplog.text)
    PhoneNumber.objects.update(messages_per_second=76)
    wait_for(lambda: reloaded(message).wamid)


def test_an_answer_that_no_row_can_hold_holds_up_no_other(
    meta: CloudApiServer, pump: delivery.Pump, caplog: pytest.LogCaptureFixture
) -> None:
    """Meta gives the id of a message that is here already: the one it answers is left in doubt."""
    an_outbound(an_open_thread(), wamid="wamid.KNOWN")
    same = json.dumps({"messages": [{"id": "wamid.KNOWN"}]}).encode()
    meta.script([Step(body=same)])
    odd = queued(an_open_thread())
    wait_for(lambda: "cannot be written down" in caplog.text)
    neighbours = [queued(an_open_thread()) for _ in range(3)]
    wait_for(lambda: all(reloaded(one).wamid for one in neighbours))
    assert len(meta.sends) == 4
    Message.objects.filter(pk=odd.pk).update(claimed_at=timezone.now() - timedelta(seconds=61))
    delivery.give_up_on_the_dead()
    assert reloaded(odd).status == Status.UNCONFIRMED


def test_a_reply_passes_a_campaign(meta: CloudApiServer) -> None:
    a_phone_number(messages_per_second=1)
    number = PhoneNumber.objects.get()
    for _ in range(3):
        queued(an_open_thread(phone_number=number), "campaign", priority=5)
    queued(an_open_thread(phone_number=number), "reply")
    (first,) = claim()
    assert first.wire["text"]["body"] == "reply"


def test_one_customer_gets_a_burst_of_45_and_then_one_each_six_seconds(
    meta: CloudApiServer,
) -> None:
    thread, other = an_open_thread(), an_open_thread()
    PhoneNumber.objects.update(messages_per_second=10_000)
    Thread.objects.filter(pk=thread.pk).update(pair_tokens=1.5, pair_refilled_at=timezone.now())

    def one_more() -> int:
        queued(thread, origin=Message.Origin.STAFF)
        sent = delivery.deliver_thread(thread.pk)
        Message.objects.filter(status=Status.SENDING).update(status=Status.SENT)
        return sent

    assert one_more() == 1
    assert one_more() == 0, "the bucket is empty"
    queued(other)
    assert delivery.deliver_thread(other.pk) == 1, "others do not wait for it"
    six_seconds_ago = timezone.now() - timedelta(seconds=6)
    Thread.objects.filter(pk=thread.pk).update(pair_refilled_at=six_seconds_ago)
    assert delivery.deliver_thread(thread.pk) == 1


def test_a_bucket_holds_45_at_most(meta: CloudApiServer) -> None:
    thread = an_open_thread()
    long_ago = timezone.now() - timedelta(days=2)
    Thread.objects.filter(pk=thread.pk).update(pair_tokens=30, pair_refilled_at=long_ago)
    queued(thread)
    delivery.deliver_thread(thread.pk)
    thread.refresh_from_db()
    assert thread.pair_tokens == 44
