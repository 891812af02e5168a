"""The card "Invoices" beside a conversation: open ones, the oldest due first, then paid ones.

`domain` comes in, after it has asked whether the viewer may see invoices.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.urls import reverse

from billing import money, overdue
from billing.models import Account, Invoice
from conversations.domain import Chip, PanelCard, PanelRow
from conversations.models import Contact

OPEN_SHOWN = 6
PAID_SHOWN = 3
TITLE = "Invoices"
NO_ACCOUNT = "No account is linked to this contact."
NO_INVOICES = "No invoices."

OVERDUE = Chip("Overdue", "red")
OPEN = Chip("Open", "blue")
PAID = Chip("Paid", "green")


def card(contact: Contact, *, on: date) -> PanelCard:
    """The invoices of all accounts that this contact speaks for; three queries at most."""
    account_ids = list(Account.objects.filter(contacts=contact).values_list("pk", flat=True))
    if not account_ids:
        return PanelCard(TITLE, empty=NO_ACCOUNT)
    url = _list_url(account_ids)
    unpaid = overdue.open_invoices(contact)
    rows = (
        *(_row(invoice, on=on) for invoice in unpaid[:OPEN_SHOWN]),
        *_more(unpaid[OPEN_SHOWN:], url),
        *(_row(invoice, on=on) for invoice in overdue.latest_paid(contact, PAID_SHOWN)),
    )
    return PanelCard(TITLE, rows, empty=NO_INVOICES, url=url)


def _list_url(account_ids: Sequence[int]) -> str:
    ids = ",".join(str(account_id) for account_id in account_ids)
    return f"{reverse('admin:billing_invoice_changelist')}?account__id__in={ids}"


def _more(hidden: Sequence[Invoice], url: str) -> list[PanelRow]:
    if not hidden:
        return []
    total = money.in_words(overdue.totals(hidden))
    return [PanelRow(f"{len(hidden)} more open", value=total, url=url)]


def _row(invoice: Invoice, *, on: date) -> PanelRow:
    return PanelRow(
        invoice.number,
        detail=_detail(invoice, on=on),
        value=money.display(invoice.amount, invoice.currency),
        chip=_chip(invoice, on=on),
        url=reverse("admin:billing_invoice_change", args=[invoice.pk]),
    )


def _detail(invoice: Invoice, *, on: date) -> str:
    if invoice.status == Invoice.Status.PAID and invoice.paid_on:
        return f"paid {overdue.day_in_words(invoice.paid_on)}"
    return overdue.due_in_words(invoice, on=on)


def _chip(invoice: Invoice, *, on: date) -> Chip:
    if invoice.status == Invoice.Status.PAID:
        return PAID
    return OVERDUE if invoice.days_overdue(on) else OPEN
