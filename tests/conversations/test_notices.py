"""What staff must look at, said once."""

from datetime import timedelta

import pytest

from conversations import clock, notices, takeover
from conversations.models import Notice, Thread
from tests.factories import a_thread, an_agent

pytestmark = pytest.mark.django_db


def open_notices() -> list[Notice]:
    return list(Notice.objects.filter(ended_at=None))


def who_waits(minutes: int) -> Thread:
    since = clock.now() - timedelta(minutes=minutes)
    thread = a_thread(mode="waiting")
    Thread.objects.filter(pk=thread.pk).update(waiting_since=since)
    return thread


def test_the_same_thing_is_said_once_until_it_is_over() -> None:
    for _ in range(2):
        notices.raise_notice("number:1", level=Notice.Level.ALARM, text="The number is blocked.")
    assert len(open_notices()) == 1
    notices.end("number:1")
    assert open_notices() == []
    notices.raise_notice("number:1", level=Notice.Level.ALARM, text="The number is blocked.")
    assert len(open_notices()) == 1


def test_what_has_become_worse_is_said_in_the_place_of_what_it_was() -> None:
    notices.raise_notice("template:1", level=Notice.Level.WARNING, text="It is paused.")
    notices.raise_notice("template:1", level=Notice.Level.ALARM, text="It is disabled.")
    (notice,) = open_notices()
    assert (notice.level, notice.text) == ("alarm", "It is disabled.")


def test_who_waits_over_fifteen_minutes_for_a_person_raises_one_notice() -> None:
    thread = who_waits(16)
    who_waits(14)
    for _ in range(2):
        notices.watch_the_waiting()
    (notice,) = open_notices()
    assert (notice.thread, notice.level) == (thread, "warning")


def test_what_was_put_aside_on_purpose_raises_none() -> None:
    thread = who_waits(16)
    Thread.objects.filter(pk=thread.pk).update(snoozed_until=clock.now() + timedelta(hours=1))
    notices.watch_the_waiting()
    assert open_notices() == []


def test_it_is_over_when_somebody_has_the_thread() -> None:
    thread = who_waits(16)
    notices.watch_the_waiting()
    takeover.take(thread, by=an_agent())
    notices.watch_the_waiting()
    assert open_notices() == []
