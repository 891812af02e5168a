"""How the demo's half year went before its conversations begin: totals alone, for the charts.

Today and yesterday are counted from the conversations themselves, as everywhere.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

from conversations.models import DailyTotal

DAYS = 182
REASONS = (
    "Wants what people do",
    "The assistant was not sure",
    "Asked for a person",
    "Sent what it cannot open",
    "A message did not arrive",
)


def add(today: date) -> None:
    """A row for each of those days: business grows a little, and rests at weekends."""
    rng = random.Random(7)  # noqa: S311 -- no secret, but the same past in every demo
    days = [today - timedelta(days=ago) for ago in range(DAYS, 1, -1)]
    DailyTotal.objects.bulk_create(
        [_row(rng, day, growth=0.6 + 0.4 * n / DAYS) for n, day in enumerate(days)],
        # A console that runs already has counted days on which nothing was.
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=[field.name for field in DailyTotal._meta.fields if not field.primary_key],
    )


def _row(rng: random.Random, day: date, *, growth: float) -> DailyTotal:
    is_weekend = day.weekday() >= 5
    came = round(rng.gauss(6 if is_weekend else 27, 1 if is_weekend else 4) * growth) + 1
    by_assistant = round(came * rng.uniform(0.5, 0.68))
    handed_over = {reason: rng.choice((0, 0, 1, 1, 2)) for reason in REASONS}
    sent = rng.randint(0, 2) if is_weekend else rng.randint(2, 8)
    failed = int(rng.random() < 0.15)
    return DailyTotal(
        day=day,
        messages_in=came,
        messages_out=came + sent + rng.randint(-2, 4),
        answered_by_assistant=by_assistant,
        handed_over={reason: times for reason, times in handed_over.items() if times},
        first_response_seconds=None if is_weekend else round(rng.gauss(420, 110) / growth),
        windows_lost=int(rng.random() < (0.5 if is_weekend else 0.2)),
        templates_delivered=sent,
        templates_read=round(sent * rng.uniform(0.6, 1)),
        templates_failed=failed,
    )
