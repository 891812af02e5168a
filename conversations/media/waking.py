"""Which files are due to be fetched or uploaded: found in the table, never far ahead of workers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from conversations.models import MediaFile

FETCH = "conversations.jobs.fetch_media"
UPLOAD = "conversations.jobs.upload_media"
# Begins what stands in a message until the upload brings Meta's id.
WAITING = "waiting-"

# A wake that is lost is repeated after this.
WAKE = timedelta(seconds=60)
# Above the time that a worker has for a job: who claimed it that long ago is dead.
LEASE = timedelta(seconds=180)


def wake_due(most: int, call: Callable[[str, int], object]) -> list[int]:
    """Call with the job's name and the key of each due file; never more than `most` outstanding.

    A flood of photos waits in the table, oldest first, and holds up no reply in the queue.
    `call` runs in the transaction that marks the rows as woken.
    """
    with transaction.atomic():
        waiting = MediaFile.objects.filter(state=MediaFile.State.WAITING)
        due = list(
            waiting.select_for_update(skip_locked=True)
            .filter(next_at__lte=Now())
            .order_by("next_at")
            .values_list("pk", "file")[:most]
        )
        if not due:
            return []
        # One that waits for its next attempt keeps no worker busy.
        busy = waiting.filter(busy_until__gt=Now()).count()
        due = due[: max(0, most - busy)]
        keys = [pk for pk, _ in due]
        MediaFile.objects.filter(pk__in=keys).update(next_at=Now() + WAKE, busy_until=Now() + WAKE)
        for pk, file in due:
            call(UPLOAD if file else FETCH, pk)
    return keys


def claim(media_file: MediaFile) -> bool:
    """Whether this job has it: of two at once, one."""
    rows = MediaFile.objects.filter(
        pk=media_file.pk, state=MediaFile.State.WAITING, attempts=media_file.attempts
    )
    held = {"next_at": Now() + LEASE, "busy_until": Now() + LEASE}
    return rows.update(attempts=media_file.attempts + 1, **held) == 1


def again(media_file: MediaFile, wait: timedelta) -> None:
    """It is tried again after `wait`; nothing where it is waited for no more."""
    rows = MediaFile.objects.filter(pk=media_file.pk, state=MediaFile.State.WAITING)
    rows.update(next_at=Now() + wait, busy_until=None)
