"""What the inbox reads from the tables: lists by page, messages by page, counts, changed rows.

Each function says how many queries it makes; tests hold the sums.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Left

from conversations import notes, worklists
from conversations.admin.inbox import columns
from conversations.models import Label, Message, Thread, ThreadEvent

ROWS = 40
MESSAGES = 50
EVENTS = 100
COUNTED = 99
LISTED = Q(last_message_at__isnull=False)  # an empty conversation is in no list
DRAFT_SHOWN = 120  # characters of a draft in the list
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Key = TypeVar("Key", str, int)

OPEN = "open"
NAMES = {
    OPEN: "Open",
    "mine": "Mine",
    "person": "Needs a person",
    "unassigned": "Unassigned",
    "closing": "Closing soon",
    "failed": "Failed",
    "assistant": "Assistant",
    "shut": "Window shut",
    "snoozed": "Snoozed",
    "closed": "Closed",
}


@dataclass(frozen=True)
class Chosen:
    """Which threads a person wants to see: a filter's name, words to search for, a label's key."""

    name: str = OPEN
    words: str = ""
    label: int = 0

    @property
    def query(self) -> str:
        """The part of an address that leads back here."""
        given = {
            "f": self.name if self.name != OPEN else "",
            "l": self.label or "",
            "q": self.words,
        }
        return urlencode({key: value for key, value in given.items() if value})


def chosen_rows(
    chosen: Chosen, user: User, now: datetime, found: Iterable[int] = ()
) -> QuerySet[Thread]:
    """The threads of a filter, newest first; of a search those among the `found`, and closed ones
    as well."""
    rows = Thread.objects.filter(last_message_at__isnull=False)
    if not (chosen.words and chosen.name == OPEN):
        rows = rows.filter(worklists.lists(user, now)[chosen.name])
    if chosen.words:
        rows = rows.filter(pk__in=list(found))
    if chosen.label:
        rows = rows.filter(labels=chosen.label)
    return as_rows(rows, user)


def as_rows(rows: QuerySet[Thread], user: User) -> QuerySet[Thread]:
    """These threads as the list shows them to this person, newest first; no query of its own."""
    return (
        rows.select_related("contact", "assigned_to", "assigned_group")
        .annotate(
            newest=columns.NEWEST,
            own_draft=Left(columns.own_draft(user), DRAFT_SHOWN),
            wrong=columns.WRONG,
            worn_labels=columns.LABELS,
        )
        .order_by("-last_message_at", "-pk")
    )


def page_after(rows: QuerySet[Thread], cursor: str) -> QuerySet[Thread]:
    """What follows the row of `cursor` (see `cursor_of`); a cursor that is none gives the top."""
    at, _, pk = cursor.partition("_")
    if not (at.isdigit() and pk.isdigit() and len(at) < 18 and len(pk) < 19):
        return rows
    moment = EPOCH + timedelta(microseconds=int(at))
    return rows.filter(last_message_at__lte=moment).exclude(last_message_at=moment, pk__gte=int(pk))


def cursor_of(thread: Thread) -> str:
    """The place of a row in the list: microseconds of its last message, and its key."""
    since = (thread.last_message_at or EPOCH) - EPOCH
    return f"{since // timedelta(microseconds=1)}_{thread.pk}"


def counts(user: User, now: datetime) -> dict[str, int]:
    """How many threads each filter has, "unread", and "named", where a note names the user; all in
    one query, none counted over 100."""
    lists = worklists.lists(user, now)
    wanted = {name: lists[name] & LISTED for name in NAMES}
    wanted["unread"] = Q(unread_count__gt=0) & LISTED
    # A condition on rows that are few, also where nothing was said yet.
    wanted["named"] = Q(pk__in=notes.naming(user))
    return _counted(wanted)


def label_counts(labels: Iterable[Label]) -> dict[int, int]:
    """How many open threads have each of these labels, as `counts` does it."""
    return _counted({label.pk: Q(is_closed=False, labels=label) & LISTED for label in labels})


def _counted(wanted: Mapping[Key, Q]) -> dict[Key, int]:
    parts = [
        Thread.objects.filter(condition)
        .order_by()
        .annotate(counted_as=Value(name))
        .values_list("counted_as", flat=True)[: COUNTED + 1]
        for name, condition in wanted.items()
    ]
    return dict(Counter(parts[0].union(*parts[1:], all=True))) if parts else {}


def messages_before(thread: Thread, before: int | None = None) -> tuple[list[Message], bool]:
    """The newest messages (older than the key `before`), oldest first, and whether there are more.

    One query, with who wrote them, what they quote, their files and the reactions on them.
    """
    rows = _messages(thread).order_by("-pk")
    if before:
        rows = rows.filter(pk__lt=before)
    newest_first = list(rows[: MESSAGES + 1])
    return newest_first[:MESSAGES][::-1], len(newest_first) > MESSAGES


def messages_from(thread: Thread, after: int) -> tuple[list[Message], bool]:
    """The message with the key `after` and what came later, oldest first, and whether there is
    still more; one query."""
    rows = list(_messages(thread).filter(pk__gte=after).order_by("pk")[: 2 * MESSAGES + 1])
    return rows[: 2 * MESSAGES], len(rows) > 2 * MESSAGES


def messages_of(thread: Thread, pks: Iterable[int]) -> QuerySet[Message]:
    """These messages, where they are of this thread, and those that these are reactions to."""
    keys = list(pks)
    about = Message.objects.filter(pk__in=keys, kind="reaction").values("quotes")
    return _messages(thread).filter(Q(pk__in=keys) | Q(wamid__in=about)).order_by("pk")


def _messages(thread: Thread) -> QuerySet[Message]:
    return (
        Message.objects.filter(thread=thread)
        .select_related("sent_by", "media")
        .annotate(
            quoted=columns.QUOTED,
            reactions=columns.REACTIONS,
            own_reactions=columns.OWN_REACTIONS,
            was_repeated=columns.WAS_REPEATED,
        )
    )


def latest_events(thread: Thread) -> list[ThreadEvent]:
    """What people and the assistant did last, oldest first; one query."""
    return list(_events(thread).order_by("-pk")[:EVENTS])[::-1]


def events_between(
    thread: Thread, since: datetime | None, until: datetime | None
) -> list[ThreadEvent]:
    """The same in a span of time."""
    rows = _events(thread).order_by("-pk")
    if since:
        rows = rows.filter(at__gte=since)
    if until:
        rows = rows.filter(at__lt=until)
    return list(rows[:EVENTS])[::-1]


def events_after(thread: Thread, pk: int) -> list[ThreadEvent]:
    """The same from a key on."""
    return list(_events(thread).filter(pk__gt=pk).order_by("pk")[:EVENTS])


def _events(thread: Thread) -> QuerySet[ThreadEvent]:
    return thread.events.select_related("by")
