"""What is due and since when: the order of open invoices, and their lateness in words.

Answers, facts and the panel come in; it reads invoices and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Case, Count, F, Q, Sum, Value, When
from django.utils import dateformat, translation

from billing import money
from billing.models import Account, Invoice
from conversations.models import Contact

# How long overdue, as bookkeepers sort it: from and to, in days.
AGES: dict[str, tuple[int, int | None]] = {
    "1 to 30 days": (1, 30),
    "31 to 60 days": (31, 60),
    "61 to 90 days": (61, 90),
    "over 90 days": (91, None),
}


@dataclass(frozen=True)
class Aged:
    """What is overdue since about as long, in one currency."""

    age: str
    currency: str
    amount: Decimal
    invoices: int


def open_invoices(contact: Contact) -> list[Invoice]:
    """Every open invoice of this contact's accounts, the oldest due first; one query."""
    invoices = Invoice.objects.of_contact(contact).open()
    return list(invoices.select_related("account").order_by("due_on", "number"))


def latest_paid(contact: Contact, at_most: int) -> list[Invoice]:
    """What was paid last, the newest payment first; one query."""
    invoices = Invoice.objects.of_contact(contact).filter(status=Invoice.Status.PAID)
    return list(invoices.order_by(F("paid_on").desc(nulls_last=True), "-due_on", "-pk")[:at_most])


def overdue_amounts(contact_ids: Iterable[int], *, on: date) -> dict[int, money.Totals]:
    """What each of these contacts owes since before `on`, by contact id; one query.

    An account of two contacts counts for both. Contacts who owe nothing are left out.
    """
    rows = (
        Account.contacts.through.objects.filter(
            contact_id__in=list(contact_ids),
            account__invoices__status=Invoice.Status.OPEN,
            account__invoices__due_on__lt=on,
        )
        .values("contact_id", "account__invoices__currency")
        .annotate(amount=Sum("account__invoices__amount"))
        .order_by("contact_id", "account__invoices__currency")
    )
    found: dict[int, dict[str, Decimal]] = {}
    for row in rows:
        sums = found.setdefault(row["contact_id"], {})
        sums[row["account__invoices__currency"]] = row["amount"]
    return dict(found)


def by_age(*, on: date) -> list[Aged]:
    """What everybody owes since before `on`, the newest age first, by currency; one query.

    The ages are those of `AGES`; one in which nothing is owed is left out.
    """
    days = {label: _due_between(first, last, on) for label, (first, last) in AGES.items()}
    age = Case(*[When(due, then=Value(label)) for label, due in days.items()])
    rows = (
        Invoice.objects.overdue(on)
        .annotate(age=age)
        .order_by("currency", "age")
        .values("age", "currency")
        .annotate(amount=Sum("amount"), invoices=Count("pk"))
    )
    found = [Aged(**row) for row in rows]
    return sorted(found, key=lambda aged: (aged.currency, list(AGES).index(aged.age)))


def due_in_age(age: str, *, on: date) -> Q:
    """The condition of one of `AGES`, for lists that show its invoices."""
    return _due_between(*AGES[age], on)


def _due_between(first: int, last: int | None, on: date) -> Q:
    due = Q(due_on__lte=on - timedelta(days=first))
    return due & Q(due_on__gte=on - timedelta(days=last)) if last else due


def due_in_words(invoice: Invoice, *, on: date) -> str:
    """`due 4 November 2026, 18 days overdue`, without the lateness where there is none."""
    days = invoice.days_overdue(on)
    late = f", {counted(days, 'day')} overdue" if days else ""
    return f"due {day_in_words(invoice.due_on)}{late}"


def day_in_words(day: date) -> str:
    """`4 November 2026`, in English whatever language the admin is shown in."""
    with translation.override("en"):
        return dateformat.format(day, "j F Y")


def counted(count: int, noun: str) -> str:
    """`1 day`, `18 days`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def totals(invoices: Sequence[Invoice]) -> dict[str, Decimal]:
    """What these invoices come to, by currency."""
    return money.totals((invoice.amount, invoice.currency) for invoice in invoices)
