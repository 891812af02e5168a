"""The mark of overdue money in the list of conversations."""

import pytest
from pytest_django import DjangoAssertNumQueries

from billing.domain import Billing
from conversations.domain import Chip
from tests.billing.rows import an_account, an_invoice, paid_invoice
from tests.factories import a_contact

pytestmark = pytest.mark.django_db


def test_it_adds_what_is_overdue_on_all_accounts() -> None:
    thandi = a_contact()
    an_invoice(an_account(thandi), "4500.00", due_in=-3)
    an_invoice(an_account(thandi), "40.00", due_in=-1)
    assert Billing().chips([thandi.pk]) == {thandi.pk: Chip("R 4,540.00 overdue", "red")}


def test_what_is_paid_or_not_yet_due_leaves_no_mark() -> None:
    thandi = a_contact()
    account = an_account(thandi)
    an_invoice(account, due_in=0)
    paid_invoice(account, days_ago=40)
    assert Billing().chips([thandi.pk]) == {}


def test_currencies_stand_beside_each_other() -> None:
    thandi = a_contact()
    account = an_account(thandi)
    an_invoice(account, "120.00", due_in=-1, currency="USD")
    an_invoice(account, "10.00", due_in=-1)
    assert Billing().chips([thandi.pk])[thandi.pk].text == "USD 120.00 and R 10.00 overdue"


def test_an_account_of_two_contacts_marks_both_with_the_whole_amount() -> None:
    first, second = a_contact(), a_contact()
    an_invoice(an_account(first, second), "10.00", due_in=-1)
    assert {chip.text for chip in Billing().chips([first.pk, second.pk]).values()} == {
        "R 10.00 overdue"
    }


def test_only_the_contacts_that_were_asked_for_are_marked() -> None:
    asked, other = a_contact("Thandi"), a_contact("Thandi")
    an_invoice(an_account(asked, other), due_in=-1)
    an_invoice(an_account(other), due_in=-1)
    assert set(Billing().chips([asked.pk])) == {asked.pk}
    assert Billing().chips([]) == {}


def test_it_asks_once_for_any_number_of_contacts(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    contacts = [a_contact() for _ in range(12)]
    for contact in contacts:
        an_invoice(an_account(contact), due_in=-1)
    with django_assert_num_queries(1):
        assert len(Billing().chips([contact.pk for contact in contacts])) == 12
