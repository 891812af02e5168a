"""Which files are due, and how many jobs for them stand in the queue at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import OrmQ

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
    failing = MediaFile.objects.get(pk=first)
    assert waking.claim(failing)
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
    due(thread, 1)
    one, other = MediaFile.objects.get(), MediaFile.objects.get()
    assert [waking.claim(one), waking.claim(other)] == [True, False]


@pytest.mark.parametrize("job", [waking.FETCH, waking.UPLOAD])
def test_the_jobs_are_there(job: str) -> None:
    assert callable(import_string(job))


def test_dispatch_leaves_a_worker_for_replies(thread: Thread) -> None:
    keys = due(thread, 3)
    assert dispatch.wake_due_files() == keys[:1]
    [queued] = OrmQ.objects.all()
    assert (queued.task["func"], queued.task["args"]) == (waking.FETCH, (keys[0],))
