"""Putting a thread aside until a time, or until the customer writes: out of the list, not away.

Staff come in, and dispatch for what is due. Who answers it stays as it is.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from conversations import changes, clock
from conversations.models import Thread, ThreadEvent
from conversations.takeover import free_for, leave_to_whom_has_it

Kind = ThreadEvent.Kind
BATCH = 500


class NotSnoozed(Exception):
    """`str()` says why a thread cannot be put aside."""


def snooze(thread: Thread, *, until: datetime, by: User, from_person: bool = False) -> bool:
    """Out of the list until then (aware, by the business clock); False if it was already.

    Raises: NotSnoozed for a time that is over, and for a closed thread; AlreadyTaken where a
    colleague has it, unless `from_person`. Another time replaces the first one.
    """
    if until <= clock.now():
        raise NotSnoozed("That time is over: choose a later one.")
    with transaction.atomic():
        rows = Thread.objects.filter(free_for(by, from_person=from_person), pk=thread.pk)
        rows = rows.filter(is_closed=False).exclude(snoozed_until=until)
        if rows.update(snoozed_until=until):
            _tell([thread.pk], Kind.SNOOZED, by=by, reason=f"until {_in_words(until)}")
            return True
    leave_to_whom_has_it(thread, by=by, from_person=from_person)
    if Thread.objects.filter(pk=thread.pk, is_closed=True).exists():
        raise NotSnoozed("A closed conversation is out of the list already.")
    return False


def wake(thread: Thread, *, by: User) -> bool:
    """Back in the list before its time; False if it was there."""
    with transaction.atomic():
        rows = Thread.objects.filter(pk=thread.pk, snoozed_until__isnull=False)
        changed = rows.update(snoozed_until=None) == 1
        if changed:
            _tell([thread.pk], Kind.WOKEN, by=by, reason="before the time it was put aside for")
    return changed


def wake_snoozed() -> int:
    """What is due is back in the list, and its history says so; return how many.

    Several processes may wake at once: each takes others' leavings.
    """
    with transaction.atomic():
        due = list(
            Thread.objects.select_for_update(skip_locked=True)
            .filter(snoozed_until__lte=clock.now())
            .order_by("snoozed_until")
            .values_list("pk", flat=True)[:BATCH]
        )
        if due:
            Thread.objects.filter(pk__in=due).update(snoozed_until=None)
            _tell(due, Kind.WOKEN, reason="the time it was put aside for is over")
    return len(due)


def _tell(
    thread_ids: list[int], kind: ThreadEvent.Kind, *, reason: str, by: User | None = None
) -> None:
    now = clock.now()
    ThreadEvent.objects.bulk_create(
        ThreadEvent(thread_id=pk, kind=kind, by=by, reason=reason, at=now) for pk in thread_ids
    )
    changes.record_many([(pk, None) for pk in thread_ids])


def _in_words(moment: datetime) -> str:
    """ "Monday 23 November, 09:00", as the business reads its clock."""
    local = moment.astimezone(ZoneInfo(settings.BUSINESS_TIME_ZONE))
    return f"{local:%A} {local.day} {local:%B, %H:%M}"
