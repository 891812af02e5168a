"""Rows that owe Meta a call: woken when that is due, until somebody has settled it.

Each has two columns: `<what>_due_at` is the truth, `<what>_woken_until` says that a job was told of
it. The job is only a nudge: a call that was lost on its way, by whoever died, is made by the next.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now

# A wake that is lost is repeated after this.
WAKE = timedelta(seconds=60)


def wake(
    rows: models.QuerySet[Any], what: str, most: int, call: Callable[[int], object]
) -> list[int]:
    """Call for each row whose time has come, oldest first; never more than `most` outstanding.

    `call` runs in the transaction that marks the rows as woken. Two at once: each row once. What
    waits for its next attempt keeps nobody else waiting.
    """
    due_at, woken_until = f"{what}_due_at", f"{what}_woken_until"
    asleep = Q(**{woken_until: None}) | Q(**{f"{woken_until}__lte": Now()})
    with transaction.atomic():
        due = list(
            rows.select_for_update(skip_locked=True, no_key=True)
            .filter(asleep, **{f"{due_at}__lte": Now()})
            .order_by(due_at, "pk")
            .values_list("pk", flat=True)[:most]
        )
        if due:
            woken = Q(**{f"{due_at}__isnull": False, f"{woken_until}__gt": Now()})
            due = due[: max(0, most - rows.filter(woken).count())]
            rows.filter(pk__in=due).update(**{woken_until: Now() + WAKE})
            for pk in due:
                call(pk)
    return due


def settle(
    rows: models.QuerySet[Any], what: str, seen: Any, *, again: timedelta | None = None
) -> bool:
    """It is due no more, or `again` after that; False where it became due anew meanwhile.

    `rows`: the one that was settled. `seen`: its `<what>_due_at` before the call was made.
    """
    as_seen = rows.filter(**{f"{what}_due_at": seen})
    next_at = Now() + again if again and seen else None
    if as_seen.update(**{f"{what}_due_at": next_at, f"{what}_woken_until": None}):
        return True
    rows.update(**{f"{what}_woken_until": None})  # the next look need not wait for this wake
    return False
