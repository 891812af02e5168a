"""Putting a thread aside, and how it comes back: at its time, by hand, or by the customer."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from conversations import clock, snoozing, takeover
from conversations.models import Change, Thread, ThreadEvent
from tests.desk.together import together
from tests.factories import a_contact, a_phone_number, a_thread, an_agent
from tests.webhooks import NUMBER, message, receive, text

pytestmark = pytest.mark.django_db


def in_hours(hours: float) -> datetime:
    return clock.now() + timedelta(hours=hours)


def test_it_is_put_aside_and_stays_with_whom_it_was() -> None:
    thread, alice = a_thread(), an_agent()
    takeover.take(thread, by=alice)
    until = datetime(2099, 11, 23, 7, tzinfo=UTC)
    assert snoozing.snooze(thread, until=until, by=alice)
    thread.refresh_from_db()
    assert (thread.snoozed_until, thread.mode, thread.assigned_to) == (until, "staff", alice)
    event = thread.events.latest("pk")
    assert (event.kind, event.by) == ("snoozed", alice)
    assert event.reason == "until Monday 23 November, 09:00"


def test_what_the_assistant_owes_is_still_owed() -> None:
    thread = a_thread(reply_due_at=clock.now())
    snoozing.snooze(thread, until=in_hours(1), by=an_agent())
    thread.refresh_from_db()
    assert thread.reply_due_at is not None


def test_the_same_time_twice_changes_nothing_and_another_replaces_it() -> None:
    thread, alice, until = a_thread(), an_agent(), in_hours(1)
    assert snoozing.snooze(thread, until=until, by=alice)
    assert not snoozing.snooze(thread, until=until, by=alice)
    assert snoozing.snooze(thread, until=in_hours(2), by=alice)
    assert thread.events.count() == 2


def test_a_time_that_is_over_is_refused() -> None:
    thread = a_thread()
    with pytest.raises(snoozing.NotSnoozed, match="choose a later one"):
        snoozing.snooze(thread, until=in_hours(-0.001), by=an_agent())
    assert not thread.events.exists()


def test_a_closed_thread_is_refused() -> None:
    with pytest.raises(snoozing.NotSnoozed, match="closed"):
        snoozing.snooze(a_thread(is_closed=True), until=in_hours(1), by=an_agent())


def test_what_a_colleague_has_is_left_alone_unless_it_is_meant() -> None:
    thread, alice = a_thread(), an_agent()
    takeover.take(thread, by=an_agent("kim"))
    with pytest.raises(takeover.AlreadyTaken, match="Kim"):
        snoozing.snooze(thread, until=in_hours(1), by=alice)
    assert snoozing.snooze(thread, until=in_hours(1), by=alice, from_person=True)


def test_it_comes_back_by_hand_once() -> None:
    thread, alice = a_thread(), an_agent()
    snoozing.snooze(thread, until=in_hours(1), by=alice)
    assert snoozing.wake(thread, by=alice)
    assert not snoozing.wake(thread, by=alice)
    thread.refresh_from_db()
    assert thread.snoozed_until is None


def test_only_what_is_due_comes_back_and_open_inboxes_are_told() -> None:
    due, later = a_thread(snoozed_until=in_hours(-1)), a_thread(snoozed_until=in_hours(1))
    assert snoozing.wake_snoozed() == 1
    assert snoozing.wake_snoozed() == 0
    assert list(Thread.objects.filter(snoozed_until=None)) == [due]
    assert list(Change.objects.values_list("thread", flat=True)) == [due.pk]
    event = ThreadEvent.objects.get()
    assert (event.kind, event.by, event.thread) == ("woken", None, due)
    assert later.pk != due.pk


def test_closing_and_handing_back_end_it() -> None:
    alice = an_agent()
    for act in (takeover.close, takeover.release, takeover.take):
        thread = a_thread(mode="waiting", snoozed_until=in_hours(1))
        act(thread, by=alice)
        thread.refresh_from_db()
        assert thread.snoozed_until is None


def test_what_the_customer_writes_brings_it_back_and_a_reaction_does_not() -> None:
    number = a_phone_number(phone_number_id=NUMBER)
    thandi = a_contact(wa_id="27821234567")
    thread = a_thread(contact=thandi, phone_number=number, snoozed_until=in_hours(1))
    thumb = {"message_id": "wamid.X", "emoji": "👍"}
    receive(message("27821234567", "reaction", thumb))
    thread.refresh_from_db()
    assert thread.snoozed_until is not None
    receive(text("27821234567", "Hello?"))
    thread.refresh_from_db()
    assert thread.snoozed_until is None


@pytest.mark.django_db(transaction=True)
def test_two_loops_at_once_wake_each_once() -> None:
    for _ in range(5):
        a_thread(snoozed_until=in_hours(-1))
    results = together(*[partial(snoozing.wake_snoozed) for _ in range(3)])
    assert sum(one for one in results if isinstance(one, int)) == 5
    assert ThreadEvent.objects.count() == 5
