"""The assistant comes back where a person has the thread and says nothing."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from conversations import clock, snoozing, takeover
from conversations.models import Message, Note, Thread, ThreadEvent
from tests.desk.together import together
from tests.factories import a_thread, an_agent, an_inbound, an_outbound

pytestmark = pytest.mark.django_db


def ago(hours: float) -> datetime:
    return clock.now() - timedelta(hours=hours)


def taken_before(hours: float, **fields: Any) -> Thread:
    thread = a_thread(last_inbound_at=ago(hours), **fields)
    takeover.take(thread, by=an_agent(f"agent{thread.pk}"))
    ThreadEvent.objects.filter(thread=thread).update(at=ago(hours))
    return thread


def test_after_twelve_hours_without_a_word_the_assistant_answers() -> None:
    thread = taken_before(13)
    assert takeover.return_after_silence() == 1
    thread.refresh_from_db()
    assert (thread.mode, thread.assigned_to) == ("bot", None)
    event = thread.events.latest("pk")
    assert (event.kind, event.by) == ("released", None)
    assert event.reason == "Nothing was said for 12 hours."


def test_twice_is_once() -> None:
    taken_before(13)
    takeover.return_after_silence()
    assert takeover.return_after_silence() == 0


def test_the_question_that_stands_is_the_assistants_then() -> None:
    thread = taken_before(14)
    an_inbound(thread, "Is anybody there?", sent_at=ago(13))
    takeover.return_after_silence()
    thread.refresh_from_db()
    assert thread.reply_due_at is not None


@pytest.mark.parametrize("hours", [11.9, 0.1])
def test_what_was_taken_lately_stays(hours: float) -> None:
    taken_before(hours)
    assert takeover.return_after_silence() == 0


def test_old_threads_that_were_just_taken_stay() -> None:
    thread = a_thread(last_inbound_at=ago(100))
    takeover.take(thread, by=an_agent())
    assert takeover.return_after_silence() == 0


def says(thread: Thread) -> None:
    an_outbound(thread, sent_at=ago(2))


def hears(thread: Thread) -> None:
    an_inbound(thread, sent_at=ago(2))


def notes(thread: Thread) -> None:
    Note.objects.create(thread=thread, text="I have asked the warehouse.", at=ago(2))


@pytest.mark.parametrize("act", [says, hears, notes])
def test_a_word_breaks_the_silence(act: Any) -> None:
    thread = taken_before(20)
    act(thread)
    assert takeover.return_after_silence() == 0


def test_what_is_put_aside_waits_for_its_time_and_a_while_longer() -> None:
    thread = taken_before(20)
    Thread.objects.filter(pk=thread.pk).update(snoozed_until=clock.now() + timedelta(hours=1))
    assert takeover.return_after_silence() == 0
    Thread.objects.filter(pk=thread.pk).update(snoozed_until=clock.now())
    assert snoozing.wake_snoozed() == 1
    assert takeover.return_after_silence() == 0


def test_what_nobody_has_is_left_alone() -> None:
    waiting, bot = a_thread(mode="waiting"), a_thread()
    Thread.objects.update(last_message_at=ago(20))
    assert takeover.return_after_silence() == 0
    assert {waiting.mode, bot.mode} == {"waiting", "bot"}


def test_what_the_phone_app_answered_comes_back_too() -> None:
    thread = a_thread(mode="staff", last_message_at=ago(13))
    assert takeover.return_after_silence() == 1
    assert not Message.objects.filter(thread=thread).exists()


def test_the_time_is_a_setting_and_none_means_never(settings: Any) -> None:
    taken_before(13)
    settings.STAFF_SILENCE_HOURS = 0
    assert takeover.return_after_silence() == 0
    settings.STAFF_SILENCE_HOURS = 24
    assert takeover.return_after_silence() == 0
    settings.STAFF_SILENCE_HOURS = 1.5
    assert takeover.return_after_silence() == 1
    assert ThreadEvent.objects.latest("pk").reason == "Nothing was said for 1.5 hours."


@pytest.mark.django_db(transaction=True)
def test_two_loops_at_once_bring_each_back_once() -> None:
    threads = [taken_before(13) for _ in range(5)]
    results = together(*[partial(takeover.return_after_silence) for _ in range(3)])
    assert sum(one for one in results if isinstance(one, int)) == 5
    assert ThreadEvent.objects.filter(kind="released").count() == len(threads)
