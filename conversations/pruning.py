"""Rows that have done their work go, a batch at a time, so that nobody ever waits for it.

Dispatch calls `prune` every few seconds; how long each kind is kept stands in the settings.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Model, QuerySet
from django.db.models.functions import Now
from django_q.models import Failure

from conversations import announcements
from conversations.models import (
    ApiAllowance,
    ApiAnswer,
    ApiCall,
    Change,
    EarlyStatus,
    WebhookDelivery,
    WebhookEvent,
)

logger = logging.getLogger(__name__)

BATCH = 1000
# What nobody asked for within a day was not sent by us.
KEEP_EARLY_STATUSES_DAYS = 1
# As long as `Idempotency-Key` promises, and a little longer.
KEEP_API_ANSWERS_HOURS = 25


def prune() -> int:
    """One batch of each kind is gone; return how many rows. Several at once: each its own.

    Webhook events go when they are processed; one that is open stays until somebody mends it.
    """
    deleted = sum(_delete_batch(find) for find in FINDS)
    deleted += announcements.prune(timedelta(days=settings.KEEP_ANNOUNCEMENTS_DAYS), BATCH)
    if deleted:
        logger.info("pruned rows=%s", deleted)
    return deleted


def _delete_batch(find: Callable[[], QuerySet[Model]]) -> int:
    rows = find()
    with transaction.atomic():
        oldest = rows.select_for_update(skip_locked=True)
        keys = list(oldest.values_list("pk", flat=True)[:BATCH])
        if keys:
            # Nothing points to these rows, so no signal and no other table needs to hear of it.
            rows.model._base_manager.filter(pk__in=keys)._raw_delete(rows.db)
    return len(keys)


def _events() -> QuerySet[Model]:
    days = timedelta(days=settings.KEEP_WEBHOOK_EVENTS_DAYS)
    processed = WebhookEvent.objects.filter(processed_at__lt=Now() - days)
    # By when they came, which has an index and is never later.
    return processed.filter(received_at__lt=Now() - days).order_by("received_at")


def _failures() -> QuerySet[Model]:
    days = timedelta(days=settings.KEEP_FAILURES_DAYS)
    failed: QuerySet[Model] = Failure.objects.filter(stopped__lt=Now() - days)
    return failed.order_by("stopped")


def _changes() -> QuerySet[Model]:
    """Ids grow with time: the first of them tell whether there is anything to do at all."""
    first = Change.objects.order_by("pk").values("pk")[:BATCH]
    days = timedelta(days=settings.KEEP_CHANGES_DAYS)
    return Change.objects.filter(pk__in=first, at__lt=Now() - days).order_by("pk")


def _webhook_deliveries() -> QuerySet[Model]:
    days = timedelta(days=settings.KEEP_WEBHOOK_DELIVERIES_DAYS)
    return WebhookDelivery.objects.filter(created_at__lt=Now() - days).order_by("created_at")


def _early_statuses() -> QuerySet[Model]:
    days = timedelta(days=KEEP_EARLY_STATUSES_DAYS)
    return EarlyStatus.objects.filter(received_at__lt=Now() - days).order_by("received_at")


def _api_calls() -> QuerySet[Model]:
    first = ApiCall.objects.order_by("pk").values("pk")[:BATCH]
    days = timedelta(days=settings.KEEP_API_CALLS_DAYS)
    return ApiCall.objects.filter(pk__in=first, at__lt=Now() - days).order_by("pk")


def _api_answers() -> QuerySet[Model]:
    kept = timedelta(hours=KEEP_API_ANSWERS_HOURS)
    return ApiAnswer.objects.filter(created_at__lt=Now() - kept).order_by("created_at")


def _api_allowances() -> QuerySet[Model]:
    """What was called drains in a minute; a day later it is nobody's any more."""
    day = timedelta(days=1)
    return ApiAllowance.objects.filter(counted_at__lt=Now() - day).order_by("counted_at")


FINDS = (
    *(_events, _failures, _changes, _early_statuses, _api_calls, _api_answers),
    *(_api_allowances, _webhook_deliveries),
)
