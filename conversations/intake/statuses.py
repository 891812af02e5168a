"""Statuses of what we sent: forward only, in any order, and kept while their message is unknown."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from conversations.intake import recipients, ticks
from conversations.intake.ticks import Standing
from conversations.models import EarlyStatus
from conversations.whatsapp.events import StatusUpdate


def keep(updates: Sequence[StatusUpdate]) -> None:
    """Each update has moved its message, or waits for it, or came too late to matter.

    Twice, or in another order: the same rows. A status of a kind we do not know changes nothing.
    """
    known = [update for update in updates if update.status in ticks.KNOWN]
    if not known:
        return
    moved: dict[int, Standing] = {}
    early: list[StatusUpdate] = []
    about: list[tuple[StatusUpdate, Standing]] = []
    for update, message in _with_messages(known):
        if message is None or message.wamid not in (None, update.wamid):
            early.append(update)
            continue
        about.append((update, message))
        if message.move(update.wamid, ticks.told(update)):
            moved[message.pk] = message
    ticks.save(moved.values())
    _keep_for_later(early)
    recipients.learn(about)


def _with_messages(
    updates: Sequence[StatusUpdate],
) -> list[tuple[StatusUpdate, Standing | None]]:
    """Each with the message it speaks of: by wamid, else by our reference; all of them locked."""
    found = ticks.by_wamid({update.wamid for update in updates})
    others = (_reference(one) for one in updates if one.wamid not in found)
    by_reference = ticks.by_reference(filter(None, others))
    return [
        (update, found.get(update.wamid) or by_reference.get(_reference(update)))
        for update in updates
    ]


def _reference(update: StatusUpdate) -> str:
    """Our reference, unless another app of the account wrote something else there."""
    try:
        return str(uuid.UUID(update.reference)) if update.reference else ""
    except ValueError:
        return ""


def _keep_for_later(updates: Iterable[StatusUpdate]) -> None:
    rows = [
        EarlyStatus(
            wamid=one.wamid, status=one.status, at=one.at, update=ticks.as_json(ticks.told(one))
        )
        for one in sorted(updates, key=lambda one: (one.wamid, one.status))
    ]
    EarlyStatus.objects.bulk_create(rows, ignore_conflicts=True)
