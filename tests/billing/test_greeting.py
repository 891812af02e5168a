"""Intent `invoice`: the greeting with two buttons, for this sender's own invoices only."""

import pytest
from pytest_django import DjangoAssertNumQueries

from billing.domain import Billing
from billing.models import Invoice
from conversations.domain import domains
from conversations.models import Thread
from conversations.whatsapp.content import Button, Buttons
from tests.billing.rows import an_account, an_invoice, paid_invoice
from tests.factories import a_contact, a_thread

pytestmark = pytest.mark.django_db

TWO_BUTTONS = (Button("view_invoices", "View invoices"), Button("pay_now", "Pay now"))


def body(thread: Thread) -> str:
    answer = Billing().answer_intent(thread, "invoice")
    assert answer is not None
    (content,) = answer.contents
    assert isinstance(content, Buttons)
    assert content.buttons == TWO_BUTTONS
    assert answer.hand_over == ""
    return content.body


def thread_with_open(count: int, *, name: str = "Thandi Mokoena") -> Thread:
    thread = a_thread(contact=a_contact(name))
    account = an_account(thread.contact)
    for _ in range(count):
        an_invoice(account)
    return thread


def test_settings_name_the_domain() -> None:
    assert any(isinstance(domain, Billing) for domain in domains())


def test_it_greets_by_first_name_and_counts_open_invoices() -> None:
    assert body(thread_with_open(2)) == (
        "Hi Thandi, you have 2 open invoices. Would you like to view details or make a payment?"
    )


def test_it_says_invoice_for_a_single_one() -> None:
    assert body(thread_with_open(1)) == (
        "Hi Thandi, you have 1 open invoice. Would you like to view details or make a payment?"
    )


@pytest.mark.parametrize("name", ["", "🌸🌸", "2024 Builders", "http://x.co/me Thandi", "A" * 41])
def test_it_greets_without_a_name_where_the_name_is_none(name: str) -> None:
    assert body(thread_with_open(1, name=name)).startswith("Hi, you have 1 open invoice.")


@pytest.mark.parametrize("name", ["Anne-Marie", "D'Arcy", "D’Arcy", "Zoë", "निकिता", "Nomvula"])
def test_names_of_many_kinds_are_usable(name: str) -> None:
    assert body(thread_with_open(1, name=name)).startswith(f"Hi {name.replace('’', chr(39))}, you")


def test_it_drops_the_comma_after_a_name() -> None:
    assert body(thread_with_open(1, name="Botha, Pieter")).startswith("Hi Botha, you")


def test_without_open_invoices_the_assistant_answers() -> None:
    thread = a_thread()
    account = an_account(thread.contact)
    paid_invoice(account, days_ago=1)
    an_invoice(account, status=Invoice.Status.CANCELLED)
    assert Billing().answer_intent(thread, "invoice") is None


def test_a_contact_without_account_is_left_to_the_assistant() -> None:
    assert Billing().answer_intent(a_thread(), "invoice") is None


@pytest.mark.parametrize("intent", ["order", "support", "enquiry", "general", ""])
def test_other_intents_are_not_billings_business(intent: str) -> None:
    assert Billing().answer_intent(thread_with_open(1), intent) is None


def test_both_accounts_of_a_contact_count() -> None:
    thread = thread_with_open(1)
    an_invoice(an_account(thread.contact, name="Second"))
    assert "2 open invoices" in body(thread)


def test_an_invoice_of_two_contacts_counts_once_for_each() -> None:
    first, second = a_thread(), a_thread()
    an_invoice(an_account(first.contact, second.contact))
    assert "1 open invoice." in body(first)
    assert "1 open invoice." in body(second)


def test_invoices_of_a_namesake_are_not_counted() -> None:
    namesake = thread_with_open(3)
    thread = a_thread(contact=a_contact(namesake.contact.name))
    assert Billing().answer_intent(thread, "invoice") is None


def test_it_asks_the_database_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    thread = thread_with_open(4)
    with django_assert_num_queries(1):
        body(thread)
