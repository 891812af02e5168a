"""Accounts and invoices for tests, ready made; what they do not name is a plain open invoice."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from billing.models import Account, Invoice
from conversations import clock
from conversations.models import Contact

_serial = count(900)


def an_account(*contacts: Contact, name: str = "Mokoena Attorneys", **fields: Any) -> Account:
    """A customer of the business for whom these contacts speak."""
    account = Account.objects.create(name=name, **fields)
    account.contacts.set(contacts)
    return account


def an_invoice(
    account: Account, amount: str = "100.00", *, due_in: int = 14, **fields: Any
) -> Invoice:
    """An open invoice that is due so many days from today; negative: so many days overdue."""
    return Invoice.objects.create(account=account, **_given(amount, due_in=due_in, **fields))


def paid_invoice(
    account: Account, amount: str = "100.00", *, days_ago: int, **fields: Any
) -> Invoice:
    """An invoice that was paid so many days ago."""
    settled = {"status": Invoice.Status.PAID, "paid_on": clock.today() - timedelta(days=days_ago)}
    return an_invoice(account, amount, due_in=-days_ago, **(settled | fields))


def unsaved(account: Account, amount: str = "100.00", **fields: Any) -> Invoice:
    """An invoice in memory only, for the words alone; `due_on` is 4 November 2026."""
    due_on = date(2026, 11, 4)
    plain = {
        "number": "INV-0847",
        "amount": Decimal(amount),
        "issued_on": due_on - timedelta(days=30),
        "due_on": due_on,
    }
    return Invoice(account=account, **(plain | fields))


def _given(amount: str, *, due_in: int, **fields: Any) -> dict[str, Any]:
    due_on = clock.today() + timedelta(days=due_in)
    return {
        "number": f"INV-{next(_serial):04}",
        "amount": Decimal(amount),
        "issued_on": due_on - timedelta(days=30),
        "due_on": due_on,
        **fields,
    }
