"""What staff send from the phone app: seen in the console, and the assistant goes silent."""

from itertools import permutations
from typing import Any

import pytest

from conversations.models import MediaFile, Message, Thread, ThreadEvent, WebhookEvent
from tests import webhooks
from tests.factories import a_contact, a_thread, an_agent
from tests.intake.samples import NUMBER, THANDI, arrive, changed, speak

ECHOED_AT = 1_749_416_383


def echo(text: str, *, at: int = ECHOED_AT, to: str = THANDI) -> Any:
    said = webhooks.text("27215550100", text, at=at)
    return said | {"to": to}


def from_phone(*echoes: Any) -> WebhookEvent:
    value = webhooks.value(number=NUMBER) | {"message_echoes": list(echoes)}
    return arrive(webhooks.envelope(value, field="smb_message_echoes"))


def the_thread() -> Thread:
    return Thread.objects.get()


def test_it_is_a_message_of_ours_from_the_phone() -> None:
    arrive("smb_message_echoes__text")
    message = Message.objects.get()
    assert (message.direction, message.origin, message.status) == ("out", "phone", "sent")
    assert (message.text, message.wamid) == ("We will call you.", "wamid.echo.text")
    assert message.thread.contact.wa_id == THANDI
    assert the_thread().preview == "We will call you."


def test_the_assistant_is_silent_and_staff_see_that_nobody_is_assigned() -> None:
    speak(webhooks.text(THANDI, "Hello", at=ECHOED_AT - 60))
    assert the_thread().reply_due_at is not None
    arrive("smb_message_echoes__text")
    thread = the_thread()
    assert (thread.mode, thread.assigned_to, thread.reply_due_at) == ("staff", None, None)
    assert ThreadEvent.objects.get().kind == "on_phone"


def test_who_waited_for_a_person_waits_no_more() -> None:
    speak(webhooks.text(THANDI, "Hello", at=ECHOED_AT - 60))
    Thread.objects.update(mode="waiting", reply_due_at=None, waiting_since="2026-01-01T00:00Z")
    arrive("smb_message_echoes__text")
    assert (the_thread().mode, the_thread().waiting_since) == ("staff", None)


def test_whoever_has_the_thread_keeps_it(number: Any) -> None:
    alice = an_agent()
    a_thread(contact=a_contact(wa_id=THANDI), phone_number=number, mode="staff", assigned_to=alice)
    arrive("smb_message_echoes__text")
    assert the_thread().assigned_to == alice
    assert not ThreadEvent.objects.exists()


def test_a_closed_thread_is_open_again(number: Any) -> None:
    a_thread(contact=a_contact(wa_id=THANDI), phone_number=number, is_closed=True)
    arrive("smb_message_echoes__text")
    assert (the_thread().is_closed, the_thread().mode) == (False, "staff")


def test_it_opens_no_window() -> None:
    arrive("smb_message_echoes__text")
    assert (the_thread().window_closes_at, the_thread().last_inbound_at) == (None, None)


def test_what_came_before_it_has_been_read_and_what_came_after_has_not() -> None:
    speak(webhooks.text(THANDI, "before", at=ECHOED_AT - 60))
    speak(webhooks.text(THANDI, "after", at=ECHOED_AT + 60))
    from_phone(echo("We will call you."))
    assert the_thread().unread_count == 1


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_every_order_gives_the_same_thread(order: tuple[int, ...]) -> None:
    said = [
        (speak, webhooks.text(THANDI, "before", at=ECHOED_AT - 60)),
        (from_phone, echo("first")),
        (speak, webhooks.text(THANDI, "between", at=ECHOED_AT + 30)),
        (from_phone, echo("second", at=ECHOED_AT + 60)),
    ]
    for tell, message in (said[place] for place in order):
        tell(message)
    thread = the_thread()
    assert (thread.unread_count, thread.preview, thread.mode) == (0, "second", "staff")
    assert thread.reply_due_at is None


def test_the_statuses_of_it_move_its_ticks() -> None:
    arrive("smb_message_echoes__text", changed("statuses__read", id="wamid.echo.text"))
    assert Message.objects.get().status == "read"


def test_a_file_from_the_phone_is_fetched_too() -> None:
    image = {"id": "1", "mime_type": "image/jpeg", "sha256": "x"}
    from_phone(webhooks.message("27215550100", "image", image, at=ECHOED_AT) | {"to": THANDI})
    assert MediaFile.objects.get().message.origin == "phone"


def test_to_a_customer_without_a_number() -> None:
    from_phone(echo("Hello", to="") | {"to_user_id": "ZA.1"})
    assert the_thread().contact.bsuid == "ZA.1"


@pytest.mark.parametrize("name", ["history__chunk", "smb_app_state_sync__added"])
def test_the_phones_history_and_address_book_are_kept_raw_only(name: str) -> None:
    event = arrive(name)
    assert event.processed_at is not None
    assert not Message.objects.exists()
