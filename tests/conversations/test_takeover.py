"""Who answers a thread."""

import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from conversations import clock, takeover
from conversations.models import Message, Thread
from tests.factories import a_supervisor, a_thread, an_agent, an_inbound, an_outbound

pytestmark = pytest.mark.django_db


def a_thread_that_owes_a_reply() -> Thread:
    now = timezone.now()
    return a_thread(reply_due_at=now, reply_due_at_latest=now, woken_until=now, attempts=2)


def kinds(thread: Thread) -> list[str]:
    return list(thread.events.order_by("id").values_list("kind", flat=True))


def test_taking_makes_it_mine_and_silences_the_assistant() -> None:
    thread, alice = a_thread_that_owes_a_reply(), an_agent()
    takeover.take(thread, by=alice)
    thread.refresh_from_db()
    assert (thread.mode, thread.assigned_to) == ("staff", alice)
    assert (thread.reply_due_at, thread.lease_token, thread.attempts) == (None, None, 0)
    assert kinds(thread) == ["taken"]


def test_taking_twice_changes_nothing() -> None:
    thread, alice = a_thread(), an_agent()
    takeover.take(thread, by=alice)
    takeover.take(thread, by=alice)
    assert kinds(thread) == ["taken"]


def test_who_comes_second_is_told_who_was_first() -> None:
    thread, alice = a_thread(), an_agent()
    takeover.take(thread, by=alice)
    with pytest.raises(takeover.AlreadyTaken, match="Alice") as refused:
        takeover.take(thread, by=an_agent("carol"))
    assert refused.value.by == alice
    thread.refresh_from_db()
    assert thread.assigned_to == alice


def test_taking_from_a_person_must_be_meant() -> None:
    thread, sam = a_thread(), a_supervisor()
    takeover.take(thread, by=an_agent())
    takeover.take(thread, by=sam, from_person=True)
    thread.refresh_from_db()
    assert thread.assigned_to == sam


def test_a_thread_whose_person_is_gone_is_free() -> None:
    thread, carol = a_thread(), an_agent("carol")
    takeover.take(thread, by=carol)
    carol.delete()
    takeover.take(thread, by=an_agent())
    thread.refresh_from_db()
    assert thread.assigned_to is not None


@pytest.mark.django_db(transaction=True)
def test_of_eight_at_once_one_wins() -> None:
    thread = a_thread()
    people = [an_agent(f"agent{n}") for n in range(8)]
    start, refused = threading.Barrier(8), []

    def take(person: User) -> None:
        start.wait()
        try:
            takeover.take(thread, by=person)
        except takeover.AlreadyTaken as told:
            refused.append(told.by)
        connection.close()

    threads = [threading.Thread(target=take, args=[person]) for person in people]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    thread.refresh_from_db()
    assert refused == [thread.assigned_to] * 7
    assert kinds(thread) == ["taken"]


def test_the_assistant_hands_over_with_its_reason() -> None:
    thread = a_thread_that_owes_a_reply()
    assert takeover.hand_over(thread, reason="Asked for a person.")
    thread.refresh_from_db()
    assert (thread.mode, thread.reply_due_at) == ("waiting", None)
    assert thread.waiting_since is not None
    assert thread.events.get().reason == "Asked for a person."


def test_what_a_person_has_is_not_handed_over() -> None:
    thread = a_thread()
    takeover.take(thread, by=an_agent())
    assert not takeover.hand_over(thread, reason="Too late.")
    thread.refresh_from_db()
    assert thread.mode == "staff"


def test_handing_back_frees_it() -> None:
    thread, alice = a_thread(), an_agent()
    takeover.take(thread, by=alice)
    assert takeover.release(thread, by=alice)
    thread.refresh_from_db()
    assert (thread.mode, thread.assigned_to, thread.reply_due_at) == ("bot", None, None)


def test_handing_back_an_unanswered_question_gives_it_to_the_assistant() -> None:
    thread, alice = a_thread(), an_agent()
    takeover.take(thread, by=alice)
    an_inbound(thread, "And what do I owe?")
    takeover.release(thread, by=alice)
    thread.refresh_from_db()
    assert thread.reply_due_at is not None


def test_handing_back_after_a_sticker_owes_nothing() -> None:
    thread, alice = a_thread(), an_agent()
    takeover.take(thread, by=alice)
    an_outbound(thread, "Here it is.")
    an_inbound(thread, "Sticker", kind="sticker")
    takeover.release(thread, by=alice)
    thread.refresh_from_db()
    assert thread.reply_due_at is None


def test_handing_back_after_the_window_shut_owes_nothing() -> None:
    thread, alice = a_thread(), an_agent()
    takeover.take(thread, by=alice)
    an_inbound(thread, "Hello?", sent_at=clock.now() - timedelta(hours=25))
    takeover.release(thread, by=alice)
    thread.refresh_from_db()
    assert thread.reply_due_at is None


def test_a_reminder_meanwhile_hides_no_question() -> None:
    thread, alice = a_thread(), an_agent()
    takeover.take(thread, by=alice)
    an_inbound(thread, "And what do I owe?")
    wire = {"type": "template", "template": {"name": "x", "language": {"code": "en_ZA"}}}
    an_outbound(thread, kind="template", content=wire, origin=Message.Origin.SYSTEM)
    takeover.release(thread, by=alice)
    thread.refresh_from_db()
    assert thread.reply_due_at is not None


def test_handing_back_what_was_answered_owes_nothing() -> None:
    thread, alice = a_thread(), an_agent()
    takeover.take(thread, by=alice)
    an_inbound(thread, "And what do I owe?")
    an_outbound(thread, "Nothing at all.")
    takeover.release(thread, by=alice)
    thread.refresh_from_db()
    assert thread.reply_due_at is None


def test_closing_is_back_to_the_assistant_and_reopening_too() -> None:
    thread, alice = a_thread(), an_agent()
    takeover.take(thread, by=alice)
    assert takeover.close(thread, by=alice)
    assert not takeover.close(thread, by=alice)
    thread.refresh_from_db()
    assert (thread.mode, thread.is_closed, thread.assigned_to) == ("bot", True, None)
    assert takeover.reopen(thread, by=alice)
    thread.refresh_from_db()
    assert not thread.is_closed
    assert kinds(thread) == ["taken", "closed", "reopened"]
