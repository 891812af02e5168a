"""Two threads of one customer with the same number of ours: what the joined one looks like."""

from __future__ import annotations

from typing import Any

from conversations.models import Thread

Mode = Thread.Mode

# Whoever has it keeps it; a promise that a person will answer outlives the assistant.
STRENGTH = {Mode.STAFF: 2, Mode.WAITING: 1, Mode.BOT: 0}


def join(older: Thread, newer: Thread) -> dict[str, Any]:
    """The columns of the joined thread. A lease is not carried over: its answer saw half of it."""
    both = (older, newer)
    stronger = max(both, key=lambda thread: STRENGTH[Mode(thread.mode)])
    newest = max(both, key=_last_message)
    is_bot = stronger.mode == Mode.BOT
    return {
        "mode": stronger.mode,
        "assigned_to": stronger.assigned_to_id,
        "assigned_group": stronger.assigned_group_id,
        "waiting_since": stronger.waiting_since,
        "snoozed_until": stronger.snoozed_until,
        "is_closed": is_bot and older.is_closed and newer.is_closed,
        "unread_count": older.unread_count + newer.unread_count,
        "preview": newest.preview,
        **{name: _latest(name, *both) for name in LATEST},
        **{name: _earliest(name, *both) if is_bot else None for name in OWED},
        "pair_tokens": min(older.pair_tokens, newer.pair_tokens),
    }


LATEST = (
    "last_message_at",
    "last_inbound_at",
    "window_closes_at",
    "answered_on_phone_at",
    "unreadable_said_at",
    "pair_refilled_at",
)
OWED = ("reply_due_at", "reply_due_at_latest", "read_mark_due_at")


def _last_message(thread: Thread) -> float:
    return thread.last_message_at.timestamp() if thread.last_message_at else 0.0


def _latest(name: str, older: Thread, newer: Thread) -> Any:
    return max(filter(None, (getattr(older, name), getattr(newer, name))), default=None)


def _earliest(name: str, older: Thread, newer: Thread) -> Any:
    return min(filter(None, (getattr(older, name), getattr(newer, name))), default=None)
