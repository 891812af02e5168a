"""Claiming rows to post: due, the head of their thread, and within the rate of their number."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, F
from django.db.models.functions import Now

from conversations.delivery import refusing
from conversations.models import Message, PhoneNumber

Status = Message.Status

# Only slots that begin this soon are claimed, and each row leaves when its own begins: a pump whose
# next turn comes late has enough in hand. Looking further ahead makes replies wait behind what is
# claimed already, and leaves more in doubt when the process is killed.
HORIZON = timedelta(milliseconds=75)
# Slots that every pump came too late for are made up for, so that a busy machine keeps the rate. No
# row leaves before its slot, so no second has more than 1.02 seconds' worth, wherever it begins.
CATCH_UP = timedelta(milliseconds=20)
MOST_AT_ONCE = 64
# Meta keeps no order between two sends; after this long the first has arrived or never will.
SETTLED_AFTER = timedelta(seconds=2)

# Meta lets one number send one customer a message each 6 seconds, and a burst of 45 on top.
# Source: Cloud API, pair rate limits.
PAIR_BURST = 45
PAIR_SECONDS = 6

PAIR_TOKENS = """LEAST(%(burst)s, thread.pair_tokens + COALESCE(
    EXTRACT(EPOCH FROM clock_timestamp() - thread.pair_refilled_at) / %(pair_seconds)s, 0
))"""

HEADS = f"""
    SELECT message.id FROM conversations_message AS message
    JOIN conversations_thread AS thread ON thread.id = message.thread_id
    WHERE message.status = 'queued' AND message.next_at <= clock_timestamp()
        AND thread.phone_number_id = %(number)s
        AND (%(thread)s::bigint IS NULL OR message.thread_id = %(thread)s)
        AND {PAIR_TOKENS} >= 1
        AND NOT EXISTS (
            SELECT 1 FROM conversations_message AS older
            WHERE older.thread_id = message.thread_id AND older.id < message.id
                AND (older.status = 'queued' OR older.status = 'sending' AND (
                    older.wamid IS NULL
                    OR older.accepted_at > clock_timestamp() - %(settled)s
                ))
        )
    ORDER BY message.priority, message.next_at, message.id
    LIMIT %(most)s
    FOR NO KEY UPDATE OF message, thread SKIP LOCKED
"""  # noqa: S608 -- put together from constants of this file

# The heads are found by walking along the index of what is to be sent, until there are enough. Left
# to itself the planner sorts the whole queue where its statistics are older than a campaign.
LOCK_NUMBER = """
    SELECT next_slot_at, messages_per_second, clock_timestamp(),
        set_config('enable_sort', CASE WHEN %(walk)s THEN 'off' ELSE 'on' END, TRUE)
    FROM conversations_phonenumber WHERE id = %(number)s FOR NO KEY UPDATE
"""

# The bucket refills by time, so what is left is worked out anew at each use.
TAKE = f"""
    WITH leaving AS (
        UPDATE conversations_message
        SET status = 'sending', claimed_at = clock_timestamp(), attempts = attempts + 1
        WHERE id = ANY(%(messages)s)
    ), slots AS (
        UPDATE conversations_phonenumber SET next_slot_at = %(next_slot_at)s WHERE id = %(number)s
    )
    UPDATE conversations_thread AS thread
    SET pair_tokens = {PAIR_TOKENS} - 1, pair_refilled_at = clock_timestamp()
    WHERE thread.id = ANY(%(threads)s)
