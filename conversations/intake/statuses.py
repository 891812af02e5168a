"""Statuses of what we sent: forward only, in any order, and kept while their message is unknown."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q

from conversations import changes, failures
from conversations.models import EarlyStatus, Message
from conversations.whatsapp.events import StatusUpdate

Status = Message.Status

RANK = {Status.SENT: 1, Status.DELIVERED: 2, Status.READ: 3, Status.PLAYED: 4}
KNOWN = {*(status.value for status in RANK), Status.FAILED.value}


def keep_statuses(updates: Sequence[StatusUpdate]) -> None:
    """Each update has moved its message, or waits for it, or came too late to matter.

    Twice, or in another order: the same rows. A status of a kind we do not know changes nothing.
    """
    known = [update for update in updates if update.status in KNOWN]
    if not known:
        return
    by_wamid, by_reference = _messages_of(known)
    changed: dict[int, Message] = {}
    early: list[StatusUpdate] = []
    for update in known:
        message = by_wamid.get(update.wamid) or by_reference.get(update.reference or "")
        if message is None or message.wamid not in (None, update.wamid):
            early.append(update)
        elif move(message, update.wamid, update.status, details(update)):
            changed[message.pk] = message
    save(changed.values())
    _keep_for_later(early)


def details(update: StatusUpdate) -> dict[str, Any]:
    """What comes with a status and must survive waiting: its time and its first error."""
    error = update.errors[0] if update.errors else None
    return {
        "at": update.at.isoformat(),
        "error_code": error.code if error else None,
        "error_text": (error.details or error.message or error.title) if error else "",
    }


def move(message: Message, wamid: str, status: str, came_with: dict[str, Any]) -> bool:
    """Whether the status moved the message (in memory).

    sent < delivered < read < played; a failure beats what was only sent, never what arrived. A
    message in doubt that gets any status is in doubt no more.
    """
    learned = message.wamid is None
    message.wamid = wamid
    if status == Status.FAILED:
        if RANK.get(Status(message.status), 0) >= RANK[Status.DELIVERED]:
            return learned
        if message.status == Status.FAILED:
            return learned
        message.status = Status.FAILED
        message.error_code = came_with["error_code"]
        message.error_text = came_with["error_text"]
        return True
    beaten_by_failure = message.status == Status.FAILED and status == Status.SENT
    if beaten_by_failure or RANK[Status(status)] <= RANK.get(Status(message.status), 0):
        return learned
    message.status = Status(status)
    message.error_code, message.error_text = None, ""
    return True


def save(messages: Iterable[Message]) -> None:
    """Write what `move` changed, in the order of the keys, and tell open inboxes."""
    rows = sorted(messages, key=lambda message: message.pk)
    Message.objects.bulk_update(rows, ["wamid", "status", "error_code", "error_text"])
    changes.record_many([(row.thread_id, row.pk) for row in rows])
    failures.not_delivered(row for row in rows if row.status == Status.FAILED)


def _messages_of(
    updates: Sequence[StatusUpdate],
) -> tuple[dict[str, Message], dict[str, Message]]:
    """The messages these updates speak of, locked in order: by wamid, and by our reference."""
    wamids = {update.wamid for update in updates}
    references = {ref for update in updates if (ref := _reference(update.reference))}
    rows = (
        Message.objects.select_for_update()
        .filter(Q(wamid__in=wamids) | Q(reference__in=references), direction="out")
        .order_by("pk")
    )
    found = list(rows)
    return (
        {row.wamid: row for row in found if row.wamid},
        {str(row.reference): row for row in found},
    )


def _reference(text: str | None) -> uuid.UUID | None:
    """Our reference, unless another app of the account wrote something else there."""
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None


def _keep_for_later(updates: list[StatusUpdate]) -> None:
    rows = [
        EarlyStatus(wamid=one.wamid, status=one.status, at=one.at, update=details(one))
        for one in sorted(updates, key=lambda one: (one.wamid, one.status))
    ]
    EarlyStatus.objects.bulk_create(rows, ignore_conflicts=True)
