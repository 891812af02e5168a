"""Bank details, the reference to use and the sum to pay."""

import pytest
from pytest_django import Settings

from billing import paying
from billing.domain import Billing
from conversations.domain import Answer
from conversations.models import Thread
from conversations.whatsapp.content import Text
from tests.billing.rows import an_account, an_invoice
from tests.factories import a_thread

pytestmark = pytest.mark.django_db

BANK = "Karoo Office Supplies\nAccount: 62 0000 12345"


@pytest.fixture(autouse=True)
def bank_details(settings: Settings) -> None:
    settings.BANK_DETAILS = BANK


def pay(thread: Thread) -> Answer:
    answer = Billing().answer_tap(thread, "pay_now", "")
    assert answer is not None
    return answer


def words(answer: Answer) -> str:
    return "\n".join(content.text_for_people() for content in answer.contents)


def test_one_invoice_is_paid_under_its_own_number() -> None:
    thread = a_thread()
    account = an_account(thread.contact, external_id="KOS-1004")
    an_invoice(account, "24500.00", number="INV-0847")
    answer = pay(thread)
    assert answer.contents == (
        Text(f"You can pay by EFT:\n\n{BANK}\n\nTotal to pay: R 24,500.00\nReference: INV-0847"),
    )
    assert answer.hand_over == ""


def test_several_invoices_are_paid_under_the_accounts_own_key() -> None:
    thread = a_thread()
    account = an_account(thread.contact, external_id="KOS-1004")
    an_invoice(account, "100.00")
    an_invoice(account, "50.50")
    assert words(pay(thread)).endswith("Total to pay: R 150.50\nReference: KOS-1004")


def test_several_invoices_of_an_account_without_key_are_all_named() -> None:
    thread = a_thread()
    account = an_account(thread.contact)
    an_invoice(account, number="INV-2", due_in=2)
    an_invoice(account, number="INV-1", due_in=1)
    assert words(pay(thread)).endswith("Reference: INV-1, INV-2")


def test_more_than_ten_numbers_are_counted() -> None:
    thread = a_thread()
    account = an_account(thread.contact)
    for due_in in range(12):
        an_invoice(account, due_in=due_in, number=f"INV-{due_in:02}")
    assert words(pay(thread)).endswith("INV-09 and 2 more")


def test_each_account_has_its_own_reference() -> None:
    thread = a_thread()
    trading = an_account(thread.contact, name="Nkosi Trading", external_id="KOS-1009")
    an_invoice(trading, due_in=1)
    an_invoice(trading, due_in=2)
    an_invoice(an_account(thread.contact, name="Nkosi Trust"), due_in=3, number="INV-3")
    assert words(pay(thread)).endswith(
        "Reference for each account:\nNkosi Trading: KOS-1009\nNkosi Trust: INV-3"
    )


def test_currencies_are_totalled_apart() -> None:
    thread = a_thread()
    account = an_account(thread.contact)
    an_invoice(account, "120.00", currency="USD")
    an_invoice(account, "10.00")
    an_invoice(account, "20.00")
    assert "Total to pay: USD 120.00 and R 30.00\n" in words(pay(thread))


@pytest.mark.parametrize("unset", ["", "  ", "\\n", "\n \n"])
def test_without_bank_details_a_person_helps(settings: Settings, unset: str) -> None:
    settings.BANK_DETAILS = unset
    thread = a_thread()
    an_invoice(an_account(thread.contact))
    answer = pay(thread)
    assert len(answer.contents) == 1
    assert answer.hand_over == "Wants to pay, no bank details are set"


@pytest.mark.parametrize("written", ["A Bank\\n 123 \\n", "A Bank\n123", "\r\nA Bank\r\n\r\n123"])
def test_bank_details_may_be_written_with_typed_or_real_line_breaks(
    settings: Settings, written: str
) -> None:
    settings.BANK_DETAILS = written
    assert paying.bank_details() == "A Bank\n123"


def test_bank_details_longer_than_a_message_come_in_parts(settings: Settings) -> None:
    settings.BANK_DETAILS = "\n".join(f"Branch {number}: 632005" for number in range(400))
    thread = a_thread()
    an_invoice(an_account(thread.contact), number="INV-1")
    answer = pay(thread)
    assert len(answer.contents) > 1
    assert words(answer).endswith("Reference: INV-1")
