"""What is due and since when, and whose it is."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from billing import overdue
from billing.models import Account, Invoice
from conversations import clock
from tests.billing.rows import an_account, an_invoice, paid_invoice, unsaved
from tests.factories import a_contact

DUE = unsaved(Account(name="Mokoena Attorneys"))


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2026, 10, 1), "due 4 November 2026"),
        (date(2026, 11, 4), "due 4 November 2026"),
        (date(2026, 11, 5), "due 4 November 2026, 1 day overdue"),
        (date(2026, 11, 22), "due 4 November 2026, 18 days overdue"),
        (date(2028, 2, 29), "due 4 November 2026, 482 days overdue"),
    ],
)
def test_it_says_when_an_invoice_is_due_and_how_late_it_is(on: date, words: str) -> None:
    assert overdue.due_in_words(DUE, on=on) == words


def test_a_paid_invoice_is_never_late() -> None:
    paid = unsaved(DUE.account, status=Invoice.Status.PAID)
    assert overdue.due_in_words(paid, on=date(2027, 1, 1)) == "due 4 November 2026"


def test_days_are_english_in_an_admin_that_is_shown_in_german() -> None:
    with translation.override("de"):
        assert overdue.day_in_words(date(2026, 3, 1)) == "1 March 2026"


@pytest.mark.django_db
def test_open_invoices_come_oldest_due_first_then_by_number() -> None:
    thandi = a_contact()
    account = an_account(thandi)
    for number, due_in in [("INV-3", -5), ("INV-2", 3), ("INV-1", 3), ("INV-4", -40)]:
        an_invoice(account, number=number, due_in=due_in)
    found = [invoice.number for invoice in overdue.open_invoices(thandi)]
    assert found == ["INV-4", "INV-3", "INV-1", "INV-2"]


@pytest.mark.django_db
def test_paid_and_cancelled_invoices_are_not_open() -> None:
    thandi = a_contact()
    account = an_account(thandi)
    paid_invoice(account, days_ago=3)
    an_invoice(account, status=Invoice.Status.CANCELLED)
    assert overdue.open_invoices(thandi) == []


@pytest.mark.django_db
def test_the_latest_payment_comes_first_and_payments_without_a_day_last() -> None:
    thandi = a_contact()
    account = an_account(thandi)
    paid_invoice(account, days_ago=9, number="INV-OLD")
    paid_invoice(account, days_ago=2, number="INV-NEW")
    an_invoice(account, status=Invoice.Status.PAID, number="INV-UNDATED")
    found = [invoice.number for invoice in overdue.latest_paid(thandi, 5)]
    assert found == ["INV-NEW", "INV-OLD", "INV-UNDATED"]


@pytest.mark.django_db
def test_what_is_due_today_is_not_yet_overdue() -> None:
    thandi = a_contact()
    account = an_account(thandi)
    an_invoice(account, "10.00", due_in=0)
    an_invoice(account, "3.50", due_in=-1)
    found = overdue.overdue_amounts([thandi.pk], on=clock.today())
    assert found == {thandi.pk: {"ZAR": Decimal("3.50")}}
