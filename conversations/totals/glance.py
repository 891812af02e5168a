"""What there is to do now, for the dashboard."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Count, Value

from conversations import clock, worklists
from conversations.models import Thread

COUNTED = {
    "needs_a_person": "person",
    "unassigned": "unassigned",
    "closing": "closing",
    "failed": "failed",
    "mine": "mine",
}


@dataclass(frozen=True)
class Glance:
    """How many conversations each list of work has; the lists are those of `worklists`."""

    needs_a_person: int = 0
    unassigned: int = 0
    closing: int = 0
    failed: int = 0
    mine: int = 0


def today_at_a_glance(user: User) -> Glance:
    """What there is to do as `user` sees it; one query."""
    conditions = worklists.lists(user, clock.now())
    first, *more = (
        Thread.objects.filter(conditions[name])
        .order_by()
        .values(figure=Value(figure))
        .annotate(times=Count("pk"))
        .values_list("figure", "times")
        for figure, name in COUNTED.items()
    )
    return Glance(**dict(first.union(*more, all=True)))
