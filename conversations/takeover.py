"""Who answers a thread: take, assign, hand over, release, close, reopen.

Every act is one conditional UPDATE, so that of two people at once one wins and the other is told
who did. All of them also end the assistant's claim: an answer it is still writing is dropped.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import DateTimeField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Now

from conversations import announcements, changes, clock, colleagues, unanswered
from conversations.models import Note, Thread, ThreadEvent

Mode = Thread.Mode
Kind = ThreadEvent.Kind

# What other systems are told of each act; what is not in it stays inside the house.
ANNOUNCED: dict[str, str] = {
    Kind.TAKEN: announcements.Type.THREAD_TAKEN,
    Kind.ON_PHONE: announcements.Type.THREAD_TAKEN,
    Kind.ASSIGNED: announcements.Type.THREAD_ASSIGNED,
    Kind.HANDED_OVER: announcements.Type.THREAD_HANDED_OVER,
    Kind.RELEASED: announcements.Type.THREAD_RELEASED,
    Kind.CLOSED: announcements.Type.THREAD_CLOSED,
    Kind.REOPENED: announcements.Type.THREAD_REOPENED,
}

# What the assistant owes a thread, wiped: a lease that is gone can send nothing.
NOTHING_OWED: dict[str, Any] = {
    "reply_due_at": None,
    "reply_due_at_latest": None,
    "woken_until": None,
    "lease_until": None,
    "lease_token": None,
    "attempts": 0,
}
# Whose it is and what it waits for, wiped.
NOBODYS: dict[str, Any] = {
    "assigned_to": None,
    "assigned_group": None,
    "snoozed_until": None,
    "waiting_since": None,
}
# When something was last said, done or noted in each thread of a query.
LAST_SIGN = RawSQL(
    """
    greatest(
        conversations_thread.last_message_at,
        (SELECT done.at FROM conversations_threadevent AS done
         WHERE done.thread_id = conversations_thread.id ORDER BY done.id DESC LIMIT 1),
        (SELECT noted.at FROM conversations_note AS noted
         WHERE noted.thread_id = conversations_thread.id ORDER BY noted.id DESC LIMIT 1)
    )
    """,
    (),
    DateTimeField(),
)
# One look must not hold up the loop that makes it: the rest follows a minute later.
RETURNED_AT_ONCE = 50
# How the reason of a hand-over begins that the model itself asked for.
THE_ASSISTANT_ASKS = "The assistant asks for a person"


class AlreadyTaken(Exception):
    """Somebody else has the thread; `by` may be None when that person's login is gone."""

    def __init__(self, by: User | None) -> None:
        self.by = by
        super().__init__(f"{colleagues.name_of(by)} has taken this conversation.")


class CannotAnswer(Exception):
    """The person, or everybody of the group, may not write to customers."""

    def __init__(self, whom: User | Group) -> None:
        name = whom.name if isinstance(whom, Group) else colleagues.name_of(whom)
        super().__init__(f"{name} may not answer customers.")


def take(thread: Thread, *, by: User, from_person: bool = False) -> bool:
    """The thread is this person's, and the assistant is silent; False if it was already.

    Raises: AlreadyTaken, unless `from_person` says that taking it from a colleague is meant.
    Twice: the same person again changes nothing and writes no history.
    """
    return _give(thread, by, by=by, kind=Kind.TAKEN, from_person=from_person)


def assign(thread: Thread, *, to: User, by: User, from_person: bool = False) -> bool:
    """The thread is `to`'s, as `take` makes it, and the history says to whom it was given.

    False if it was `to`'s already.
    Raises: CannotAnswer; AlreadyTaken where a third person has it, unless `from_person`.
    """
    if to.pk == by.pk:
        return take(thread, by=by, from_person=from_person)
    if not colleagues.who_may(colleagues.REPLY).filter(pk=to.pk).exists():
        raise CannotAnswer(to)
    reason = f"to {colleagues.name_of(to)}"
    return _give(thread, to, by=by, kind=Kind.ASSIGNED, reason=reason, from_person=from_person)


