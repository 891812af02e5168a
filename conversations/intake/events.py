"""The events themselves: claimed in batches, applied item by item's worth, closed or left open."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import DatabaseError, OperationalError, transaction
from django.db.models import F
from django.db.models.functions import Now

from conversations.intake import apply
from conversations.intake.faults import ItemFault
from conversations.models import WebhookEvent
from conversations.whatsapp import events as wire

logger = logging.getLogger(__name__)

BATCH = 500
# A database that was away comes back in seconds, a number is entered within hours. After the last
# wait the event has no next attempt: it waits for a person.
RETRY_SECONDS = (10, 60, 600, 3600)


@dataclass(frozen=True)
class Item:
    """One thing a webhook says, and the event that said it."""

    event_id: int
    said: wire.Event


def drain(limit: int = BATCH) -> int:
    """Apply up to `limit` open events that are due; return how many were looked at.

    Several processes may drain at once: each takes others' leavings. Killed in the middle, all of
    the batch is open again, and what is applied twice changes nothing.
    """
    with transaction.atomic():
        due = list(
            WebhookEvent.objects.select_for_update(skip_locked=True)
            .filter(processed_at=None, next_attempt_at__lte=Now())
            .order_by("next_attempt_at", "id")[:limit]
        )
        if due:
            _process(sorted(due, key=lambda event: event.pk))
    return len(due)


def process_again(event: WebhookEvent) -> bool:
    """An open event is due now, with its error wiped; False for one that is processed."""
    rows = WebhookEvent.objects.filter(pk=event.pk, processed_at=None)
    return rows.update(next_attempt_at=Now(), attempts=0, error="") == 1


def _process(due: list[WebhookEvent]) -> None:
    errors: dict[int, list[str]] = defaultdict(list)
    items: list[Item] = []
    for event in due:
        try:
            said = wire.parse(bytes(event.body))
        except wire.Unreadable as error:
            errors[event.pk].append(str(error))
            continue
        items += [Item(event.pk, one) for one in said]
    for item, fault in _apply(items):
        errors[item.event_id].append(fault)
    _close([event for event in due if event.pk not in errors])
    for event in due:
        if event.pk in errors:
            _leave_open(event, errors[event.pk])


def _apply(items: Sequence[Item]) -> list[tuple[Item, str]]:
    """Apply all, or halve until what fails stands alone; return the failed with their reasons."""
    if not items:
        return []
    try:
        with transaction.atomic():
            apply.all_of([item.said for item in items])
    except OperationalError:
        raise  # the database is away or broke a deadlock: nobody's fault, the batch comes again
    except (ItemFault, DatabaseError, ValueError, TypeError, KeyError, AttributeError) as error:
        if len(items) == 1:
            return [(items[0], _reason(items[0], error))]
        middle = len(items) // 2
        return _apply(items[:middle]) + _apply(items[middle:])
    return []


def _reason(item: Item, error: Exception) -> str:
    """What staff read at the event; an unexpected fault is named by its class, for it may quote."""
    if isinstance(error, ItemFault):
        return str(error)
    logger.exception("event=%s item=%s failed", item.event_id, type(item.said).__name__)
    return f"{type(item.said).__name__} could not be kept: {type(error).__name__}."


def _close(events: list[WebhookEvent]) -> None:
    WebhookEvent.objects.filter(pk__in=[event.pk for event in events]).update(
        processed_at=Now(), next_attempt_at=None, attempts=F("attempts") + 1, error=""
    )


def _leave_open(event: WebhookEvent, errors: list[str]) -> None:
    wait = RETRY_SECONDS[event.attempts] if event.attempts < len(RETRY_SECONDS) else None
    WebhookEvent.objects.filter(pk=event.pk).update(
        attempts=F("attempts") + 1,
        next_attempt_at=Now() + timedelta(seconds=wait) if wait else None,
        error="\n".join(dict.fromkeys(errors))[:4000],
    )
    logger.warning("event=%s open items_failed=%s", event.pk, len(errors))
