"""Notes as the log reads them: each with whom it tells, and whether it tells the reader."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import QuerySet

from conversations.admin.inbox import columns, queries
from conversations.models import Note, Thread

NOTES = queries.EVENTS


def latest(thread: Thread, reader: User) -> list[Note]:
    """The newest notes, oldest first; one query, as each of these."""
    return _read(_notes(thread).order_by("-pk"), reader)[::-1]


def after(thread: Thread, reader: User, pk: int) -> list[Note]:
    """The notes from a key on."""
    return _read(_notes(thread).filter(pk__gt=pk).order_by("pk"), reader)


def between(
    thread: Thread, reader: User, since: datetime | None, until: datetime | None
) -> list[Note]:
    """The notes of a span of time."""
    rows = _notes(thread).order_by("-pk")
    if since:
        rows = rows.filter(at__gte=since)
    if until:
        rows = rows.filter(at__lt=until)
    return _read(rows, reader)[::-1]


def _notes(thread: Thread) -> QuerySet[Note]:
    return Note.objects.filter(thread=thread).select_related("by").annotate(told=columns.TOLD)


def _read(rows: QuerySet[Note], reader: User) -> list[Note]:
    """`told`: who was named, as {pk, name, has_seen}; `names_me`: the reader was, and has not
    looked yet."""
    notes = list(rows[:NOTES])
    for note in notes:
        note.told = note.told or []  # type: ignore[attr-defined]  # annotated
        note.names_me = any(  # type: ignore[attr-defined]
            one["pk"] == reader.pk and not one["has_seen"]
            for one in note.told  # type: ignore[attr-defined]
        )
    return notes
