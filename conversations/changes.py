"""What open inboxes poll: one row in the transaction of each change, read without gaps.

The cursor is a snapshot of the database: which transactions had ended when the reader looked. The
next look gets what has been committed since, whoever else is busy. All acts call `record`.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from django.db import connection

from conversations.models import Change

# One statement, so that the rows and the next cursor are of the same moment.
SINCE = """
    SELECT pg_current_snapshot()::text, change.thread_id, change.message_id
    FROM (SELECT) AS now LEFT JOIN conversations_change AS change
        ON change.transaction >= pg_snapshot_xmin(%(cursor)s::pg_snapshot)::text::bigint
        AND NOT pg_visible_in_snapshot(change.transaction::text::xid8, %(cursor)s::pg_snapshot)
    LIMIT %(most)s
"""
RECORD = """
    INSERT INTO conversations_change (thread_id, message_id, at)
    SELECT thread_id, message_id, statement_timestamp()
    FROM unnest(%(threads)s::bigint[], %(messages)s::bigint[]) AS changed (thread_id, message_id)
"""
# Who has been away for this long sees most of the page anew anyway.
MOST: Final = 5000
SNAPSHOT: Final = re.compile(r"[0-9]{1,18}:[0-9]{1,18}:([0-9]{1,18}(,[0-9]{1,18}){0,999})?")


@dataclass(frozen=True)
class Changed:
    """What changed after a cursor, and the cursor to ask with next time."""

    cursor: str
    thread_ids: frozenset[int]
    message_ids: frozenset[int]


def record(thread_id: int, message_id: int | None = None) -> None:
    """Open inboxes will show this thread, and this message, anew. Twice shows it twice."""
    Change.objects.create(thread_id=thread_id, message_id=message_id)


def record_many(pairs: list[tuple[int, int | None]]) -> None:
    """The same for many (thread id, message id) at once, in one statement."""
    if not pairs:
        return
    threads, messages = zip(*pairs, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(RECORD, {"threads": list(threads), "messages": list(messages)})


def horizon() -> str:
    """The cursor of "now": what is committed later comes with the next look."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return str(cursor.fetchone()[0])


def since(cursor: str) -> Changed:
    """Everything that was committed after `cursor` was given; nothing for one that is none."""
    rows = _rows_since(cursor)
    if not rows:
        return Changed(horizon(), frozenset(), frozenset())
    return Changed(
        cursor=rows[0][0],
        thread_ids=frozenset(thread_id for _, thread_id, _ in rows if thread_id),
        message_ids=frozenset(message_id for _, _, message_id in rows if message_id),
    )


def _rows_since(cursor: str) -> list[tuple[str, int | None, int | None]]:
    if not _is_snapshot(cursor):
        return []
    with connection.cursor() as statement:
        statement.execute(SINCE, {"cursor": cursor, "most": MOST})
        return list(statement.fetchall())


def _is_snapshot(cursor: str) -> bool:
    """Whether PostgreSQL takes it: it came back from a browser, and may hold anything."""
    if not SNAPSHOT.fullmatch(cursor):
        return False
    first, end, running = cursor.split(":")
    ids = [int(one) for one in running.split(",")] if running else []
    in_order = all(one < other for one, other in pairwise([int(first) - 1, *ids, int(end)]))
    return 0 < int(first) <= int(end) and in_order
