"""Which files are due, and how many jobs for them stand in the queue at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import OrmQ
from pytest_django import Settings

from conversations import dispatch, media
from conversations.media import waking
from conversations.models import MediaFile, Thread
from tests.factories import an_inbound

Woken = list[tuple[str, int]]


def due(thread: Thread, count: int, **fields: object) -> list[int]:
    now = timezone.now()
    rows = [
        MediaFile(
            message=an_inbound(thread), next_at=now - timedelta(seconds=count - place), **fields
        )
        for place in range(count)
    ]
    return [row.pk for row in MediaFile.objects.bulk_create(rows)]


def wake(most: int) -> Woken:
    woken: Woken = []
    media.wake_due(most, lambda job, pk: woken.append((job, pk)))
    return woken


def test_files_that_came_are_fetched_and_files_that_go_are_uploaded(thread: Thread) -> None:
    [fetched] = due(thread, 1)
    [uploaded] = due(thread, 1, file="whatsapp/x")
    assert set(wake(5)) == {
        ("conversations.jobs.fetch_media", fetched),
        ("conversations.jobs.upload_media", uploaded),
    }


def test_the_longest_due_come_first_and_never_more_than_asked_for(thread: Thread) -> None:
    keys = due(thread, 5)
    assert [pk for _, pk in wake(2)] == keys[:2]
    assert wake(2) == []


def test_when_one_is_done_the_next_is_woken(thread: Thread) -> None:
    keys = due(thread, 3)
    wake(2)
    MediaFile.objects.filter(pk=keys[0]).update(state="lost", next_at=None)
    assert [pk for _, pk in wake(2)] == [keys[2]]


def test_one_that_waits_for_its_next_attempt_holds_up_no_other(thread: Thread) -> None:
    first, second = due(thread, 2)
    wake(1)
    failing = waking.claim(first, is_ours=False)
    assert failing
    assert wake(1) == []
    waking.again(failing, timedelta(seconds=60))
    assert [pk for _, pk in wake(1)] == [second]


def test_a_wake_that_was_lost_is_repeated(thread: Thread) -> None:
    [key] = due(thread, 1)
    wake(1)
    a_second_ago = timezone.now() - timedelta(seconds=1)
    MediaFile.objects.update(next_at=a_second_ago, busy_until=a_second_ago)
    assert [pk for _, pk in wake(1)] == [key]


def test_what_is_not_due_or_not_waited_for_is_left_alone(thread: Thread) -> None:
    later = timezone.now() + timedelta(hours=1)
    MediaFile.objects.create(message=an_inbound(thread), next_at=later)
    due(thread, 1, state="lost")
    assert wake(5) == []


def test_of_two_jobs_for_one_file_one_has_it(thread: Thread) -> None:
    [key] = due(thread, 1)
    won = [bool(waking.claim(key, is_ours=False)) for _ in range(2)]
    assert won == [True, False]


def test_who_comes_after_a_clean_end_has_it_again(thread: Thread) -> None:
    [key] = due(thread, 1)
    first = waking.claim(key, is_ours=False)
    assert first
    waking.again(first, timedelta(seconds=1))
    second = waking.claim(key, is_ours=False)
    assert second
    assert (second.attempts, second.died) == (2, 0)


def test_whoever_died_over_it_is_counted_and_the_next_but_one_comes_later(thread: Thread) -> None:
    [key] = due(thread, 1)
    waits = []
    for _ in range(3):
        assert waking.claim(key, is_ours=False)
        row = MediaFile.objects.get()
        assert row.next_at
        waits.append(round((row.next_at - timezone.now()) / waking.LEASE))
        MediaFile.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert (waits, row.died) == ([1, 2, 4], 2)


def test_a_job_has_the_time_that_a_large_file_needs(thread: Thread, settings: Settings) -> None:
    due(thread, 1)
    dispatch.wake_due_files()
    [queued] = OrmQ.objects.all()
    assert queued.task["timeout"] == waking.JOB_SECONDS
    assert waking.LEASE.total_seconds() > waking.JOB_SECONDS + 3  # django-q2 kills so much later
    assert settings.Q_CLUSTER["retry"] > waking.JOB_SECONDS + 3


@pytest.mark.parametrize("job", [waking.FETCH, waking.UPLOAD])
def test_the_jobs_are_there(job: str) -> None:
    assert callable(import_string(job))


def test_dispatch_leaves_a_worker_for_replies(thread: Thread) -> None:
    keys = due(thread, 3)
    assert dispatch.wake_due_files() == keys[:1]
    [queued] = OrmQ.objects.all()
    assert (queued.task["func"], queued.task["args"]) == (waking.FETCH, (keys[0],))
