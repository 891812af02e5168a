"""Tapped buttons and menu rows, answered from the rows of the one who taps."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from billing.domain import Billing
from billing.overdue import day_in_words
from conversations import clock
from conversations.domain import Answer
from conversations.models import Thread
from conversations.whatsapp.content import Button, Buttons, ListMenu, Text
from tests.billing.rows import an_account, an_invoice, paid_invoice
from tests.factories import a_contact, a_thread

pytestmark = pytest.mark.django_db

BANK = "Karoo Office Supplies\nAccount: 62 0000 12345"


@pytest.fixture(autouse=True)
def bank_details(settings: Settings) -> None:
    settings.BANK_DETAILS = BANK


def tap(thread: Thread, action: str) -> Answer:
    answer = Billing().answer_tap(thread, action, "")
    assert answer is not None
    return answer


def words(answer: Answer) -> str:
    return "\n".join(content.text_for_people() for content in answer.contents)


def day(offset: int) -> str:
    return day_in_words(clock.today() + timedelta(days=offset))


def test_a_single_invoice_is_shown_with_amount_day_and_lateness() -> None:
    thread = a_thread()
    an_invoice(an_account(thread.contact), "24500.00", number="INV-0847", due_in=-18)
    (content,) = tap(thread, "view_invoices").contents
    assert isinstance(content, Buttons)
    assert content.buttons == (Button("pay_now", "Pay now"),)
    assert content.body == (
        f"You have 1 open invoice:\n\nINV-0847: R 24,500.00\ndue {day(-18)}, 18 days overdue"
    )


def test_the_three_oldest_due_are_shown_and_the_others_counted() -> None:
    thread = a_thread()
    account = an_account(thread.contact)
    for number, due_in in [
        ("INV-D", 9),
        ("INV-B", -2),
        ("INV-E", 20),
        ("INV-A", -30),
        ("INV-C", 4),
    ]:
        an_invoice(account, number=number, due_in=due_in)
    shown = words(tap(thread, "view_invoices"))
    assert shown.startswith("You have 5 open invoices. The 3 oldest:\n\nINV-A: ")
    assert shown.index("INV-A") < shown.index("INV-B") < shown.index("INV-C")
    assert "INV-D" not in shown
    assert shown.endswith("\n\nAnd 2 more open invoices.")


def test_three_invoices_have_no_more_to_follow() -> None:
    thread = a_thread()
    account = an_account(thread.contact)
    for _ in range(3):
        an_invoice(account)
    assert "more" not in words(tap(thread, "view_invoices"))


def test_the_menu_row_shows_the_same_as_the_button() -> None:
    thread = a_thread()
    an_invoice(an_account(thread.contact))
    assert tap(thread, "check_invoice") == tap(thread, "view_invoices")


def test_two_accounts_are_told_apart_by_name() -> None:
    thread = a_thread()
    an_invoice(an_account(thread.contact, name="Nkosi Trading"), number="INV-1", due_in=1)
    an_invoice(an_account(thread.contact, name="Nkosi Family Trust"), number="INV-2", due_in=2)
    shown = words(tap(thread, "view_invoices"))
    assert "INV-1 (Nkosi Trading): " in shown
    assert "INV-2 (Nkosi Family Trust): " in shown


@pytest.mark.parametrize("action", ["view_invoices", "check_invoice", "pay_now"])
def test_who_owes_nothing_is_told_so(action: str) -> None:
    thread = a_thread()
    an_account(thread.contact)
    answer = tap(thread, action)
    assert words(answer).startswith("You have no open invoices.")
    assert isinstance(answer.contents[0], Text)
    assert answer.hand_over == ""


@pytest.mark.parametrize("action", ["view_invoices", "check_invoice", "pay_now", "payment_history"])
def test_a_number_without_account_goes_to_a_person(action: str) -> None:
    an_invoice(an_account(a_contact("Thandi Mokoena")))
    answer = tap(a_thread(contact=a_contact("Thandi Mokoena")), action)
    assert "could not match your number to an account" in words(answer)
    assert answer.hand_over == "Number is not linked to an account"


@pytest.mark.parametrize("action", ["view_invoices", "pay_now", "payment_history"])
def test_a_namesakes_invoices_never_appear(action: str) -> None:
    namesake, thandi = a_contact("Thandi Mokoena"), a_contact("Thandi Mokoena")
    foreign, own = an_account(namesake, name="Same Name"), an_account(thandi, name="Same Name")
    an_invoice(foreign, "555.00", number="INV-FOREIGN")
    paid_invoice(foreign, "666.00", days_ago=1, number="INV-FOREIGN-PAID")
    an_invoice(own, number="INV-OWN")
    paid_invoice(own, days_ago=2, number="INV-OWN-PAID")
    shown = words(tap(a_thread(contact=thandi), action))
    assert "FOREIGN" not in shown
    assert "555" not in shown
    assert "INV-OWN" in shown


def test_a_ref_that_names_a_foreign_invoice_opens_nothing() -> None:
    foreign = an_invoice(an_account(a_contact()), number="INV-FOREIGN")
    thread = a_thread()
    an_invoice(an_account(thread.contact), number="INV-OWN")
    answer = Billing().answer_tap(thread, "view_invoices", str(foreign.pk))
    assert answer is not None
    assert "INV-FOREIGN" not in words(answer)


def test_the_history_shows_the_last_five_payments_with_their_days() -> None:
    thread = a_thread()
    account = an_account(thread.contact)
    for days_ago in range(1, 8):
        paid_invoice(account, days_ago=days_ago, number=f"INV-{days_ago}")
    shown = words(tap(thread, "payment_history")).splitlines()
    assert shown[:3] == ["Your latest payments:", "", f"INV-1: R 100.00, paid {day(-1)}"]
    assert len(shown) == 7


def test_a_payment_without_a_day_is_shown_without_one() -> None:
    thread = a_thread()
    paid_invoice(an_account(thread.contact), days_ago=1, number="INV-1", paid_on=None)
    assert words(tap(thread, "payment_history")).endswith("INV-1: R 100.00, paid")


def test_a_history_without_payments_says_so() -> None:
    thread = a_thread()
    an_invoice(an_account(thread.contact))
    answer = tap(thread, "payment_history")
    assert words(answer) == "We have no payments from you on record yet."
    assert answer.hand_over == ""


def test_new_details_go_to_a_person() -> None:
    answer = tap(a_thread(), "update_details")
    assert "a colleague will update your details" in words(answer)
    assert answer.hand_over == "Wants to update details"


@pytest.mark.parametrize("action", ["track_order", "new_order", "", "VIEW_INVOICES", "view"])
def test_foreign_actions_are_left_to_others(action: str) -> None:
    assert Billing().answer_tap(a_thread(), action, "") is None


def test_the_menu_has_its_three_rows_and_each_is_answered() -> None:
    section = Billing().menu()
    assert section is not None
    ListMenu("How can we help?", "View options", (section,))
    assert section.title == "Account & Billing"
    assert [(row.id, row.title) for row in section.rows] == [
        ("check_invoice", "Check invoice"),
        ("payment_history", "Payment history"),
        ("update_details", "Update details"),
    ]
    assert all(row.description for row in section.rows)
    assert all(tap(a_thread(), row.id).contents for row in section.rows)


@pytest.mark.parametrize("action", ["view_invoices", "pay_now"])
def test_it_asks_once_however_many_invoices_there_are(
    action: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    thread = a_thread()
    for account in [an_account(thread.contact), an_account(thread.contact)]:
        for _ in range(6):
            an_invoice(account)
    with django_assert_num_queries(1):
        tap(thread, action)


def test_it_asks_twice_where_nothing_is_open(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    thread = a_thread()
    with django_assert_num_queries(2):
        tap(thread, "pay_now")
