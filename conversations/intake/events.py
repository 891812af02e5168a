"""The events themselves: claimed in batches, applied item by item's worth, closed or left open."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models.functions import Now

from conversations.contacts import StillSending
from conversations.intake import apply
from conversations.intake.faults import ItemFault, Unreadable
from conversations.intake.summaries import summary_of
from conversations.models import WebhookEvent
from conversations.whatsapp import events as wire

logger = logging.getLogger(__name__)

BATCH = 500
# One webhook may hold a thousand items in 3 MB: a batch ends early rather than fill the memory.
BATCH_BYTES = 1_000_000
# A database that was away comes back in seconds, a number is entered within hours. After the last
# wait the event has no next attempt: it waits for a person.
RETRY_SECONDS = (10, 60, 600, 3600)

# The oldest that nobody else has, as far as they fit into the memory, and at least one.
CLAIM = """
    WITH due AS (
        SELECT id, octet_length(body) AS size, next_attempt_at FROM conversations_webhookevent
        WHERE processed_at IS NULL AND next_attempt_at <= statement_timestamp()
        ORDER BY next_attempt_at, id LIMIT %(limit)s
        FOR UPDATE SKIP LOCKED
    ), taken AS (
        SELECT id, sum(size) OVER (ORDER BY next_attempt_at, id) AS size_up_to, size FROM due
    )
    SELECT event.id, event.attempts, event.body
    FROM conversations_webhookevent AS event JOIN taken USING (id)
    WHERE taken.size_up_to <= %(bytes)s OR taken.size_up_to = taken.size
    ORDER BY event.id
"""
CLOSE = """
    UPDATE conversations_webhookevent AS event SET
        processed_at = statement_timestamp(), next_attempt_at = NULL,
        attempts = event.attempts + 1, error = '', summary = done.summary
    FROM jsonb_each_text(%(summaries)s::jsonb) AS done (id, summary)
    WHERE event.id = done.id::bigint
"""


@dataclass
class Open:
    """An event of this batch: what it says, and what went wrong with it."""

    pk: int
    attempts: int
    said: list[wire.Event] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    summary: str = ""


@dataclass(frozen=True)
class Item:
    """One thing a webhook says, and the event that said it."""

    event: Open
    said: wire.Event


def drain(limit: int = BATCH) -> int:
    """Apply up to `limit` open events that are due; return how many were looked at.

    Several processes may drain at once: each takes others' leavings. Killed in the middle, all of
    the batch is open again, and what is applied twice changes nothing.
    """
    with transaction.atomic():
        due = _due(limit)
        if due:
            _process(due)
    return len(due)


def process_again(event: WebhookEvent) -> bool:
    """An open event is due now, with its error wiped; False for one that is processed."""
    rows = WebhookEvent.objects.filter(pk=event.pk, processed_at=None)
    return rows.update(next_attempt_at=Now(), attempts=0, error="") == 1


def _due(limit: int) -> list[tuple[int, int, bytes]]:
    """Key, attempts and body of the events that are due, in the order they came."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"limit": limit, "bytes": BATCH_BYTES})
        return list(cursor.fetchall())


def _process(due: Sequence[tuple[int, int, bytes]]) -> None:
    events = [_read(pk, attempts, body) for pk, attempts, body in due]
    items = [Item(event, said) for event in events for said in event.said]
    for item, reason in _apply(items):
        item.event.errors.append(reason)
    _close([event for event in events if not event.errors])
    for event in events:
        if event.errors:
            _leave_open(event)


def _read(pk: int, attempts: int, body: bytes) -> Open:
    event = Open(pk, attempts)
    try:
        said = wire.parse(body)
    except wire.Unreadable as error:
        event.errors.append(str(error))
        return event
    event.summary = summary_of(said)
    for one in said:
        if isinstance(one, wire.Broken):
            event.errors.append(str(Unreadable(one)))
        else:
            event.said.append(one)
    return event


def _apply(items: Sequence[Item]) -> list[tuple[Item, str]]:
    """Apply all, or halve until what fails stands alone; return the failed with their reasons."""
    if not items:
        return []
    try:
        with transaction.atomic():
            refused = apply.all_of([item.said for item in items])
    except OperationalError:
        raise  # the database is away or broke a deadlock: nobody's fault, the batch comes again
    except Exception as error:
        if len(items) == 1:
            return [(items[0], _reason(items[0], error))]
        middle = len(items) // 2
        return _apply(items[:middle]) + _apply(items[middle:])
    return [(items[place], str(fault)) for place, fault in refused.items()]


def _reason(item: Item, error: Exception) -> str:
    """What staff read at the event; an unexpected fault is named by its class, for it may quote."""
    if isinstance(error, ItemFault | StillSending):
        return str(error)
    kind = type(item.said).__name__
    # Not the traceback's last line: the database's words hold the values of the row.
    logger.error("event=%s item=%s fault=%s", item.event.pk, kind, _where(error))
    return f"{kind} could not be kept: {type(error).__name__}."


def _where(error: Exception) -> str:
    """The fault's class, and the constraint or the line that it is about."""
    if isinstance(error, DatabaseError):
        about = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        return f"{type(error).__name__} {about or ''}".strip()
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__} {place}".strip()


def _close(events: Iterable[Open]) -> None:
    summaries = {event.pk: event.summary for event in events}
    if summaries:
        with connection.cursor() as cursor:
            cursor.execute(CLOSE, {"summaries": json.dumps(summaries)})


def _leave_open(event: Open) -> None:
    wait = RETRY_SECONDS[event.attempts] if event.attempts < len(RETRY_SECONDS) else None
    counts: dict[str, int] = defaultdict(int)
    for reason in event.errors:
        counts[reason] += 1
    lines = (
        f"{reason} ({count} times)" if count > 1 else reason for reason, count in counts.items()
    )
    WebhookEvent.objects.filter(pk=event.pk).update(
        attempts=event.attempts + 1,
        next_attempt_at=Now() + timedelta(seconds=wait) if wait else None,
        error="\n".join(lines)[:4000],
        summary=event.summary,
    )
    logger.warning("event=%s open items_failed=%s", event.pk, len(event.errors))
