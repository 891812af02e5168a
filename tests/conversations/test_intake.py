"""Stored events become rows: once, in any order, and one bad item holds up nobody."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from conversations import clock, intake
from conversations.models import Change, Contact, Message, PhoneNumber, Thread, WebhookEvent
from tests import webhooks
from tests.factories import a_phone_number, an_agent
from tests.webhooks import NUMBER, envelope, post, receive, value

pytestmark = pytest.mark.django_db

THANDI = "27821234567"
SIPHO = "27827654321"


@pytest.fixture(autouse=True)
def number() -> PhoneNumber:
    return a_phone_number(phone_number_id=NUMBER)


def the_event() -> WebhookEvent:
    return WebhookEvent.objects.get()


def test_a_text_is_a_message_of_its_thread_with_its_intent() -> None:
    receive(webhooks.text(THANDI, "How much do I still owe on my invoice?"))
    message = Message.objects.get()
    assert (message.kind, message.text) == ("text", "How much do I still owe on my invoice?")
    assert message.content["text"]["body"] == message.text
    assert message.intent == "invoice"
    contact = message.thread.contact
    assert (contact.wa_id, contact.name) == (THANDI, "Thandi Nkosi")
    assert the_event().processed_at is not None


def test_the_thread_opens_its_window_and_owes_a_reply_after_the_quiet_period() -> None:
    receive(webhooks.text(THANDI, "Hello"))
    thread, now = Thread.objects.get(), timezone.now()
    message = Message.objects.get()
    assert (thread.preview, thread.unread_count, thread.mode) == ("Hello", 1, "bot")
    assert thread.window_closes_at == message.sent_at + timedelta(hours=24)
    assert thread.reply_due_at is not None
    assert timedelta(seconds=1) < thread.reply_due_at - now < timedelta(seconds=2)


def test_a_message_from_the_future_counts_as_of_now() -> None:
    ahead = int((timezone.now() + timedelta(days=3)).timestamp())
    receive(webhooks.text(THANDI, "Hello", at=ahead))
    thread, soon = Thread.objects.get(), timezone.now() + timedelta(seconds=1)
    assert thread.last_inbound_at is not None
    assert thread.last_inbound_at < soon
    assert thread.last_message_at is not None
    assert thread.last_message_at < soon
    assert thread.window_closes_at is not None
    assert thread.window_closes_at < soon + timedelta(hours=24)


def test_open_inboxes_hear_of_it() -> None:
    receive(webhooks.text(THANDI, "Hello"))
    change = Change.objects.get()
    assert (change.thread, change.message) == (Thread.objects.get(), Message.objects.get())


def test_a_burst_is_answered_late_but_not_later_than_ten_seconds() -> None:
    receive(webhooks.text(THANDI, "Hi"))
    Thread.objects.update(reply_due_at_latest=timezone.now() + timedelta(seconds=0.2))
    receive(webhooks.text(THANDI, "are you there?"))
    thread = Thread.objects.get()
    assert thread.reply_due_at == thread.reply_due_at_latest


def test_the_same_message_in_two_webhooks_is_kept_once() -> None:
    message = webhooks.text(THANDI, "Hello")
    receive(message)
    receive(message, webhooks.text(THANDI, "Hello again"))
    assert Message.objects.count() == 2
    assert Thread.objects.get().unread_count == 2


def test_the_same_message_twice_in_one_webhook_is_kept_once() -> None:
    message = webhooks.text(THANDI, "Hello")
    receive(message, message)
    assert Message.objects.count() == 1


def test_two_numbers_of_ours_are_two_threads_of_one_contact() -> None:
    a_phone_number(phone_number_id="other")
    one = value(messages=[webhooks.text(THANDI, "Hello shop")])
    two = value(messages=[webhooks.text(THANDI, "Hello workshop")], number="other")
    post(envelope(one, two))
    intake.drain()
    assert (Contact.objects.count(), Thread.objects.count()) == (1, 2)


def test_names_belong_to_their_numbers_not_to_their_place_in_the_list() -> None:
    names = {THANDI: "Thandi", SIPHO: "Sipho"}
    receive(webhooks.text(SIPHO, "Sipho here"), webhooks.text(THANDI, "Thandi"), names=names)
    found = dict(Contact.objects.values_list("wa_id", "name"))
    assert found == names


def test_a_message_that_is_hours_late_counts_from_its_own_time() -> None:
    late = clock.now() - timedelta(hours=3)
    receive(webhooks.text(THANDI, "Hello", at=int(late.timestamp())))
    closes_at = Thread.objects.get().window_closes_at
    assert closes_at is not None
    assert closes_at - clock.now() < timedelta(hours=21, minutes=1)


def test_a_late_message_takes_no_preview_away_from_a_newer_one() -> None:
    receive(webhooks.text(THANDI, "new"))
    late = clock.now() - timedelta(hours=3)
    receive(webhooks.text(THANDI, "old", at=int(late.timestamp())))
    thread = Thread.objects.get()
    assert thread.preview == "new"
    assert thread.last_message_at is not None
    assert clock.now() - thread.last_message_at < timedelta(minutes=1)


@pytest.mark.parametrize("mode", ["waiting", "staff"])
def test_what_a_person_has_owes_no_automatic_reply(mode: str) -> None:
    receive(webhooks.text(THANDI, "Hello"))
    assigned = an_agent() if mode == "staff" else None
    Thread.objects.update(
        mode=mode, assigned_to=assigned, reply_due_at=None, reply_due_at_latest=None
    )
    receive(webhooks.text(THANDI, "Anybody there?"))
    thread = Thread.objects.get()
    assert (thread.reply_due_at, thread.unread_count) == (None, 2)


def test_a_closed_thread_is_open_again_when_the_customer_writes() -> None:
    receive(webhooks.text(THANDI, "Hello"))
    Thread.objects.update(is_closed=True)
    receive(webhooks.text(THANDI, "One more thing"))
    assert not Thread.objects.get().is_closed


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("sticker", {"id": "1", "mime_type": "image/webp", "sha256": "x"}),
        ("reaction", {"message_id": "wamid.X", "emoji": "👍"}),
    ],
)
def test_stickers_and_reactions_need_no_answer(kind: str, content: dict[str, Any]) -> None:
    receive(webhooks.message(THANDI, kind, content))
    assert Thread.objects.get().reply_due_at is None


def test_a_reaction_opens_no_window() -> None:
    receive(webhooks.message(THANDI, "reaction", {"message_id": "wamid.X", "emoji": "👍"}))
    assert Thread.objects.get().window_closes_at is None


@pytest.mark.parametrize("kind", ["image", "hologram", "unsupported"])
def test_every_other_type_is_a_row_that_says_what_it_is(kind: str) -> None:
    receive(webhooks.message(THANDI, kind, {"id": "1"}))
    message = Message.objects.get()
    assert message.text
    assert kind in (message.kind, message.content["type"])


@pytest.mark.parametrize(
    ("tap", "kind"),
    [
        (webhooks.button_tap, "button"),
        (webhooks.list_tap, "list"),
        (webhooks.quick_reply, "button"),
    ],
)
def test_what_was_tapped_reads_as_its_title(tap: Any, kind: str) -> None:
    receive(tap(THANDI, "pay_now", "Pay now"))
    message = Message.objects.get()
    assert (message.kind, message.text) == (kind, "Pay now")


def test_a_customer_without_a_number_is_known_by_the_user_id() -> None:
    sender = {"from_user_id": "ZA.134912"}
    said = webhooks.text("", "Hello", **sender)
    change = value(messages=[said])
    change["contacts"] = [{"profile": {"name": "Zoë"}, "user_id": "ZA.134912", "wa_id": ""}]
    post(envelope(change))
    intake.drain()
    contact = Contact.objects.get()
    assert (contact.wa_id, contact.bsuid, contact.name) == (None, "ZA.134912", "Zoë")


def test_an_unknown_number_of_ours_is_kept_and_shown_and_not_guessed() -> None:
    post(envelope(value(messages=[webhooks.text(THANDI, "Hello")], number="404")))
    intake.drain()
    event = the_event()
    assert (event.processed_at, Thread.objects.count()) == (None, 0)
    assert "404" in event.error
    a_phone_number(phone_number_id="404")
    assert intake.process_again(event)
    intake.drain()
    assert the_event().processed_at is not None
    assert Message.objects.get().text == "Hello"


def test_one_bad_item_holds_up_none_of_its_neighbours() -> None:
    good = [webhooks.text(THANDI, f"message {n}") for n in range(9)]
    change = value(messages=[*good[:4], {"type": "text"}, *good[4:]])
    post(envelope(change))
    intake.drain()
    assert Message.objects.count() == 9
    event = the_event()
    assert event.processed_at is None
    assert event.error.count("\n") == 0
    assert "message 1" not in event.error


def test_an_item_the_database_refuses_holds_up_none_of_its_neighbours() -> None:
    post(envelope(value(messages=[webhooks.text("27" * 40, "too long a number")])))
    post(envelope(value(messages=[webhooks.text(THANDI, "Hello")])))
    intake.drain()
    assert [message.text for message in Message.objects.all()] == ["Hello"]
    assert WebhookEvent.objects.filter(processed_at=None).count() == 1


@pytest.mark.parametrize("body", [b"", b"no json", b"[]", b'"x"', b"\xff\xfe"])
def test_what_is_no_webhook_stays_open_with_its_reason(body: bytes) -> None:
    event = WebhookEvent.objects.create(body=body, digest=b"1", next_attempt_at=timezone.now())
    intake.drain()
    event.refresh_from_db()
    assert event.processed_at is None
    assert event.error


def test_an_event_that_fails_is_tried_later_and_at_last_waits_for_a_person() -> None:
    WebhookEvent.objects.create(body=b"no json", digest=b"1", next_attempt_at=timezone.now())
    waits = []
    while the_event().next_attempt_at:
        WebhookEvent.objects.update(next_attempt_at=timezone.now())
        intake.drain()
        waits.append(the_event().next_attempt_at is not None)
    assert waits == [True, True, True, True, False]


@pytest.mark.parametrize(
    "webhook",
    [
        {"object": "page", "entry": []},
        {"object": "whatsapp_business_account", "entry": []},
        envelope({"anything": 1}, field="a_field_of_tomorrow"),
    ],
)
def test_what_concerns_nobody_is_done_with(webhook: dict[str, Any]) -> None:
    post(webhook)
    intake.drain()
    assert the_event().processed_at is not None


def test_the_error_of_an_event_never_holds_what_a_customer_said() -> None:
    secret = "my card number is 4111111111111111"
    post(envelope(value(messages=[webhooks.text("27" * 40, secret)])))
    intake.drain()
    assert the_event().error
    assert "4111" not in the_event().error


def test_a_processed_event_is_not_processed_again() -> None:
    receive(webhooks.text(THANDI, "Hello"))
    assert not intake.process_again(the_event())
    assert json.loads(bytes(the_event().body))["object"] == "whatsapp_business_account"
