"""Whose turn it is to answer a thread: waking, claiming and ending, by the database's clock.

A wake only says "look at thread N"; the lease says who may answer it. Both run out by themselves,
so that a lost wake and a dead worker are repaired without anybody noticing which it was.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from conversations.models import Thread
from conversations.takeover import NOTHING_OWED

LEASE = timedelta(seconds=30)  # above the assistant's own 20 s
WAKE = timedelta(seconds=30)
ATTEMPTS_MAX = 3

IS_DUE = Q(reply_due_at__lte=Now()) & (Q(lease_until=None) | Q(lease_until__lt=Now()))

WAKE_DUE = """
    WITH due AS (
        SELECT id FROM conversations_thread
        WHERE reply_due_at <= clock_timestamp()
            AND (lease_until IS NULL OR lease_until < clock_timestamp())
            AND (woken_until IS NULL OR woken_until < clock_timestamp())
        ORDER BY reply_due_at
        LIMIT GREATEST(0, %(most)s - (
            SELECT count(*) FROM conversations_thread WHERE woken_until > clock_timestamp()
        ))
        FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE conversations_thread AS thread SET woken_until = clock_timestamp() + %(wake)s
    FROM due WHERE thread.id = due.id RETURNING thread.id
"""


@dataclass(frozen=True)
class Claim:
    """The right to answer one thread, until somebody takes it over or the lease runs out."""

    thread_id: int
    token: uuid.UUID
    attempts: int

    @property
    def is_hopeless(self) -> bool:
        """Whether it was tried so often without an end that a person must look."""
        return self.attempts > ATTEMPTS_MAX


def wake(most: int, call: Callable[[int], object]) -> list[int]:
    """Call for each due thread that nobody was woken for; never more than `most` outstanding.

    The backlog waits in the table, oldest first, instead of in the queue. `call` runs in the same
    transaction, so that with a table as broker the mark and the task stand or fall together.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        values: dict[str, Any] = {"most": most, "wake": WAKE}
        cursor.execute(WAKE_DUE, values)
        woken = [row[0] for row in cursor.fetchall()]
        for thread_id in woken:
            call(thread_id)
    return woken


def claim(thread_id: int) -> Claim | None:
    """The lease, if the thread is due and nobody holds it; one UPDATE, so one caller wins."""
    token = uuid.uuid4()
    won = Thread.objects.filter(IS_DUE, pk=thread_id).update(
        lease_token=token,
        lease_until=Now() + LEASE,
        woken_until=None,
        attempts=F("attempts") + 1,
    )
    if won:
        return Claim(
            thread_id, token, Thread.objects.values_list("attempts", flat=True).get(pk=thread_id)
        )
    # Not due yet: the mark goes, so that the wake at the right time is not held up by this one.
    Thread.objects.filter(pk=thread_id, reply_due_at__gt=Now()).update(woken_until=None)
    return None


def end(claim: Claim) -> None:
    """The thread owes nothing more; only for who holds the lease still."""
    Thread.objects.filter(pk=claim.thread_id, lease_token=claim.token).update(**NOTHING_OWED)


def give_back(claim: Claim) -> None:
    """The thread stays due, and whoever is woken next may claim it at once: it came to an end."""
    Thread.objects.filter(pk=claim.thread_id, lease_token=claim.token).update(
        lease_token=None, lease_until=None, woken_until=None, attempts=0
    )
