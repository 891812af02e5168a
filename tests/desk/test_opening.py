"""Beginning a conversation: numbers as people type them, and nobody is doubled."""

from datetime import timedelta
from functools import partial

import pytest

from conversations import clock, opening
from conversations.models import Contact, ContactAlias, PhoneNumber, Thread
from tests.desk.together import together
from tests.factories import a_contact, a_phone_number, a_thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours() -> PhoneNumber:
    return a_phone_number(display_number="+27 21 555 0100")


@pytest.mark.parametrize(
    "typed",
    [
        "082 123 0001",
        "0821230001",
        "(082) 123-0001",
        "+27 82 123 0001",
        "27821230001",
        "0027 82 123 0001",
        "+27 (0)82 123 0001",
        " 082.123.0001 ",
        "０８２１２３０００１",
    ],
)
def test_however_it_is_written_it_is_the_same_customer(ours: PhoneNumber, typed: str) -> None:
    thandi = a_contact(wa_id="27821230001")
    thread = opening.thread_with(ours, typed)
    assert (thread.contact, thread.phone_number, thread.mode) == (thandi, ours, "bot")
    assert Contact.objects.count() == 1


def test_a_number_nobody_has_written_from_makes_a_contact(ours: PhoneNumber) -> None:
    thread = opening.thread_with(ours, "082 123 0001")
    assert (thread.contact.wa_id, thread.contact.name) == ("27821230001", "")
    assert thread.last_message_at is None


def test_a_thread_that_is_there_is_opened_instead_of_doubled(ours: PhoneNumber) -> None:
    thandi = a_contact(wa_id="27821230001")
    thread = a_thread(contact=thandi, phone_number=ours, is_closed=True)
    assert opening.thread_with(ours, "082 123 0001") == thread
    assert opening.thread_with(ours, thandi) == thread
    assert Thread.objects.get().is_closed


def test_each_of_our_numbers_has_a_thread_of_its_own(ours: PhoneNumber) -> None:
    thandi, other = a_contact(), a_phone_number()
    first, second = opening.thread_with(ours, thandi), opening.thread_with(other, thandi)
    assert first != second
    assert first.contact == second.contact


def test_a_number_of_another_country_needs_its_code(ours: PhoneNumber) -> None:
    assert opening.thread_with(ours, "+44 7400 123456").contact.wa_id == "447400123456"
    with pytest.raises(opening.NumberRefused):
        opening.thread_with(ours, "7400 123456")


def test_what_has_no_country_is_of_our_numbers_country() -> None:
    british = a_phone_number(display_number="+44 20 7946 0000")
    assert opening.thread_with(british, "07400 123456").contact.wa_id == "447400123456"


def test_without_a_country_of_our_own_one_must_be_typed() -> None:
    nameless = a_phone_number(display_number="")
    assert opening.thread_with(nameless, "+27821230001").contact.wa_id == "27821230001"
    with pytest.raises(opening.NumberRefused, match="country is missing"):
        opening.thread_with(nameless, "0821230001")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "not a telephone number"),
        ("Thandi", "not a telephone number"),
        ("\x00", "not a telephone number"),
        ("0821", "digits missing"),
        ("082123000112345", "too many digits"),
        ("+999 123456789", "country"),
        ("112", "digits missing"),
        ("0001230001", "No telephone has this number"),
        ("082 123 0001 ext 5", "no extensions"),
        ("082 123 0001 / 083 123 0001 / 084", "not a telephone number"),
    ],
)
def test_what_is_no_number_is_refused_with_the_reason(
    ours: PhoneNumber, typed: str, why: str
) -> None:
    with pytest.raises(opening.NumberRefused, match=why):
        opening.thread_with(ours, typed)
    assert not Contact.objects.exists()


def test_ones_own_number_is_refused(ours: PhoneNumber) -> None:
    with pytest.raises(opening.NumberRefused, match="your own"):
        opening.thread_with(ours, "021 555 0100")


@pytest.mark.parametrize(
    ("known", "typed"),
    [
        ("551187654321", "+55 11 98765-4321"),
        ("5511987654321", "+55 11 98765-4321"),
        ("5215512345678", "+52 55 1234 5678"),
        ("525512345678", "+52 1 55 1234 5678"),
    ],
)
def test_a_customer_known_under_the_other_form_of_a_number_is_found(
    ours: PhoneNumber, known: str, typed: str
) -> None:
    customer = a_contact(wa_id=known)
    assert opening.thread_with(ours, typed).contact == customer


def test_the_number_itself_goes_before_its_other_form(ours: PhoneNumber) -> None:
    a_contact(wa_id="551187654321")
    exact = a_contact(wa_id="5511987654321")
    assert opening.thread_with(ours, "+55 11 98765-4321").contact == exact


def test_a_number_that_the_tables_do_not_know_is_good_where_its_customer_wrote(
    ours: PhoneNumber,
) -> None:
    customer = a_contact(wa_id="15551234567")
    assert opening.thread_with(ours, "+1 555 123 4567").contact == customer
    with pytest.raises(opening.NumberRefused):
        opening.thread_with(ours, "+1 555 123 4568")


def an_alias(contact: Contact, *, hours: float | None = None) -> None:
    ContactAlias.objects.create(
        contact=contact,
        kind="wa_id",
        value="27821230001",
        reason="Changed number.",
        valid_until=clock.now() + timedelta(hours=hours) if hours else None,
    )


@pytest.mark.parametrize("hours", [None, 1])
def test_an_alias_leads_to_its_contact(ours: PhoneNumber, hours: float | None) -> None:
    thandi = a_contact(wa_id="27829999999")
    an_alias(thandi, hours=hours)
    assert opening.thread_with(ours, "082 123 0001").contact == thandi


def test_an_alias_that_ran_out_is_somebody_elses_number(ours: PhoneNumber) -> None:
    an_alias(a_contact(wa_id="27829999999"), hours=-1)
    assert opening.thread_with(ours, "082 123 0001").contact.wa_id == "27821230001"


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_get_the_same_thread(ours: PhoneNumber) -> None:
    typed = ("082 123 0001", "+27821230001", "0821230001", "27 82 123 0001")
    results = together(*[partial(opening.thread_with, ours, one) for one in typed])
    assert results == [Thread.objects.get()] * 4
    assert Contact.objects.count() == 1
