"""What the assistant may say about a contact's money."""

from collections.abc import Sequence
from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from billing import facts
from billing.domain import Billing
from billing.models import Account
from tests.billing.rows import an_account, an_invoice, paid_invoice, unsaved
from tests.factories import a_contact, a_thread

pytestmark = pytest.mark.django_db

BANK = "Karoo Office Supplies\nAccount: 62 0000 12345"
BANK_SENTENCE = "Bank details for payments: Karoo Office Supplies, Account: 62 0000 12345."


@pytest.fixture(autouse=True)
def bank_details(settings: Settings) -> None:
    settings.BANK_DETAILS = BANK


def test_an_open_invoice_is_one_complete_sentence() -> None:
    owed = [unsaved(Account(pk=1, name="Mokoena Attorneys"), "24500.00")]
    assert facts.sentences(owed, on=date(2026, 11, 22), bank_details=BANK) == [
        "Open invoice INV-0847: R 24,500.00, due 4 November 2026, 18 days overdue.",
        "Reference for a payment: INV-0847.",
        BANK_SENTENCE,
    ]


def test_several_invoices_have_a_total_and_the_reference_of_their_account() -> None:
    thread = a_thread()
    account = an_account(thread.contact, external_id="KOS-1004")
    an_invoice(account, "100.00")
    an_invoice(account, "25.50")
    known = Billing().facts(thread)
    assert "Total of all open invoices: R 125.50." in known
    assert "Reference for a payment: KOS-1004." in known


def test_two_accounts_have_a_reference_each() -> None:
    thread = a_thread()
    an_invoice(an_account(thread.contact, name="Nkosi Trading"), number="INV-1", due_in=1)
    an_invoice(an_account(thread.contact, name="Nkosi Trust"), number="INV-2", due_in=2)
    known = Billing().facts(thread)
    assert "Reference for a payment of Nkosi Trading: INV-1." in known
    assert "Reference for a payment of Nkosi Trust: INV-2." in known


@pytest.mark.parametrize(
    ("count", "more"),
    [(10, []), (11, ["And 1 more open invoice."]), (13, ["And 3 more open invoices."])],
)
def test_at_most_ten_are_named_and_the_rest_counted(count: int, more: Sequence[str]) -> None:
    thread = a_thread()
    account = an_account(thread.contact)
    for _ in range(count):
        an_invoice(account)
    known = Billing().facts(thread)
    assert sum(sentence.startswith("Open invoice ") for sentence in known) == 10
    assert [sentence for sentence in known if "more open" in sentence] == more


def test_who_owes_nothing_has_no_open_invoices() -> None:
    thread = a_thread()
    paid_invoice(an_account(thread.contact), days_ago=1)
    assert Billing().facts(thread) == ["No open invoices.", BANK_SENTENCE]


def test_of_an_unknown_number_it_does_not_claim_that_nothing_is_owed() -> None:
    assert Billing().facts(a_thread()) == [
        "This number is not linked to an account, so nothing is known about invoices.",
        BANK_SENTENCE,
    ]


def test_without_bank_details_there_is_no_sentence_on_them(settings: Settings) -> None:
    settings.BANK_DETAILS = ""
    assert Billing().facts(a_thread()) == [facts.NOT_LINKED]


def test_a_namesakes_invoices_are_not_known() -> None:
    an_invoice(an_account(a_contact("Thandi Mokoena"), name="Same Name"), number="INV-FOREIGN")
    thread = a_thread(contact=a_contact("Thandi Mokoena"))
    an_invoice(an_account(thread.contact, name="Same Name"), number="INV-OWN")
    known = " ".join(Billing().facts(thread))
    assert "INV-OWN" in known
    assert "INV-FOREIGN" not in known


def test_it_asks_once_however_many_there_are(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    thread = a_thread()
    for account in [an_account(thread.contact), an_account(thread.contact)]:
        for _ in range(8):
            an_invoice(account)
    with django_assert_num_queries(1):
        Billing().facts(thread)
