"""Rows that owe Meta a call, by a column that says when: woken until somebody has settled them.

Dispatch calls with a job's name. The column is the truth and the job only a nudge, so a call that
was lost on its way, by whoever died, is made by the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import models, transaction
from django.db.models.functions import Now

# A wake that is lost is repeated after this.
WAKE = timedelta(seconds=60)


def wake(
    rows: models.QuerySet[Any], column: str, most: int, call: Callable[[int], object]
) -> list[int]:
    """Call for each row whose time has come, oldest first; never more than `most` outstanding.

    Its time is put off in the transaction in which `call` runs. Two at once: each row once.
    """
    with transaction.atomic():
        due = list(
            rows.select_for_update(skip_locked=True, no_key=True)
            .filter(**{f"{column}__lte": Now()})
            .order_by(column, "pk")
            .values_list("pk", flat=True)[:most]
        )
        if due:
            outstanding = rows.filter(**{f"{column}__gt": Now()}).count()
            due = due[: max(0, most - outstanding)]
            rows.filter(pk__in=due).update(**{column: Now() + WAKE})
            for pk in due:
                call(pk)
    return due
