"""What is due and since when: the order of open invoices, and their lateness in words.

Answers, facts and the panel come in; it reads invoices and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import F, Sum
from django.utils import dateformat, translation

from billing import money
from billing.models import Account, Invoice
from conversations.models import Contact


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
