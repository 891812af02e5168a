"""Statuses that came before their message, matched once the message is known."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from conversations.intake import statuses
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
    wamids = {one.wamid for one in early}
    rows = Message.objects.select_for_update().filter(wamid__in=wamids).order_by("pk")
    messages = {row.wamid: row for row in rows}
    changed = {}
    for one in early:
        message = messages[one.wamid]
        if statuses.move(message, one.wamid, one.status, one.update):
            changed[message.pk] = message
    statuses.save(changed.values())
    EarlyStatus.objects.filter(pk__in=[one.pk for one in early]).delete()