def assign_to_group(thread: Thread, *, group: Group, by: User, from_person: bool = False) -> bool:
    """It waits for whoever of the group is free, as after a hand-over; False if it did already.

    Raises: CannotAnswer; AlreadyTaken where a colleague has it, unless `from_person`.
    """
    if not colleagues.who_may(colleagues.REPLY).filter(groups=group).exists():
        raise CannotAnswer(group)
    with transaction.atomic():
        rows = Thread.objects.filter(free_for(by, from_person=from_person), pk=thread.pk)
        rows = rows.exclude(mode=Mode.WAITING, assigned_group=group)
        # The customer has waited since the first hand-over, whichever group it is now.
        since = Coalesce(F("waiting_since"), clock.now())
        changed = _move(
            rows,
            thread,
            mode=Mode.WAITING,
            assigned_group=group,
            waiting_since=since,
            is_closed=False,
        )
        if changed:
            _tell(thread, Kind.ASSIGNED, by=by, reason=f"to the group {group.name}")
            return True
    leave_to_whom_has_it(thread, by=by, from_person=from_person)
    return False


def hand_over(thread: Thread, *, reason: str) -> bool:
    """The assistant gives the thread to whoever is free; False if it was no longer its own."""
    with transaction.atomic():
        rows = Thread.objects.filter(pk=thread.pk, mode=Mode.BOT)
        changed = _move(rows, thread, mode=Mode.WAITING, waiting_since=clock.now(), is_closed=False)
        if changed:
            _tell(thread, Kind.HANDED_OVER, reason=reason)
    return changed


def answered_on_phone(thread_id: int) -> bool:
    """Somebody answers with the phone app: the assistant is silent; False if a person has it.

    Nobody is assigned, for nobody knows who it was: whoever is free may take it.
    """
    thread = Thread(pk=thread_id)
    with transaction.atomic():
        rows = Thread.objects.filter(pk=thread_id).exclude(mode=Mode.STAFF)
        changed = _move(rows, thread, mode=Mode.STAFF, is_closed=False)
        if changed:
            _tell(thread, Kind.ON_PHONE)
    return changed


def release(thread: Thread, *, by: User) -> bool:
    """The assistant answers again; False if it did already."""
    return _release(Thread.objects.filter(pk=thread.pk).exclude(mode=Mode.BOT), thread, by=by)


def return_after_silence() -> int:
    """The assistant answers again where a person was silent for STAFF_SILENCE_HOURS; how many.

    By nobody, with the reason in the history; a question that stands is answered then. A note and
    everything in the history break the silence as words do; what is put aside waits for its time.
    """
    hours = settings.STAFF_SILENCE_HOURS
    if not hours:
        return 0
    silent = _silent_since(clock.now() - timedelta(hours=hours))
    reason = f"Nothing was said for {hours:g} hours."
    threads = Thread.objects.filter(silent).order_by("last_message_at")[:RETURNED_AT_ONCE]
    return sum(
        _release(
            Thread.objects.filter(silent, pk=thread.pk, assigned_to=thread.assigned_to_id),
            thread,
            reason=reason,
        )
        for thread in threads
    )


def returns_at(thread: Thread, last_sign_at: datetime | None) -> datetime | None:
    """When the assistant answers again if it stays silent there; None where it does not."""
    hours = settings.STAFF_SILENCE_HOURS
    is_due = thread.mode == Mode.STAFF and thread.snoozed_until is None
    return last_sign_at + timedelta(hours=hours) if hours and is_due and last_sign_at else None


def _silent_since(moment: datetime) -> Q:
    done = ThreadEvent.objects.filter(thread=OuterRef("pk"), at__gte=moment)
    noted = Note.objects.filter(thread=OuterRef("pk"), at__gte=moment)
    said = Q(last_message_at__isnull=True) | Q(last_message_at__lt=moment)
    return Q(mode=Mode.STAFF, snoozed_until=None) & said & ~Exists(done) & ~Exists(noted)


