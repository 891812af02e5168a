"""What open inboxes poll: one row in the transaction of each change, read without gaps.

The cursor is a transaction boundary, not an id: see the model for why. All acts call `record`.
"""

from dataclasses import dataclass

from django.db import connection

from conversations.models import Change


@dataclass(frozen=True)
class Changed:
    """What changed after a cursor, and the cursor to ask with next time."""

    cursor: int
    thread_ids: frozenset[int]
    message_ids: frozenset[int]


def record(thread_id: int, message_id: int | None = None) -> None:
    """Open inboxes will show this thread, and this message, anew. Twice shows it twice."""
    Change.objects.create(thread_id=thread_id, message_id=message_id)


def record_many(pairs: list[tuple[int, int | None]]) -> None:
    """The same for many (thread id, message id) at once."""
    Change.objects.bulk_create(
        [Change(thread_id=thread_id, message_id=message_id) for thread_id, message_id in pairs]
    )


def horizon() -> int:
    """The boundary below which every transaction has ended: the cursor of "now"."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def since(cursor: int) -> Changed:
    """Everything that changed from `cursor` on and is visible to all by now."""
    boundary = horizon()
    rows = Change.objects.filter(transaction__gte=cursor, transaction__lt=boundary)
    pairs = list(rows.values_list("thread_id", "message_id"))
    return Changed(
        cursor=boundary,
        thread_ids=frozenset(thread_id for thread_id, _ in pairs),
        message_ids=frozenset(message_id for _, message_id in pairs if message_id),
    )