"""  # noqa: S608 -- put together from constants of this file

PAIR_RATE: dict[str, Any] = {"burst": PAIR_BURST, "pair_seconds": PAIR_SECONDS}

# What `_rows` reads of the tables, and no more: the thread and its preview stay where they are.
COLUMNS = (
    *("thread_id", "kind", "reference", "content", "quotes", "attempts"),
    *("thread__window_closes_at", "thread__contact_id", "thread__phone_number_id"),
    *("thread__contact__wa_id", "thread__contact__bsuid", "thread__contact__is_blocked"),
    *("thread__phone_number__phone_number_id", "thread__phone_number__paused_reason"),
    "thread__phone_number__waba_id",
)


@dataclass(frozen=True)
class Claimed:
    """One row that this process, and nobody else, will post now."""

    message_id: int
    thread_id: int
    phone_number_id: str
    reference: str
    wire: dict[str, Any]
    to: str | None
    recipient: str | None
    quotes: str | None
    attempts: int
    leaves_at: float  # the beginning of its slot, by this process's `time.monotonic()`
    is_probe: bool  # the first after a pause of the number: its success ends the pause


def claim(*, thread_id: int | None = None, most: int = MOST_AT_ONCE) -> list[Claimed]:
    """Rows that are SENDING from now on, committed, with slots taken in their number's rate.

    With `thread_id` only that thread's head. Several processes share the rate by the number's row.
    """
    claimed: list[Claimed] = []
    for number_id in _numbers(thread_id):
        claimed += _claim_of_number(number_id, thread_id, most - len(claimed))
    return claimed


def _numbers(thread_id: int | None) -> list[int]:
    """Those that may send, if anything is due, who waited longest first: a number that could fill
    every thread of the pump leaves room for the others.

    No lock: an idle pump must not hold up anybody.
    """
    numbers = PhoneNumber.objects.exclude(paused_until__gt=Now())
    if thread_id is None:
        due = Message.objects.filter(status=Status.QUEUED, next_at__lte=Now())
        numbers = numbers.filter(Exists(due))
    else:
        numbers = numbers.filter(threads=thread_id)
    longest = F("next_slot_at").asc(nulls_first=True)
    return list(numbers.order_by(longest, "pk").values_list("pk", flat=True))


def _claim_of_number(number_id: int, thread_id: int | None, most: int) -> list[Claimed]:
    with transaction.atomic():
        next_slot_at, per_second, now = _lock(number_id, is_walk=thread_id is None)
        own_now = time.monotonic()  # hosts need not agree on the time of day
        start = max(next_slot_at or now, now - CATCH_UP)
        slots = min(most, _slots(start, now, per_second))
        if slots <= 0:
            return []
        leaving = refusing.without_the_refused(_rows(_heads(number_id, thread_id, slots)))
        if leaving:
            _take(number_id, leaving, start + timedelta(seconds=len(leaving) / per_second))
    first = own_now + (start - now).total_seconds()
    return [_claimed(row, first + place / per_second) for place, row in enumerate(leaving)]


def _lock(number_id: int, *, is_walk: bool) -> tuple[datetime | None, float, datetime]:
    """The number's next slot, its rate, and the database's time."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_NUMBER, {"number": number_id, "walk": is_walk})
        next_slot_at, per_second, now, _ = cursor.fetchone()
        return next_slot_at, per_second, now


def _slots(start: datetime, now: datetime, per_second: float) -> int:
    """How many slots of 1/per_second begin between `start` and the horizon."""
    room = (now + HORIZON - start).total_seconds()
    return math.floor(room * per_second) + 1 if room >= 0 else 0


def _heads(number_id: int, thread_id: int | None, most: int) -> list[int]:
    values: dict[str, Any] = {
        **PAIR_RATE,
        "number": number_id,
        "thread": thread_id,
        "settled": SETTLED_AFTER,
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(HEADS, values)
        return [row[0] for row in cursor.fetchall()]


def _rows(ids: list[int]) -> list[Message]:
    messages = Message.objects.select_related("thread__contact", "thread__phone_number")
    rows = messages.only(*COLUMNS).in_bulk(ids) if ids else {}
    return [rows[pk] for pk in ids]


def _take(number_id: int, leaving: list[Message], next_slot_at: datetime) -> None:
    """SENDING, with a slot of the number and a token of the thread's bucket for each."""
    values: dict[str, Any] = {
        **PAIR_RATE,
        "number": number_id,
        "next_slot_at": next_slot_at,
        "messages": [row.pk for row in leaving],
        "threads": [row.thread_id for row in leaving],
    }
    with connection.cursor() as cursor:
        cursor.execute(TAKE, values)


def _claimed(row: Message, leaves_at: float) -> Claimed:
    contact = row.thread.contact
    return Claimed(
        message_id=row.pk,
        thread_id=row.thread_id,
        phone_number_id=row.thread.phone_number.phone_number_id,
        reference=str(row.reference),
        wire=row.content,
        to=contact.wa_id,
        recipient=None if contact.wa_id else contact.bsuid,
        quotes=row.quotes or None,
        attempts=row.attempts + 1,
        leaves_at=leaves_at,
        is_probe=bool(row.thread.phone_number.paused_reason),
    )
