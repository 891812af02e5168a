"""The feed: dispatch numbers what is committed, and readers follow the numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from conversations.models import Announcement, Feed, Message

# One reader's page looks at so many numbers at most, whatever it filters for.
SPAN: Final = 10_000
NUMBERED_AT_ONCE: Final = 2000

# Ids grow with time within a thread, for whoever changes one holds its lock: so does the feed.
NUMBER = """
    WITH fresh AS (
        SELECT id, row_number() OVER (ORDER BY id) AS place
        FROM conversations_announcement WHERE number IS NULL ORDER BY id LIMIT %(most)s
    ), numbered AS (
        UPDATE conversations_announcement AS announcement SET number = %(newest)s + fresh.place
        FROM fresh WHERE announcement.id = fresh.id RETURNING announcement.number
    )
    UPDATE conversations_feed SET newest = (SELECT max(number) FROM numbered)
    WHERE id = 1 AND EXISTS (SELECT FROM numbered) RETURNING newest
"""
# One statement, so that the rows and both ends of the feed are of the same moment.
AFTER = """
    SELECT feed.newest, feed.gone, found.number, found.type, found.at, found.payload::text
    FROM conversations_feed AS feed LEFT JOIN LATERAL (
        SELECT number, type, at, payload FROM conversations_announcement
        WHERE number > GREATEST(%(after)s, feed.gone)
            AND number <= GREATEST(%(after)s, feed.gone) + %(span)s
            AND (%(types)s::text[] IS NULL OR type = ANY(%(types)s::text[]))
        ORDER BY number LIMIT %(most)s
    ) AS found ON TRUE
    ORDER BY found.number
"""

# Only from the beginning, without a hole: `gone` says where the feed begins.
PRUNE = """
    WITH first AS (
        SELECT id, number, at FROM conversations_announcement
        WHERE number IS NOT NULL ORDER BY number LIMIT %(most)s
    ), old AS (
        SELECT id FROM first
        WHERE NOT EXISTS (
            SELECT FROM first AS kept
            WHERE kept.number <= first.number AND kept.at >= clock_timestamp() - %(keep)s
        )
    ), deleted AS (
        DELETE FROM conversations_announcement AS announcement USING old
        WHERE announcement.id = old.id RETURNING announcement.number
    )
    UPDATE conversations_feed SET gone = GREATEST(gone, (SELECT max(number) FROM deleted))
    WHERE id = 1 AND EXISTS (SELECT FROM deleted) RETURNING (SELECT count(*) FROM deleted)
"""


class CursorLost(Exception):
    """The feed cannot be read on from there; `oldest` is the cursor that begins with all it has."""

    def __init__(self, why: str, oldest: int) -> None:
        self.oldest = oldest
        super().__init__(why)


class CursorTooOld(CursorLost):
    """Announcements after that cursor have been pruned, and the reader has missed them."""


class CursorUnknown(CursorLost):
    """A number that was never given here: another console's, or from before a restored backup."""


@dataclass(frozen=True)
class Told:
    """One announcement as readers get it. `number` is its id, and the cursor that stands on it."""

    number: int
    type: str
    at: datetime
    payload: dict[str, Any]


@dataclass(frozen=True)
class Page:
    """A stretch of the feed, and the cursor to ask with next time."""

    told: tuple[Told, ...]
    cursor: int
    has_more: bool


def number_new() -> tuple[int, int] | None:
    """What was committed has its place in the feed: the first and last number given, if any.

    One process at a time: another one finds the feed held and returns. To be called in a
    transaction, so that what is made of the new numbers is there with them.
    """
    rows = Feed.objects.select_for_update(skip_locked=True)
    feed = rows.first()
    # Where another one holds it, inserting would wait for that.
    if feed is None and not Feed.objects.exists():
        Feed.objects.bulk_create([Feed()], ignore_conflicts=True)
        feed = rows.first()
    if feed is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(NUMBER, {"newest": feed.newest, "most": NUMBERED_AT_ONCE})
        row = cursor.fetchone()
    return (feed.newest + 1, row[0]) if row else None


def is_anything_new() -> bool:
    """Whether anything committed has no number yet; one look into a tiny index."""
    return Announcement.objects.filter(number__isnull=True).exists()


def after(cursor: int, limit: int, types: Sequence[str] | None = None) -> Page:
    """Up to `limit` announcements that follow on `cursor` (0: all there are), of these types.

    Every reader gets the same ones in the same order, each once, however busy the writers are. A
    page may be empty and still have more behind it: it looks at SPAN numbers at most.
    Raises: CursorTooOld, CursorUnknown.
    """
    values = {
        "after": cursor,
        "span": SPAN,
        "types": None if types is None else list(types),
        "most": limit,
    }
    with connection.cursor() as statement:
        statement.execute(AFTER, values)
        rows = statement.fetchall()
    newest, gone = rows[0][:2] if rows else (0, 0)
    _check(cursor, newest, gone)
    told = tuple(
        Told(number, type_, at, json.loads(payload))
        for _, _, number, type_, at, payload in rows
        if number is not None
    )
    end = told[-1].number if len(told) == limit else min(max(cursor, gone) + SPAN, newest)
    return Page(told, cursor=end, has_more=end < newest)


def texts_of(message_ids: Sequence[int]) -> dict[int, str]:
    """What these messages say now, by their keys, for readers who may know it."""
    if not message_ids:
        return {}
    return dict(Message.objects.filter(pk__in=message_ids).values_list("pk", "text"))


def newest() -> int:
    """The cursor of "now": what is announced later comes after it."""
    return Feed.objects.values_list("newest", flat=True).first() or 0


def _check(cursor: int, newest: int, gone: int) -> None:
    # From the beginning means from the oldest that is left.
    if 0 < cursor < gone:
        raise CursorTooOld("What came after this cursor is not kept any more.", gone)
    if not 0 <= cursor <= newest:
        raise CursorUnknown("This cursor was never given here.", gone)


def prune(keep: timedelta, most: int) -> int:
    """The oldest `most` announcements are gone as far as they are older than `keep`; how many."""
    values: dict[str, Any] = {"keep": keep, "most": most}
    with connection.cursor() as cursor:
        cursor.execute(PRUNE, values)
        row = cursor.fetchone()
    return row[0] if row else 0
