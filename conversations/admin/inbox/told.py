"""Notes as the log reads them: each with whom it tells, and whether it tells the reader."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, F, OuterRef, QuerySet, When
from django.db.models.functions import JSONObject

from conversations.admin.inbox import queries
from conversations.models import Mention, Note, Thread

NOTES = queries.EVENTS


def latest(thread: Thread, reader: User) -> list[Note]:
    """The newest notes, oldest first; one query, as each of these."""
    return list(_notes(thread, reader).order_by("-pk")[:NOTES])[::-1]


def after(thread: Thread, reader: User, pk: int) -> list[Note]:
    """The notes from a key on."""
    return list(_notes(thread, reader).filter(pk__gt=pk).order_by("pk")[:NOTES])


def between(
    thread: Thread, reader: User, since: datetime | None, until: datetime | None
) -> list[Note]:
    """The notes of a span of time."""
    rows = _notes(thread, reader).order_by("-pk")
    if since:
        rows = rows.filter(at__gte=since)
    if until:
        rows = rows.filter(at__lt=until)
    return list(rows[:NOTES])[::-1]


def _notes(thread: Thread, reader: User) -> QuerySet[Note]:
    """`told`: who was named, as {pk, name}; `names_me`: the reader was, and has not looked yet."""
    mentions = Mention.objects.filter(note=OuterRef("pk")).order_by("pk")
    name = Case(When(user__first_name="", then=F("user__username")), default=F("user__first_name"))
    named = mentions.values(json=JSONObject(pk="user_id", name=name))
    unseen = Exists(mentions.filter(user=reader, seen_at=None))
    rows = Note.objects.filter(thread=thread).select_related("by")
    return rows.annotate(told=ArraySubquery(named), names_me=unseen)
