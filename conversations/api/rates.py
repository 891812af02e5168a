"""So many calls a minute, of each client and each person; what came too early is told until when.

What was called drains away evenly, a minute's worth in a minute: whoever was silent may call that
often at once, and whoever has done so as fast as it drains, whatever the clock says. Counted by one
statement in the database, where all processes agree; it waits for no disk, for a count that a power
cut forgets harms nobody.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from conversations.api.clients import Caller
from conversations.api.problems import Problem

WINDOW_SECONDS = 60

# The limit may be lower than it was: nobody waits for what they spent under the former one.
SPENT = """GREATEST(0, LEAST(known.spent, %(limit)s) - %(limit)s::float / %(window)s
    * GREATEST(0, EXTRACT(EPOCH FROM excluded.counted_at - known.counted_at)))"""
IS_REFUSED = f"{SPENT} + 1 > %(limit)s"
# The first refusal of a minute is told to the log; those that follow are only counted.
IS_TOLD_ANEW = """(known.refusal_told_at IS NULL OR known.refusal_told_at
    <= excluded.counted_at - %(window)s * interval '1 second')"""
COUNT = f"""
    WITH quick AS (SELECT set_config('synchronous_commit', 'off', true))
    INSERT INTO conversations_apiallowance AS known
        (caller, spent, counted_at, is_refused, refusals)
    SELECT %(caller)s, 1, statement_timestamp(), false, 0 FROM quick
    ON CONFLICT (caller) DO UPDATE SET
        spent = {SPENT} + CASE WHEN {IS_REFUSED} THEN 0 ELSE 1 END,
        counted_at = GREATEST(excluded.counted_at, known.counted_at),
        is_refused = {IS_REFUSED},
        refusals = CASE WHEN NOT ({IS_REFUSED}) THEN known.refusals
            WHEN {IS_TOLD_ANEW} THEN 1 ELSE known.refusals + 1 END,
        refusal_told_at = CASE WHEN {IS_REFUSED} AND {IS_TOLD_ANEW}
            THEN excluded.counted_at ELSE known.refusal_told_at END
    RETURNING spent, is_refused, is_refused AND refusals = 1
"""  # noqa: S608 -- put together from constants of this file
# Whoever tries keys is not known: an address may fail so often a minute.
FAILURES_PER_MINUTE = 60


@dataclass(frozen=True)
class Allowance:
    """What somebody may call, and has called; `spent` drains to nothing in a minute at most."""

    limit: int
    spent: float
    is_spent: bool
    is_first_refusal: bool  # of a minute. One row for the log: who runs wild must not fill it

    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Policy": f"{self.limit};w={WINDOW_SECONDS}",
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(math.floor(self.limit - self.spent), 0)),
            "RateLimit-Reset": str(self._seconds_for(self.spent)),
        }

    def refusal(self) -> Problem:
        return Problem(
            "too_many_requests",
            f"{self.limit} calls a minute are allowed.",
            headers={"Retry-After": str(self._seconds_for(self.spent + 1 - self.limit))},
        )

    def _seconds_for(self, calls: float) -> int:
        """Until so many calls have drained."""
        return max(math.ceil(calls * WINDOW_SECONDS / self.limit), 1)


def count(caller: Caller) -> Allowance:
    """One more call of this caller; one that is refused spends nothing."""
    own = caller.client.calls_per_minute if caller.client else None
    return _count(caller.key, own or settings.API_CALLS_PER_MINUTE)


def count_failure(address: str) -> Allowance:
    """One more call from this address that nobody stands behind."""
    return _count(f"address:{address}"[:64], FAILURES_PER_MINUTE)


def _count(whose: str, limit: int) -> Allowance:
    values: dict[str, str | int] = {"caller": whose, "limit": limit, "window": WINDOW_SECONDS}
    with connection.cursor() as cursor:
        cursor.execute(COUNT, values)
        spent, is_refused, is_first = cursor.fetchone()
    return Allowance(limit, spent, is_spent=is_refused, is_first_refusal=is_first)
