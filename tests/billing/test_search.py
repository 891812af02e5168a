"""Finding contacts by what billing knows of them."""

import pytest
from pytest_django import DjangoAssertNumQueries

from billing.domain import SEARCH_AT_MOST, Billing
from conversations.models import Contact
from tests.billing.rows import an_account, an_invoice
from tests.factories import a_contact

pytestmark = pytest.mark.django_db


def found(words: str) -> list[int]:
    return list(Billing().search(words))


@pytest.fixture
def thandi() -> Contact:
    contact = a_contact("Thandi")
    an_invoice(an_account(contact, name="Karoo Farm Stall (Pty) Ltd"), number="INV-0847")
    other = an_account(a_contact("Somebody else"), name="Somebody's Shop")
    an_invoice(other, number="INV-0999")
    return contact


@pytest.mark.parametrize(
    "words", ["INV-0847", "inv-0847", "0847", " 0847 ", "karoo", "FARM STALL", "stall karoo"]
)
def test_it_finds_by_number_and_by_words_of_the_account(thandi: Contact, words: str) -> None:
    assert found(words) == [thandi.pk]


@pytest.mark.parametrize(
    "words", ["", "   ", "\x00", "Thandi", "INV-0001", "karoo dairy", "%", "_"]
)
def test_it_finds_nothing_where_nothing_matches(thandi: Contact, words: str) -> None:
    assert found(words) == []


def test_all_contacts_of_an_account_are_found_once_each() -> None:
    first, second = a_contact(), a_contact()
    account = an_account(first, second, name="Two Rivers")
    an_invoice(account, number="RIVERS-1")
    an_invoice(account, number="RIVERS-2")
    assert found("rivers") == [first.pk, second.pk]


def test_it_is_bounded_and_asks_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    contacts = Contact.objects.bulk_create(
        Contact(name="One of many", wa_id=f"2782{number:07}")
        for number in range(SEARCH_AT_MOST + 5)
    )
    an_account(*contacts, name="A choir")
    with django_assert_num_queries(1):
        assert len(found("choir")) == SEARCH_AT_MOST


def test_a_page_of_text_as_search_is_harmless(thandi: Contact) -> None:
    assert found("karoo " * 5000) == [thandi.pk]
