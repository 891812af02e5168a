"""The admin's home: what waits today, each figure a link into the inbox, and how it went lately."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse

from conversations import clock
from conversations.admin import charts, figures
from conversations.admin.inbox import queries, views
from conversations.admin.inbox.access import VIEW
from conversations.domain import Viewer, domains
from conversations.models import Notice

NOTICES = 5
SEE_FIGURES = "conversations.view_dailytotal"

CARDS = (
    ("person", "Needs a person", "front_hand", "red", "Handed over, and nobody has them yet."),
    ("unassigned", "Unassigned", "person_off", "amber", "With people, but with nobody by name."),
    ("closing", "Closing soon", "hourglass_bottom", "amber", "Unanswered, under two hours left."),
    ("failed", "Failed", "error", "red", "The newest message did not arrive, or may not have."),
    ("mine", "Mine", "person", "green", "What you have taken over."),
    ("assistant", "Assistant", "smart_toy", "blue", "The assistant is answering."),
)


@dataclass(frozen=True)
class Card:
    """One figure of today."""

    label: str
    hint: str
    icon: str
    tone: str
    count: str
    url: str


@dataclass(frozen=True)
class Period:
    """A number of days to choose, and whether it is chosen."""

    days: int
    is_chosen: bool


def today(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The context of the home page: what there is to do, what is wrong, how it went lately.

    Two queries, one for the figures of the period, and one for each business domain.
    """
    user = request.user
    if not isinstance(user, User) or not user.has_perm(VIEW):
        return context
    counts = queries.counts(user, clock.now())
    request.unread_threads = counts.get("unread", 0)  # type: ignore[attr-defined]  # see sidebar
    return {
        **context,
        "cards": _cards(counts),
        "named_in": counts.get("named", 0),
        "notices": _open_notices(user),
        "title": "Today",
        **(_lately(request, user) if user.has_perm(SEE_FIGURES) else {}),
    }


def _cards(counts: dict[str, int]) -> list[Card]:
    inbox = reverse("admin:conversations_thread_inbox")
    return [
        Card(
            label,
            hint,
            icon,
            tone if counts.get(name) else "grey",
            views.shown_count(counts.get(name, 0)),
            f"{inbox}?{queries.Chosen(name).query}",
        )
        for name, label, icon, tone, hint in CARDS
    ]


def _lately(request: HttpRequest, user: User) -> dict[str, Any]:
    """How it went in the chosen period; what domains add is of now."""
    days = figures.chosen_period(request.GET.get("days", ""))
    found = figures.of_period(days)
    viewer = Viewer(frozenset(user.get_all_permissions()))
    added = [card for domain in domains() if (card := domain.figures(viewer))]
    return {
        "figures": found,
        "cards_of_figures": [charts.lengths(card) for card in (*found.cards, *added)],
        "periods": [Period(one, one == days) for one in figures.PERIODS],
        "days": days,
    }


def _open_notices(user: User) -> list[Notice]:
    """What somebody must look at, the worst first; the page of notices has them all."""
    if not user.has_perm("conversations.view_notice"):
        return []
    rows = Notice.objects.filter(ended_at=None).select_related("thread__contact")
    worst_first: list[str] = [Notice.Level.ALARM, Notice.Level.WARNING, Notice.Level.INFO]
    newest = rows.order_by("-raised_at")[: NOTICES * len(worst_first)]
    return sorted(newest, key=lambda notice: worst_first.index(notice.level))[:NOTICES]
