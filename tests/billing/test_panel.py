"""The card "Invoices" beside a conversation."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from billing.domain import Billing
from billing.models import Invoice
from billing.overdue import day_in_words
from conversations import clock
from conversations.domain import Chip, PanelCard, PanelRow, Viewer
from conversations.models import Contact
from tests.billing.rows import an_account, an_invoice, paid_invoice
from tests.factories import a_contact, an_agent

pytestmark = pytest.mark.django_db

CLERK = Viewer(frozenset({"billing.view_invoice"}))


def card(contact: Contact) -> PanelCard:
    found = Billing().panel(contact, CLERK)
    assert found is not None
    return found


def test_who_may_not_see_invoices_gets_no_card() -> None:
    thandi = a_contact()
    an_invoice(an_account(thandi))
    others = frozenset({"billing.view_account", "conversations.view_thread"})
    assert Billing().panel(thandi, Viewer(others)) is None


def test_a_row_has_number_amount_day_state_and_a_link() -> None:
    thandi = a_contact()
    invoice = an_invoice(an_account(thandi), "4540.00", number="INV-0847", due_in=-7)
    due = day_in_words(clock.today() - timedelta(days=7))
    assert card(thandi).rows == (
        PanelRow(
            "INV-0847",
            detail=f"due {due}, 7 days overdue",
            value="R 4,540.00",
            chip=Chip("Overdue", "red"),
            url=f"/admin/billing/invoice/{invoice.pk}/change/",
        ),
    )


def test_open_ones_come_first_oldest_due_before_paid_ones() -> None:
    thandi = a_contact()
    account = an_account(thandi)
    paid_invoice(account, days_ago=2)
    an_invoice(account, due_in=5)
    an_invoice(account, due_in=-5)
    an_invoice(account, status=Invoice.Status.CANCELLED)
    chips = [row.chip.text for row in card(thandi).rows if row.chip]
    assert chips == ["Overdue", "Open", "Paid"]


def test_a_paid_row_tells_when_it_was_paid() -> None:
    thandi = a_contact()
    paid_invoice(an_account(thandi), days_ago=2)
    (row,) = card(thandi).rows
    assert row.detail == f"paid {day_in_words(clock.today() - timedelta(days=2))}"


def test_more_than_six_open_ones_are_summed_up() -> None:
    thandi = a_contact()
    account = an_account(thandi)
    for due_in in range(9):
        an_invoice(account, "10.00", due_in=due_in)
    shown = card(thandi)
    assert [(row.title, row.value, row.url) for row in shown.rows[6:]] == [
        ("3 more open", "R 30.00", shown.url)
    ]


def test_the_card_links_to_the_invoices_of_all_the_contacts_accounts() -> None:
    thandi = a_contact()
    first, second = an_account(thandi, name="A"), an_account(thandi, name="B")
    assert card(thandi).url == f"/admin/billing/invoice/?account__id__in={first.pk},{second.pk}"


def test_it_says_why_it_is_empty() -> None:
    linked = a_contact()
    an_account(linked)
    assert card(linked) == PanelCard("Invoices", empty="No invoices.", url=card(linked).url)
    assert card(a_contact()) == PanelCard("Invoices", empty="No account is linked to this contact.")


def test_a_namesakes_invoices_never_appear() -> None:
    an_invoice(an_account(a_contact("Thandi")), number="INV-FOREIGN")
    paid_invoice(an_account(a_contact("Thandi")), days_ago=1, number="INV-FOREIGN-PAID")
    thandi = a_contact("Thandi")
    an_invoice(an_account(thandi), number="INV-OWN")
    assert [row.title for row in card(thandi).rows] == ["INV-OWN"]


def test_it_asks_three_times_however_many_there_are(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    thandi = a_contact()
    for account in [an_account(thandi), an_account(thandi)]:
        for _ in range(6):
            an_invoice(account)
            paid_invoice(account, days_ago=1)
    with django_assert_num_queries(3):
        card(thandi)


def test_an_agent_can_follow_its_links(client: Client) -> None:
    thandi = a_contact()
    an_invoice(an_account(thandi), number="INV-0847")
    an_invoice(an_account(a_contact()), number="INV-0999")
    client.force_login(an_agent())
    shown = card(thandi)
    assert b"INV-0847" in client.get(shown.rows[0].url).content
    listed = client.get(shown.url).content
    assert b"INV-0847" in listed
    assert b"INV-0999" not in listed
