"""Which files are due to be fetched or uploaded, and which job has one: found in the table, never
far ahead of workers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now

from conversations.models import MediaFile

FETCH = "conversations.jobs.fetch_media"
UPLOAD = "conversations.jobs.upload_media"
# Begins what stands in a message until the upload brings Meta's id.
WAITING = "waiting-"
# A message that waits for its file: until the upload is done, or given up.
HELD = timedelta(days=365)

# A wake that is lost is repeated after this.
WAKE = timedelta(seconds=60)
# 100 MB by a line of 5 Mbit/s, or an hour of speech made Opus, on a machine that has more to do.
JOB_SECONDS = 170
# Above the time that a job has: who claimed it that long ago is dead.
LEASE = timedelta(seconds=180)
LONGER_AT_MOST = 7  # doublings of the time until the next looks at what others died over


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


def claim(media_file_id: int, *, is_ours: bool) -> MediaFile | None:
    """The file as it is now, for this job alone; None where nobody waits for it, or a job has it.

    `is_ours`: whether it lies here and goes out. A job that died over it is counted, and each time
    the next but one comes later: what kills workers must not do so every three minutes.
    """
    rows = MediaFile.objects.filter(pk=media_file_id, state=MediaFile.State.WAITING)
    rows = rows.exclude(file="") if is_ours else rows.filter(file="")
    is_free = Q(leased_until=None) | Q(leased_until__lt=Now())
    until = dict.fromkeys(("leased_until", "busy_until", "next_at"), Now() + LEASE)
    died = F("died") + Case(When(leased_until=None, then=Value(0)), default=Value(1))
    if not rows.filter(is_free).update(attempts=F("attempts") + 1, died=died, **until):
        return None
    media_file = MediaFile.objects.select_related("message__thread__phone_number").get(
        pk=media_file_id
    )
    if media_file.died:
        longer = LEASE * 2 ** min(media_file.died, LONGER_AT_MOST)
        rows.update(next_at=Now() + longer)
    return media_file


def again(media_file: MediaFile, wait: timedelta) -> None:
    """It is tried again after `wait`, with the `attempts` of this object; nothing where it is
    waited for no more."""
    rows = MediaFile.objects.filter(pk=media_file.pk, state=MediaFile.State.WAITING)
    rows.update(
        attempts=media_file.attempts, next_at=Now() + wait, busy_until=None, leased_until=None
    )