def close(thread: Thread, *, by: User, from_person: bool = True) -> bool:
    """Done, and back to the assistant, until the customer writes; False if it was closed.

    Raises: AlreadyTaken where a colleague has it and `from_person` says to leave it then.
    """
    with transaction.atomic():
        rows = Thread.objects.filter(
            free_for(by, from_person=from_person), pk=thread.pk, is_closed=False
        )
        changed = _move(rows, thread, mode=Mode.BOT, is_closed=True, unread_count=0)
        if changed:
            _tell(thread, Kind.CLOSED, by=by)
            return True
    leave_to_whom_has_it(thread, by=by, from_person=from_person)
    return False


def reopen(thread: Thread, *, by: User) -> bool:
    """Open again, with the assistant; False if it was open."""
    with transaction.atomic():
        rows = Thread.objects.filter(pk=thread.pk, is_closed=True)
        changed = _move(rows, thread, mode=Mode.BOT, is_closed=False)
        if changed:
            _tell(thread, Kind.REOPENED, by=by)
    return changed


def free_for(by: User, *, from_person: bool) -> Q:
    """Any thread where `from_person`, else what nobody has or this person has."""
    free = ~Q(mode=Mode.STAFF) | Q(assigned_to__isnull=True) | Q(assigned_to=by)
    return Q() if from_person else free


def leave_to_whom_has_it(thread: Thread, *, by: User, from_person: bool) -> None:
    """Nothing, or AlreadyTaken where `free_for` kept this person from the thread."""
    current = Thread.objects.select_related("assigned_to").get(pk=thread.pk)
    if not from_person and current.assigned_to_id not in (None, by.pk):
        raise AlreadyTaken(current.assigned_to)


def _give(
    thread: Thread,
    to: User,
    *,
    by: User,
    kind: ThreadEvent.Kind,
    reason: str = "",
    from_person: bool,
) -> bool:
    with transaction.atomic():
        rows = Thread.objects.filter(free_for(by, from_person=from_person), pk=thread.pk)
        rows = rows.exclude(mode=Mode.STAFF, assigned_to=to)
        if _move(rows, thread, mode=Mode.STAFF, assigned_to=to, is_closed=False):
            _tell(thread, kind, by=by, reason=reason)
            return True
    current = Thread.objects.select_related("assigned_to").get(pk=thread.pk)
    if current.assigned_to_id != to.pk:
        raise AlreadyTaken(current.assigned_to)
    return False


def _release(
    rows: QuerySet[Thread], thread: Thread, *, by: User | None = None, reason: str = ""
) -> bool:
    with transaction.atomic():
        changed = _move(rows, thread, mode=Mode.BOT)
        if changed:
            _tell(thread, Kind.RELEASED, by=by, reason=reason)
            _owe_what_nobody_answered(thread)
    return changed


def _move(rows: QuerySet[Thread], thread: Thread, **fields: Any) -> bool:
    """Whether this call won; on a win nobody is assigned and nothing is owed unless said."""
    won = rows.update(**{**NOBODYS, **NOTHING_OWED, **fields}) == 1
    if won:
        changes.record(thread.pk)
    return won


def _owe_what_nobody_answered(thread: Thread) -> None:
    """A question that stands unanswered at the hand-back is now the assistant's, and read by it."""
    if unanswered.is_owed(Thread.objects.get(pk=thread.pk), clock.now()):
        Thread.objects.filter(pk=thread.pk).update(
            reply_due_at=Now(), reply_due_at_latest=Now(), read_mark_due_at=Now()
        )


def _tell(
    thread: Thread, kind: ThreadEvent.Kind, *, by: User | None = None, reason: str = ""
) -> None:
    ThreadEvent.objects.create(thread=thread, kind=kind, by=by, reason=reason[:200], at=clock.now())
    whom = {"id": by.pk, "username": by.get_username()} if by else None
    announcements.of_threads(ANNOUNCED[kind], [thread.pk], by=whom)
