"""What other systems are told of messages, threads and templates: the feed, and its one writer.

Acts announce set-wise in the transaction of the cause, one statement however many. Dispatch gives
what is committed its number (`number_new`), and `after` reads the feed by these numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, models

from conversations.models import Announcement, Feed


class Type(models.TextChoices):
    """Everything that is announced; a business domain's own types come beside it."""

    MESSAGE_RECEIVED = "message.received", "A customer wrote"
    MESSAGE_STATUS_CHANGED = "message.status_changed", "A message of ours was sent, delivered, read"
    MESSAGE_FAILED = "message.failed", "A message of ours will not arrive"
    MESSAGE_UNCONFIRMED = "message.unconfirmed", "Nobody knows whether a message of ours arrived"
    THREAD_HANDED_OVER = "thread.handed_over", "The assistant asked for a person"
    THREAD_TAKEN = "thread.taken", "A person took a conversation"
    THREAD_ASSIGNED = "thread.assigned", "A conversation was given to a person or a group"
    THREAD_RELEASED = "thread.released", "A conversation was handed back to the assistant"
    THREAD_CLOSED = "thread.closed", "A conversation was closed"
    THREAD_REOPENED = "thread.reopened", "A closed conversation was opened again"
    TEMPLATE_CHANGED = "template.changed", "A template's state, category, quality or text changed"
    INVOICE_ASKED_FOR = "invoice.asked_for", "A customer asked about invoices, and was answered"


# One reader's page looks at so many numbers at most, whatever it filters for.
SPAN: Final = 10_000
NUMBERED_AT_ONCE: Final = 2000

# What a row says is written by the database from the rows it is about, in one form for all.
OF_MESSAGES = """
    INSERT INTO conversations_announcement (type, payload)
    SELECT
        CASE COALESCE(step.status, message.status)
            WHEN 'received' THEN 'message.received'
            WHEN 'failed' THEN 'message.failed'
            WHEN 'unconfirmed' THEN 'message.unconfirmed'
            ELSE 'message.status_changed'
        END,
        jsonb_build_object(
            'message', message.id,
            'reference', message.reference,
            'thread', message.thread_id,
            'contact', thread.contact_id,
            'direction', message.direction,
            'origin', message.origin,
            'kind', message.kind,
            'status', COALESCE(step.status, message.status),
            'error_code', CASE WHEN step.status IS NULL
                THEN message.error_code ELSE step.error_code END,
            'sent_at', to_char(
                message.sent_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'
            )
        )
    FROM unnest(%(ids)s::bigint[], %(statuses)s::text[], %(codes)s::int[])
        WITH ORDINALITY AS step (id, status, error_code, place)
    JOIN conversations_message AS message ON message.id = step.id
    JOIN conversations_thread AS thread ON thread.id = message.thread_id
    ORDER BY step.place
"""
OF_THREADS = """
    INSERT INTO conversations_announcement (type, payload)
    SELECT %(type)s, jsonb_build_object(
        'thread', thread.id,
        'contact', thread.contact_id,
        'mode', thread.mode,
        'is_closed', thread.is_closed,
        'assigned_to', (
            SELECT jsonb_build_object('id', id, 'username', username)
            FROM auth_user WHERE id = thread.assigned_to_id
        ),
        'assigned_group', (SELECT name FROM auth_group WHERE id = thread.assigned_group_id)
    ) || %(more)s::jsonb
    FROM conversations_thread AS thread WHERE thread.id = ANY(%(ids)s::bigint[])
    ORDER BY thread.id
"""
OF_TEMPLATES = """
    INSERT INTO conversations_announcement (type, payload)
    SELECT %(type)s, jsonb_build_object(
        'template', template.id,
        'name', template.name,
        'language', template.language,
        'status', template.status,
        'category', template.category,
        'quality', template.quality
    )
    FROM conversations_messagetemplate AS template WHERE template.id = ANY(%(ids)s::bigint[])
    ORDER BY template.id
"""

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


@dataclass(frozen=True)
class Step:
    """A message of ours got this status, whatever came after it."""

    message_id: int
    status: str
    error_code: int | None = None


def of_messages(message_ids: Iterable[int]) -> None:
    """These messages are announced as their rows are now: received, moved on, failed, in doubt."""
    ids = list(message_ids)
    if ids:
        _write(OF_MESSAGES, ids=ids, statuses=[None] * len(ids), codes=[None] * len(ids))


def of_steps(steps: Sequence[Step]) -> None:
    """The same, for each status by itself, in their order."""
    if steps:
        _write(
            OF_MESSAGES,
            ids=[step.message_id for step in steps],
            statuses=[step.status for step in steps],
            codes=[step.error_code for step in steps],
        )


def of_threads(type_: str, thread_ids: Iterable[int], **more: Any) -> None:
    """This has become of the threads, as their rows are now; `more` stands beside it."""
    if ids := list(thread_ids):
        _write(OF_THREADS, type=type_, ids=ids, more=json.dumps(more))


def of_templates(template_ids: Iterable[int]) -> None:
    """These templates are others than before."""
    if ids := list(template_ids):
        _write(OF_TEMPLATES, type=Type.TEMPLATE_CHANGED.value, ids=ids)


def _write(statement: str, **values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


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
