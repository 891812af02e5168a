"""Every act that other systems hear of, announced in the transaction of its cause."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations import delivery, intake, merging, pipeline, sending, takeover
from conversations.models import Announcement, Message, PhoneNumber, Thread
from conversations.whatsapp.content import Text
from tests import webhooks
from tests.announcements import reading
from tests.billing.rows import an_account, an_invoice
from tests.factories import (
    a_contact,
    a_phone_number,
    a_template,
    a_thread,
    an_agent,
    an_inbound,
    an_outbound,
)

pytestmark = pytest.mark.django_db

THANDI = "27821234567"
OURS = Message.Status


@pytest.fixture(autouse=True)
def number(db: None) -> PhoneNumber:
    return a_phone_number(phone_number_id=webhooks.NUMBER)


@pytest.fixture
def alice(db: None) -> User:
    return an_agent()


@pytest.fixture
def thread(number: PhoneNumber) -> Thread:
    return a_thread(contact=a_contact(wa_id=THANDI), last_inbound_at=timezone.now())


def test_a_message_of_a_customer_is_announced_with_ids_and_without_its_words() -> None:
    webhooks.receive(webhooks.text(THANDI, "My secret is 4711"))
    message = Message.objects.get()
    (payload,) = reading.payloads("message.received")
    assert payload == {
        "message": message.pk,
        "reference": str(message.reference),
        "thread": message.thread_id,
        "contact": message.thread.contact_id,
        "direction": "in",
        "origin": "customer",
        "kind": "text",
        "status": "received",
        "error_code": None,
        "sent_at": message.sent_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }
    assert "4711" not in str(reading.everything())


def test_the_same_webhook_twice_is_announced_once() -> None:
    said = webhooks.text(THANDI, "Hello")
    webhooks.receive(said)
    webhooks.receive(said, names={THANDI: "Another body"})
    assert reading.types() == ["message.received"]


def test_each_status_is_announced_by_itself_though_they_come_together(thread: Thread) -> None:
    message = an_outbound(thread, status=OURS.SENDING, wamid="wamid.1")
    told = [webhooks.status("wamid.1", name) for name in ("sent", "delivered", "delivered", "read")]
    webhooks.receive_statuses(*told)
    assert [(one.type, one.payload["status"]) for one in reading.everything()] == [
        ("message.status_changed", "sent"),
        ("message.status_changed", "delivered"),
        ("message.status_changed", "read"),
    ]
    assert {one.payload["message"] for one in reading.everything()} == {message.pk}


def test_a_failure_is_announced_with_its_code_before_the_hand_over(thread: Thread) -> None:
    question = an_inbound(thread)
    an_outbound(
        thread,
        status=OURS.SENDING,
        wamid="wamid.1",
        origin=Message.Origin.ASSISTANT,
        in_reply_to=question,
    )
    webhooks.receive_statuses(webhooks.status("wamid.1", "failed", errors=webhooks.failure(131026)))
    assert reading.types() == ["message.failed", "thread.handed_over"]
    assert reading.payloads()[0]["error_code"] == 131026


def test_a_status_that_came_before_its_message_is_announced_when_it_is_known(
    thread: Thread,
) -> None:
    webhooks.receive_statuses(*(webhooks.status("wamid.1", name) for name in ("read", "sent")))
    assert reading.types() == []
    an_outbound(thread, status=OURS.SENDING, wamid="wamid.1")
    intake.match_early_statuses()
    assert [one["status"] for one in reading.payloads()] == ["sent", "read"]


def test_a_message_in_doubt_is_announced_and_so_is_what_a_person_says(
    thread: Thread, alice: User
) -> None:
    long_ago = timezone.now() - delivery.doubts.DEAD_AFTER * 2
    message = an_outbound(thread, status=OURS.SENDING, claimed_at=long_ago)
    delivery.give_up_on_the_dead()
    delivery.confirm_arrival(message, by=alice)
    told = [one for one in reading.everything() if one.type.startswith("message.")]
    assert [(one.type, one.payload["status"]) for one in told] == [
        ("message.unconfirmed", "unconfirmed"),
        ("message.status_changed", "sent"),
    ]


def test_a_message_that_could_not_leave_in_time_is_announced_as_failed(thread: Thread) -> None:
    (message,) = sending.send(thread, Text("Hi"), origin=Message.Origin.STAFF)
    Thread.objects.update(window_closes_at=timezone.now())
    delivery.deliver_thread(thread.pk)
    (payload,) = reading.payloads("message.failed")
    assert (payload["message"], payload["error_code"]) == (message.pk, 131047)


def test_every_move_of_a_thread_is_announced_with_what_it_is_then(
    thread: Thread, alice: User
) -> None:
    other = an_agent("anna")
    takeover.hand_over(thread, reason="Wants to talk about R 4711.")
    takeover.take(thread, by=alice)
    takeover.take(thread, by=alice)
    takeover.assign(thread, to=other, by=alice)
    takeover.release(thread, by=other)
    takeover.close(thread, by=alice)
    takeover.reopen(thread, by=alice)
    hers = {"id": alice.pk, "username": "alice"}
    annas = {"id": other.pk, "username": "anna"}
    told = [
        (one.type, one.payload["mode"], one.payload["assigned_to"], one.payload["by"])
        for one in reading.everything()
    ]
    assert told == [
        ("thread.handed_over", "waiting", None, None),
        ("thread.taken", "staff", hers, hers),
        ("thread.assigned", "staff", annas, hers),
        ("thread.released", "bot", None, annas),
        ("thread.closed", "bot", None, hers),
        ("thread.reopened", "bot", None, hers),
    ]
    assert "4711" not in str(reading.everything()), "the reason may be the customer's words"


def test_a_thread_given_to_a_group_says_to_which(thread: Thread, alice: User) -> None:
    group = Group.objects.get(name="Agent")
    takeover.assign_to_group(thread, group=group, by=alice)
    (payload,) = reading.payloads("thread.assigned")
    assert (payload["mode"], payload["assigned_group"]) == ("waiting", "Agent")


def test_a_customer_who_writes_again_reopens_the_thread_once(thread: Thread, alice: User) -> None:
    takeover.close(thread, by=alice)
    webhooks.receive(webhooks.text(THANDI, "One more thing"), webhooks.text(THANDI, "and another"))
    assert sorted(reading.types()) == [
        "message.received",
        "message.received",
        "thread.closed",
        "thread.reopened",
    ]
    (payload,) = reading.payloads("thread.reopened")
    assert (payload["thread"], payload["is_closed"]) == (thread.pk, False)


def test_somebody_who_answers_from_the_phone_takes_the_thread(thread: Thread) -> None:
    echo = webhooks.text("27215550100", "We call you") | {"to": THANDI}
    value = webhooks.value() | {"message_echoes": [echo]}
    webhooks.post(webhooks.envelope(value, field="smb_message_echoes"))
    intake.drain()
    assert sorted(reading.types()) == ["message.status_changed", "thread.taken"]
    assert reading.payloads("message.status_changed")[0]["origin"] == "phone"


def test_two_who_are_one_are_announced_with_what_is_gone(
    thread: Thread, number: PhoneNumber, alice: User
) -> None:
    other = a_thread(contact=a_contact("Thandi M"), phone_number=number)
    merging.merge(other.contact, thread.contact, by=alice)
    (contact,) = reading.payloads("contact.merged")
    assert contact == {"contact": thread.contact_id, "former": other.contact_id}
    (joined,) = reading.payloads("thread.merged")
    assert (joined["thread"], joined["former"]) == (thread.pk, other.pk)


@pytest.mark.parametrize(
    ("field", "news", "expected"),
    [
        ("message_template_status_update", {"event": "PAUSED"}, {"status": "PAUSED"}),
        (
            "message_template_quality_update",
            {"previous_quality_score": "GREEN", "new_quality_score": "RED"},
            {"quality": "RED"},
        ),
        (
            "template_category_update",
            {"previous_category": "UTILITY", "new_category": "MARKETING"},
            {"category": "MARKETING"},
        ),
    ],
)
def test_a_template_that_changed_is_announced_once_though_meta_tells_it_twice(
    field: str, news: dict[str, Any], expected: dict[str, Any]
) -> None:
    template = a_template(template_id="77", waba_id="200000000000001")
    about = {
        "message_template_id": 77,
        "message_template_name": template.name,
        "message_template_language": template.language,
    }
    for turn in range(2):
        webhooks.post(webhooks.envelope(about | news | {"turn": turn}, field=field))
        intake.drain()
    (payload,) = reading.payloads("template.changed")
    assert payload.items() >= {"template": template.pk, **expected}.items()


def test_who_asks_for_invoices_is_announced_when_the_answer_goes_out(thread: Thread) -> None:
    account = an_account(thread.contact)
    invoice = an_invoice(account)
    webhooks.receive(webhooks.button_tap(THANDI, "view_invoices", "View invoices"))
    Thread.objects.update(reply_due_at=timezone.now())
    assert pipeline.reply(thread.pk)
    (payload,) = reading.payloads("invoice.asked_for")
    assert payload["thread"] == thread.pk
    assert (payload["asked"], payload["invoice_numbers"]) == ("invoices", [invoice.number])


@pytest.mark.parametrize(
    "said",
    [
        "Why is my invoice so high? How much do I owe?",  # the model's
        "How much do I owe on my invoice? I want to talk to a person",
        "How much do I still owe on my invoice?",  # nothing is open: the model's as well
    ],
)
def test_who_asks_about_invoices_in_words_is_announced_whoever_answers(
    thread: Thread, said: str
) -> None:
    webhooks.receive(webhooks.text(THANDI, said))
    Thread.objects.update(reply_due_at=timezone.now())
    assert pipeline.reply(thread.pk)
    (payload,) = reading.payloads("invoice.asked_for")
    assert (payload["thread"], payload["asked"]) == (thread.pk, "overview")


def test_other_questions_are_not_announced_as_one_about_invoices(thread: Thread) -> None:
    webhooks.receive(webhooks.text(THANDI, "What time do you open on Saturday?"))
    Thread.objects.update(reply_due_at=timezone.now())
    assert pipeline.reply(thread.pk)
    assert not reading.payloads("invoice.asked_for")


def test_what_is_undone_is_not_announced(thread: Thread, alice: User) -> None:
    with transaction.atomic():
        takeover.take(thread, by=alice)
        transaction.set_rollback(True)
    assert not Announcement.objects.exists()


def statements_of(count: int, thread: Thread) -> int:
    said = [webhooks.text(f"2783{n:07}", f"{count} from {n}") for n in range(count)]
    ours = [an_outbound(thread, status=OURS.SENDING, wamid=f"w.{count}.{n}") for n in range(count)]
    told = [webhooks.status(str(one.wamid), "delivered") for one in ours]
    webhooks.post(webhooks.envelope(webhooks.value(messages=said), webhooks.value(statuses=told)))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        intake.drain()
    return sum("conversations_announcement" in one["sql"] for one in queries)


def test_a_batch_announces_its_messages_in_one_statement_and_its_statuses_in_another(
    thread: Thread,
) -> None:
    assert statements_of(1, thread) == 2
    assert statements_of(30, thread) == 2
    assert Announcement.objects.count() == 62
