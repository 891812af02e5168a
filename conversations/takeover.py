"""Who answers a thread: take, hand over, release, close, reopen.

Every act is one conditional UPDATE, so that of two people at once one wins and the other is told
who did. All of them also end the assistant's claim: an answer it is still writing is dropped.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from conversations import changes, clock
from conversations.models import Message, Thread, ThreadEvent

Mode = Thread.Mode
Kind = ThreadEvent.Kind

# What the assistant owes a thread, wiped: a lease that is gone can send nothing.
NOTHING_OWED: dict[str, Any] = {
    "reply_due_at": None,
    "reply_due_at_latest": None,
    "woken_until": None,
    "lease_until": None,
    "lease_token": None,
    "attempts": 0,
}


class AlreadyTaken(Exception):
    """Somebody else has the thread; `by` may be None when that person's login is gone."""

    def __init__(self, by: User | None) -> None:
        self.by = by
        name = (by.get_short_name() or by.get_username()) if by else "Somebody else"
        super().__init__(f"{name} has taken this conversation.")


def take(thread: Thread, *, by: User, from_person: bool = False) -> None:
    """The thread is this person's, and the assistant is silent.

    Raises: AlreadyTaken, unless `from_person` says that taking it from a colleague is meant.
    Twice: the same person again changes nothing and writes no history.
    """
    free = ~Q(mode=Mode.STAFF) | Q(assigned_to__isnull=True)
    allowed = Q() if from_person else free
    with transaction.atomic():
        rows = Thread.objects.filter(allowed, pk=thread.pk).exclude(mode=Mode.STAFF, assigned_to=by)
        changed = _move(rows, thread, mode=Mode.STAFF, assigned_to=by, is_closed=False)
        if changed:
            _tell(thread, Kind.TAKEN, by=by)
            return
    current = Thread.objects.select_related("assigned_to").get(pk=thread.pk)
    if current.assigned_to_id != by.pk:
        raise AlreadyTaken(current.assigned_to)


def hand_over(thread: Thread, *, reason: str) -> bool:
    """The assistant gives the thread to whoever is free; False if it was no longer its own."""
    with transaction.atomic():
        rows = Thread.objects.filter(pk=thread.pk, mode=Mode.BOT)
        changed = _move(rows, thread, mode=Mode.WAITING, waiting_since=clock.now(), is_closed=False)
        if changed:
            _tell(thread, Kind.HANDED_OVER, reason=reason)
    return changed


def release(thread: Thread, *, by: User) -> bool:
    """The assistant answers again; False if it did already."""
    with transaction.atomic():
        rows = Thread.objects.filter(pk=thread.pk).exclude(mode=Mode.BOT)
        changed = _move(rows, thread, mode=Mode.BOT)
        if changed:
            _tell(thread, Kind.RELEASED, by=by)
            _owe_what_nobody_answered(thread)
    return changed


def close(thread: Thread, *, by: User) -> bool:
    """Done, and back to the assistant, until the customer writes; False if it was closed."""
    with transaction.atomic():
        rows = Thread.objects.filter(pk=thread.pk, is_closed=False)
        changed = _move(rows, thread, mode=Mode.BOT, is_closed=True, unread_count=0)
        if changed:
            _tell(thread, Kind.CLOSED, by=by)
    return changed


def reopen(thread: Thread, *, by: User) -> bool:
    """Open again, with the assistant; False if it was open."""
    with transaction.atomic():
        rows = Thread.objects.filter(pk=thread.pk, is_closed=True)
        changed = _move(rows, thread, mode=Mode.BOT, is_closed=False)
        if changed:
            _tell(thread, Kind.REOPENED, by=by)
    return changed


def _move(rows: QuerySet[Thread], thread: Thread, **fields: Any) -> bool:
    """Whether this call won; on a win nobody is assigned and nothing is owed unless said."""
    settled: dict[str, Any] = {"assigned_to": None, "waiting_since": None, **NOTHING_OWED, **fields}
    won = rows.update(**settled) == 1
    if won:
        changes.record(thread.pk)
    return won


def _owe_what_nobody_answered(thread: Thread) -> None:
    """A question that stands unanswered at the hand-back is now the assistant's."""
    newest = Message.objects.filter(thread=thread).order_by("-id").first()
    if newest and newest.direction == Message.Direction.IN:
        Thread.objects.filter(pk=thread.pk).update(reply_due_at=Now(), reply_due_at_latest=Now())


def _tell(
    thread: Thread, kind: ThreadEvent.Kind, *, by: User | None = None, reason: str = ""
) -> None:
    ThreadEvent.objects.create(thread=thread, kind=kind, by=by, reason=reason[:200], at=clock.now())
