"""The card of the first page: what is overdue, by age. The domain comes in."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from billing import money, overdue
from conversations.domain import Bar, FigureCard

TONES = dict(zip(overdue.AGES, ("amber", "amber", "red", "red"), strict=True))


def card(*, on: date) -> FigureCard:
    """A bar an age; with several currencies a bar each, for their sums are never added."""
    found = overdue.by_age(on=on)
    sums = money.totals((aged.amount, aged.currency) for aged in found)
    return FigureCard(
        title="Overdue invoices",
        headline=money.in_words(sums),
        bars=tuple(_bar(aged, is_alone=len(sums) == 1) for aged in found),
        empty="Nothing is overdue.",
        url=f"{reverse('admin:billing_invoice_changelist')}?overdue=yes",
    )


def _bar(aged: overdue.Aged, *, is_alone: bool) -> Bar:
    address = reverse("admin:billing_invoice_changelist")
    return Bar(
        label=aged.age if is_alone else f"{aged.age}, {aged.currency}",
        value=float(aged.amount),
        shown=f"{money.display(aged.amount, aged.currency)}"
        f" ({overdue.counted(aged.invoices, 'invoice')})",
        tone=TONES[aged.age],
        url=f"{address}?{urlencode({'overdue': aged.age})}",
    )
