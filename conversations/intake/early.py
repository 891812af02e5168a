"""Statuses that came before their message, matched once the message is known."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from conversations.intake import ticks
from conversations.intake.ticks import Standing
from conversations.models import EarlyStatus, Message

# A message that gets its wamid later than this was not sent by us.
WORTH_MATCHING = timedelta(minutes=10)
BATCH = 500


def match_early_statuses() -> int:
    """Apply the early statuses whose message is known by now; return how many."""
    message = Message.objects.filter(wamid=OuterRef("wamid"), direction="out")
    with transaction.atomic():
        early = list(
            EarlyStatus.objects.select_for_update(skip_locked=True)
            .filter(Exists(message), received_at__gte=Now() - WORTH_MATCHING)
            .order_by("id")[:BATCH]
        )
        if early:
            _apply(early)
    return len(early)


def _apply(early: list[EarlyStatus]) -> None:
    messages = ticks.by_wamid({one.wamid for one in early})
    moved: dict[int, Standing] = {}
    # In the order in which they happened, however they were kept.
    for one in sorted(early, key=lambda one: (one.at, ticks.RANK.get(one.status, 0))):
        message = messages[one.wamid]
        if message.move(one.wamid, ticks.from_json(one.status, one.update)):
            moved[message.pk] = message
    ticks.save(moved.values())
    EarlyStatus.objects.filter(pk__in=[one.pk for one in early]).delete()
