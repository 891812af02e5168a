"""So many calls a minute, of each client and each person; what came too early is told until when.

Counted by one statement in the database, where all processes agree; it waits for no disk, for a
count that a power cut forgets harms nobody. The minutes are those of the clock, so that a burst at
the turn of one may be twice as long.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from conversations.api.clients import Caller
from conversations.api.problems import Problem

COUNT = """
    WITH quick AS (SELECT set_config('synchronous_commit', 'off', true))
    INSERT INTO conversations_apiallowance AS known (caller, minute, calls)
    SELECT %s, date_trunc('minute', statement_timestamp()), 1 FROM quick
    ON CONFLICT (caller) DO UPDATE SET
        calls = CASE WHEN excluded.minute > known.minute THEN 1 ELSE known.calls + 1 END,
        minute = greatest(excluded.minute, known.minute)
    RETURNING calls,
        ceil(extract(epoch FROM minute + interval '1 minute' - statement_timestamp()))
"""
# Whoever tries keys is not known: an address may fail so often a minute.
FAILURES_PER_MINUTE = 60


@dataclass(frozen=True)
class Allowance:
    """What is left of the running minute."""

    limit: int
    calls: int
    reset_seconds: int

    @property
    def is_spent(self) -> bool:
        return self.calls > self.limit

    @property
    def is_first_refusal(self) -> bool:
        """One row for the log: a client that runs wild must not fill it."""
        return self.calls == self.limit + 1

    def headers(self) -> dict[str, str]:
        left = max(self.limit - self.calls, 0)
        return {
            "RateLimit-Policy": f"{self.limit};w=60",
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(left),
            "RateLimit-Reset": str(self.reset_seconds),
        }

    def refusal(self) -> Problem:
        return Problem(
            "too_many_requests",
            f"{self.limit} calls a minute are allowed.",
            headers={"Retry-After": str(self.reset_seconds)},
        )


def count(caller: Caller) -> Allowance:
    """One more call of this caller."""
    own = caller.client.calls_per_minute if caller.client else None
    return _count(caller.key, own or settings.API_CALLS_PER_MINUTE)


def count_failure(address: str) -> Allowance:
    """One more call from this address that nobody stands behind."""
    return _count(f"address:{address}"[:64], FAILURES_PER_MINUTE)


def _count(whose: str, limit: int) -> Allowance:
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [whose])
        calls, seconds = cursor.fetchone()
    return Allowance(limit, calls, max(int(seconds), 1))
