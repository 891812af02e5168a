"""What of all that has just changed needs this person: for a notification and a sound.

A customer writes in their thread, a thread is given to them, a note names them, or a customer
waits for somebody. What their own hands did is none of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from conversations import clock, unanswered
from conversations.admin.inbox import access, rows
from conversations.changes import Changed
from conversations.domain import Viewer
from conversations.models import Mention, Message, Thread, ThreadEvent

Kind = ThreadEvent.Kind
# A thread changes for many reasons; what is older than this was told when it was new.
FRESH = timedelta(minutes=2)
AT_MOST = 20
WORDS = 120  # characters of a message


def of(user: User, viewer: Viewer, changed: Changed) -> list[dict[str, object]]:
    """Each with a key, by which a page tells what it has told already, the thread, its address,
    and words. Three queries, none for who may not answer."""
    if not changed.thread_ids or not viewer.may(access.REPLY):
        return []
    return [
        {
            "key": key,
            "thread": thread.pk,
            "url": rows.address_of(thread.pk),
            "title": f"{rows.name_of(thread.contact, viewer)} {verb}",
            "text": text[:WORDS],
        }
        for key, thread, verb, text in (
            *_written(user, changed),
            *_given(user, changed),
            *_named(user, changed),
        )
    ]


Need = tuple[str, Thread, str, str]


def _written(user: User, changed: Changed) -> Iterator[Need]:
    said = Message.objects.filter(
        pk__in=changed.message_ids,
        direction=Message.Direction.IN,
        revoked_at=None,
        created_at__gte=timezone.now() - FRESH,
        thread__assigned_to=user,
    ).exclude(kind__in=unanswered.RECORDS)
    for message in said.select_related("thread__contact").order_by("pk")[:AT_MOST]:
        yield f"m{message.pk}", message.thread, "wrote", message.text


def _given(user: User, changed: Changed) -> Iterator[Need]:
    """Handed over to whoever is free, or to one of this person's groups, or to this person."""
    groups = user.groups.order_by().values("pk")
    nobodys = Q(thread__assigned_group=None) | Q(thread__assigned_group__in=groups)
    mine = Q(kind=Kind.ASSIGNED, thread__assigned_to=user)
    waits = Q(kind__in=[Kind.HANDED_OVER, Kind.ASSIGNED], thread__mode=Thread.Mode.WAITING)
    events = ThreadEvent.objects.filter(
        mine | (waits & nobodys),
        thread__in=changed.thread_ids,
        at__gte=clock.now() - FRESH,
    ).exclude(by=user)
    for event in events.select_related("thread__contact").order_by("pk")[:AT_MOST]:
        is_mine = event.thread.assigned_to_id == user.pk
        verb = "is yours now" if is_mine else "needs a person"
        yield f"e{event.pk}", event.thread, verb, event.reason


def _named(user: User, changed: Changed) -> Iterator[Need]:
    mentions = Mention.objects.filter(
        user=user,
        seen_at=None,
        note__thread__in=changed.thread_ids,
        note__at__gte=clock.now() - FRESH,
    ).exclude(note__by=user)
    rows_of = mentions.select_related("note__thread__contact").order_by("pk")
    for mention in rows_of[:AT_MOST]:
        yield f"n{mention.pk}", mention.note.thread, "— you are named in a note", mention.note.text
