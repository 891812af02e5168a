"""What may become of an invoice. Pure: what it is and what it shall be come in, problems go out.

An open one may change, be paid or be cancelled. What was paid is settled: its sum and whose it is
stay, unless the payment is taken back, which opens it again. What was cancelled is over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.models import Invoice

Status = Invoice.Status

MAY_BECOME: dict[str, frozenset[str]] = {
    Status.OPEN: frozenset({Status.OPEN, Status.PAID, Status.CANCELLED}),
    Status.PAID: frozenset({Status.PAID, Status.OPEN}),
    Status.CANCELLED: frozenset({Status.CANCELLED}),
}
WHY_NOT = {
    Status.PAID: "A paid invoice can only be opened again, where its payment is taken back.",
    Status.CANCELLED: "A cancelled invoice stays cancelled. Issue a new one.",
}
# How the fields of a row are called by those who write it.
SPOKEN = {"amount": "total.amount", "currency": "total.currency", "account_id": "account"}
SETTLED = ("number", "account_id", "amount", "currency", "issued_on")


@dataclass(frozen=True)
class Wanted:
    """The columns as they shall be; every one is decided."""

    external_id: str
    number: str
    account_id: int
    amount: Decimal
    currency: str
    issued_on: date
    due_on: date
    status: str
    paid_on: date | None


def faults(invoice: Invoice | None, wanted: Wanted) -> Iterator[tuple[str, str, str]]:
    """Each fault as (field, code, words); none where it may be written. None: it is new."""
    if wanted.due_on < wanted.issued_on:
        yield "due_on", "due_before_issued", "It must not be before issued_on."
    if wanted.paid_on and wanted.status != Status.PAID:
        yield "paid_on", "not_paid", "Only a paid invoice has a day of payment."
    if invoice is not None:
        yield from _faults_of_change(invoice, wanted)


def _faults_of_change(invoice: Invoice, wanted: Wanted) -> Iterator[tuple[str, str, str]]:
    if wanted.status not in MAY_BECOME[invoice.status]:
        yield "status", "status_not_possible", WHY_NOT[Status(invoice.status)]
    elif wanted.status == invoice.status == Status.PAID:
        for name in differences(invoice, wanted, SETTLED):
            yield SPOKEN.get(name, name), "settled", "It was paid: this no longer changes."
    elif invoice.status == Status.CANCELLED:
        for name in differences(invoice, wanted, (*SETTLED, "due_on")):
            yield SPOKEN.get(name, name), "cancelled", "It was cancelled: this no longer changes."


def differences(invoice: Invoice, wanted: Wanted, names: tuple[str, ...]) -> list[str]:
    """Which of these columns would change."""
    return [name for name in names if getattr(invoice, name) != getattr(wanted, name)]
