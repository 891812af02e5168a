"""The demo's accounts and invoices. Days count back from the day of loading, so that what is
overdue stays as overdue whenever the demo is set up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from billing import money
from billing.models import Account, Invoice
from conversations.models import Contact


@dataclass(frozen=True)
class Customer:
    """An account, with the contacts who speak for it."""

    name: str
    external_id: str | None
    contacts: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """An invoice. `issued`, `paid`: days before today; `terms`: days from issue to the due day."""

    number: str
    account: str
    amount: str
    issued: int
    terms: int = 30
    paid: int | None = None


MOKOENA = "Mokoena Bookkeeping"
GUEST_FARM = "Kareeboom Guest Farm"
SCHOOL = "Kareeboom Primary School"
NDLOVU = "Ndlovu Civils (Pty) Ltd"
PATEL = "Patel's Corner Pharmacy"
BOTHA = "Botha & Seuns Vervoer"
NKOSI_TRADING = "Nkosi Trading"
NKOSI_HOME = "B Nkosi (home office)"
ADAMS = "Little Tortoise Crèche"

ACCOUNTS = (
    Customer(MOKOENA, "KOS-1001", ("Thandi Mokoena",)),
    Customer(GUEST_FARM, "KOS-1002", ("Johan van der Merwe",)),
    Customer(SCHOOL, "KOS-1003", ("Lerato Khumalo", "Nomvula Dlamini")),
    Customer(NDLOVU, "KOS-1004", ("Sipho Ndlovu",)),
    Customer(PATEL, "KOS-1005", ("Ayesha Patel",)),
    Customer(BOTHA, "KOS-1006", ("Pieter Botha",)),
    Customer(NKOSI_TRADING, "KOS-1007", ("Bongani Nkosi",)),
    Customer(NKOSI_HOME, None, ("Bongani Nkosi",)),
    Customer(ADAMS, "KOS-1009", ("Chantal Adams",)),
)

INVOICES = (
    Entry("INV-0801", SCHOOL, "12480.00", issued=112, paid=80),
    Entry("INV-0804", MOKOENA, "6215.40", issued=104, paid=76),
    Entry("INV-0806", GUEST_FARM, "2890.00", issued=97, paid=70),
    Entry("INV-0809", PATEL, "4120.75", issued=92, paid=63),
    Entry("INV-0811", NDLOVU, "18360.00", issued=90),
    Entry("INV-0814", ADAMS, "1745.00", issued=84, terms=14, paid=72),
    Entry("INV-0817", NKOSI_TRADING, "9950.00", issued=78),
    Entry("INV-0819", BOTHA, "3310.20", issued=76, paid=50),
    Entry("INV-0822", SCHOOL, "8940.00", issued=70),
    Entry("INV-0825", NKOSI_HOME, "1299.00", issued=66, terms=14, paid=55),
    Entry("INV-0828", GUEST_FARM, "5675.50", issued=61, paid=33),
    Entry("INV-0831", MOKOENA, "7890.00", issued=60, paid=28),
    Entry("INV-0834", PATEL, "2640.00", issued=57, paid=30),
    Entry("INV-0838", BOTHA, "14205.00", issued=54),
    Entry("INV-0841", ADAMS, "3480.00", issued=51, terms=14, paid=20),
    Entry("INV-0844", NDLOVU, "6720.90", issued=50, paid=12),
    Entry("INV-0847", MOKOENA, "24500.00", issued=48),
    Entry("INV-0850", SCHOOL, "3215.00", issued=44, paid=9),
    Entry("INV-0853", NKOSI_HOME, "4540.00", issued=40),
    Entry("INV-0856", GUEST_FARM, "4980.00", issued=35),
    Entry("INV-0859", PATEL, "1960.00", issued=34, paid=6),
    Entry("INV-0862", ADAMS, "2350.00", issued=33),
    Entry("INV-0865", NKOSI_TRADING, "11380.00", issued=21),
    Entry("INV-0868", MOKOENA, "3280.50", issued=18),
    Entry("INV-0871", NDLOVU, "9415.00", issued=12),
    Entry("INV-0874", SCHOOL, "5150.00", issued=6),
    Entry("INV-0877", PATEL, "3075.00", issued=2),
)


def add(contacts: Mapping[str, Contact], today: date) -> None:
    """All accounts with their contacts, all invoices."""
    accounts = {customer.name: _account(customer, contacts) for customer in ACCOUNTS}
    Invoice.objects.bulk_create(
        _invoice(entry, accounts[entry.account], today) for entry in INVOICES
    )


def amount(number: str) -> str:
    """What an invoice comes to, as people read it: for the conversations that speak of it."""
    entry = next(entry for entry in INVOICES if entry.number == number)
    return money.display(Decimal(entry.amount), "ZAR")


def _account(customer: Customer, contacts: Mapping[str, Contact]) -> Account:
    account = Account.objects.create(name=customer.name, external_id=customer.external_id)
    account.contacts.set([contacts[name] for name in customer.contacts])
    return account


def _invoice(entry: Entry, account: Account, today: date) -> Invoice:
    issued_on = today - timedelta(days=entry.issued)
    is_open = entry.paid is None
    return Invoice(
        number=entry.number,
        account=account,
        amount=Decimal(entry.amount),
        issued_on=issued_on,
        due_on=issued_on + timedelta(days=entry.terms),
        status=Invoice.Status.OPEN if is_open else Invoice.Status.PAID,
        paid_on=None if is_open else today - timedelta(days=entry.paid or 0),
    )
