"""Accounts and invoices that another system keeps: what is written, and what is refused."""

from datetime import date
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing import ledger
from billing.ledger.entries import (
    AccountEntry,
    AccountRow,
    InvoiceEntry,
    InvoiceFields,
    InvoiceRow,
    account_entry,
    invoice_entry,
)
from billing.ledger.outcomes import Kind
from billing.models import Account, Invoice
from conversations import clock
from conversations.models import Contact, ContactAlias
from tests.billing.rows import an_account, an_invoice
from tests.factories import a_contact

pytestmark = pytest.mark.django_db


def anything(_row: object) -> None:
    """The caller saw no version."""


def entry(**fields: Any) -> InvoiceEntry:
    given: dict[str, Any] = {
        "external_id": "erp-1",
        "number": "INV-1",
        "account": "acme",
        "amount": Decimal("100.00"),
        "currency": "ZAR",
        "issued_on": date(2026, 10, 1),
        "due_on": date(2026, 10, 31),
    }
    return InvoiceEntry(**(given | fields))


def put(**fields: Any) -> ledger.Outcome:
    return ledger.put_invoice(entry(**fields), anything)


def codes(outcome: ledger.Outcome) -> dict[str, str]:
    return {problem.field: problem.code for problem in outcome.problems}


@pytest.fixture(autouse=True)
def acme() -> Account:
    return an_account(name="Acme", external_id="acme")


def test_a_new_invoice_is_created_and_the_same_again_changes_nothing() -> None:
    assert put().kind == Kind.CREATED
    written = Invoice.objects.get(external_id="erp-1")
    assert put().kind == Kind.UNCHANGED
    again = Invoice.objects.get(external_id="erp-1")
    assert (again.version, again.updated_at) == (written.version, written.updated_at)
    assert (again.status, again.amount) == (Invoice.Status.OPEN, Decimal("100.00"))


def test_another_amount_is_written_and_counts_the_version() -> None:
    put()
    assert put(amount=Decimal("120.50")).kind == Kind.UPDATED
    invoice = Invoice.objects.get(external_id="erp-1")
    assert (invoice.amount, invoice.version) == (Decimal("120.50"), 2)


def test_the_database_counts_the_version_whoever_writes(acme: Account) -> None:
    invoice = an_invoice(acme)
    Invoice.objects.filter(pk=invoice.pk).update(amount=Decimal("7.00"))
    Invoice.objects.filter(pk=invoice.pk).update(amount=Decimal("7.00"))
    stale = Invoice.objects.get(pk=invoice.pk)
    Invoice.objects.filter(pk=invoice.pk).update(amount=Decimal("8.00"))
    stale.amount = Decimal("9.00")
    stale.save()
    assert Invoice.objects.get(pk=invoice.pk).version == 4


def test_who_speaks_for_an_account_is_a_part_of_its_version(acme: Account) -> None:
    thandi = a_contact()
    acme.contacts.add(thandi)
    assert Account.objects.get(pk=acme.pk).version == 2
    acme.contacts.remove(thandi)
    assert Account.objects.get(pk=acme.pk).version == 3


def test_paying_keeps_the_day_that_was_told_and_takes_today_where_none_was() -> None:
    put(status="paid", paid_on=date(2026, 10, 15))
    assert put(status="paid").kind == Kind.UNCHANGED
    assert Invoice.objects.get().paid_on == date(2026, 10, 15)
    put(external_id="erp-2", number="INV-2", status="paid")
    assert Invoice.objects.get(number="INV-2").paid_on == clock.today()


def test_a_status_that_is_not_told_stays_what_it_is() -> None:
    put(status="paid", paid_on=date(2026, 10, 15))
    assert put().kind == Kind.UNCHANGED
    assert Invoice.objects.get().status == Invoice.Status.PAID


def test_a_payment_that_is_taken_back_opens_the_invoice_again() -> None:
    put(status="paid", paid_on=date(2026, 10, 15))
    assert put(status="open", amount=Decimal("90.00")).kind == Kind.UPDATED
    invoice = Invoice.objects.get()
    assert (invoice.status, invoice.paid_on) == (Invoice.Status.OPEN, None)


@pytest.mark.parametrize(
    ("before", "change", "faults"),
    [
        ({}, {"due_on": date(2026, 9, 30)}, {"due_on": "due_before_issued"}),
        ({}, {"paid_on": date(2026, 10, 2)}, {"paid_on": "not_paid"}),
        ({}, {"account": "nobody"}, {"account": "no_such_account"}),
        ({"status": "paid"}, {"status": "cancelled"}, {"status": "status_not_possible"}),
        (
            {"status": "paid"},
            {"amount": Decimal(1), "currency": "USD", "number": "INV-9"},
            {"total.amount": "settled", "total.currency": "settled", "number": "settled"},
        ),
        ({"status": "cancelled"}, {"status": "open"}, {"status": "status_not_possible"}),
        ({"status": "cancelled"}, {"due_on": date(2027, 1, 1)}, {"due_on": "cancelled"}),
    ],
)
def test_what_may_not_be_done_is_refused_by_field_and_writes_nothing(
    before: dict[str, Any], change: dict[str, Any], faults: dict[str, str]
) -> None:
    put(**before)
    version = Invoice.objects.get().version
    outcome = put(**change)
    assert (outcome.kind, codes(outcome)) == (Kind.REFUSED, faults)
    assert Invoice.objects.get().version == version


def test_the_due_day_of_a_paid_invoice_may_be_corrected() -> None:
    put(status="paid")
    assert put(due_on=date(2026, 11, 30)).kind == Kind.UPDATED


def test_an_invoice_that_staff_entered_gets_the_key_by_its_number(acme: Account) -> None:
    invoice = an_invoice(acme, number="INV-1")
    assert put().kind == Kind.UPDATED
    assert Invoice.objects.get().pk == invoice.pk
    assert Invoice.objects.get().external_id == "erp-1"


def test_the_number_of_another_invoice_is_refused() -> None:
    put()
    assert codes(put(external_id="erp-2")) == {"number": "number_taken"}


def test_what_comes_twice_in_one_set_is_taken_once() -> None:
    outcomes = ledger.write_invoices(
        [
            entry(),
            entry(number="INV-2"),
            entry(external_id="erp-2"),
            entry(external_id="erp-3", number="INV-3"),
        ]
    )
    assert [outcome.kind for outcome in outcomes] == [
        Kind.CREATED,
        Kind.REFUSED,
        Kind.REFUSED,
        Kind.CREATED,
    ]
    assert codes(outcomes[1]) == {"external_id": "twice"}
    assert codes(outcomes[2]) == {"number": "twice"}


def test_a_change_touches_what_it_names_and_keeps_the_rest(acme: Account) -> None:
    put(status="paid", paid_on=date(2026, 10, 15))
    reader = InvoiceFields(data={"due_on": "2026-12-24"}, partial=True)
    assert reader.is_valid(), reader.errors
    outcome = ledger.change_invoice("erp-1", reader.validated_data, anything)
    invoice = Invoice.objects.get()
    assert (outcome.kind, invoice.due_on) == (Kind.UPDATED, date(2026, 12, 24))
    assert (invoice.paid_on, invoice.amount) == (date(2026, 10, 15), Decimal("100.00"))


def test_the_currency_alone_may_change() -> None:
    put()
    ledger.change_invoice("erp-1", {"total": {"currency": "USD"}}, anything)
    assert (Invoice.objects.get().amount, Invoice.objects.get().currency) == (Decimal(100), "USD")


def test_an_invoice_of_an_account_without_a_key_can_still_be_paid() -> None:
    an_invoice(an_account(name="By hand"), external_id="erp-7")
    assert ledger.change_invoice("erp-7", {"status": "paid"}, anything).kind == Kind.UPDATED


def test_a_change_of_an_unknown_invoice_says_so() -> None:
    with pytest.raises(Invoice.DoesNotExist):
        ledger.change_invoice("nobody", {}, anything)


class Moved(Exception):
    """The caller saw another version."""


def test_a_check_that_raises_leaves_everything_as_it_was(acme: Account) -> None:
    put()

    def check(row: Invoice | None) -> None:
        assert row is not None
        assert row.version == 1
        raise Moved

    with pytest.raises(Moved):
        ledger.put_invoice(entry(amount=Decimal(5)), check)
    assert Invoice.objects.get().amount == Decimal(100)


def test_a_thousand_invoices_take_as_many_statements_as_ten() -> None:
    def statements(count: int, **fields: Any) -> int:
        entries = [entry(external_id=f"e{n}", number=f"N{n}", **fields) for n in range(count)]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            ledger.write_invoices(entries)
        return len(queries)

    assert statements(10) == statements(1000, amount=Decimal(5)) - 1
    assert statements(1000, amount=Decimal(5)) == 4  # savepoint, rows, accounts, release
    assert Invoice.objects.filter(amount=Decimal(5)).count() == 1000


def test_an_account_is_created_renamed_and_found_again(acme: Account) -> None:
    def kind(name: str) -> Kind:
        return ledger.put_account(AccountEntry("new", name), anything).kind

    assert [kind("New"), kind("New"), kind("Newer")] == [
        Kind.CREATED,
        Kind.UNCHANGED,
        Kind.UPDATED,
    ]
    assert Account.objects.get(external_id="new").name == "Newer"


def test_numbers_lead_to_contacts_that_are_known_and_make_those_that_are_not(acme: Account) -> None:
    thandi = a_contact(wa_id="27821234567")
    moved = a_contact()
    ContactAlias.objects.create(contact=moved, kind="wa_id", value="27830000001", reason="moved")
    new = AccountEntry("acme", "Acme", ("27821234567", "27830000001", "27840000002"))
    assert ledger.put_account(new, anything).kind == Kind.UPDATED
    assert ledger.put_account(new, anything).kind == Kind.UNCHANGED
    speakers = set(acme.contacts.all())
    assert {thandi, moved} < speakers
    assert {one.wa_id for one in speakers} >= {"27821234567", "27840000002"}
    assert Contact.objects.count() == 3


def test_a_number_is_known_in_both_forms_of_its_country(acme: Account) -> None:
    ana = a_contact(wa_id="5511987654321")
    ledger.put_account(AccountEntry("acme", "Acme", ("551187654321",)), anything)
    assert list(acme.contacts.all()) == [ana]


def test_who_speaks_for_an_account_stays_when_it_is_written_without_numbers(acme: Account) -> None:
    acme.contacts.add(a_contact())
    ledger.put_account(AccountEntry("acme", "Acme Limited"), anything)
    assert acme.contacts.count() == 1


def test_linking_and_unlinking_twice_is_harmless(acme: Account) -> None:
    thandi = a_contact()
    assert [ledger.link("acme", thandi.pk), ledger.link("acme", thandi.pk)] == [True, False]
    assert [ledger.unlink("acme", thandi.pk), ledger.unlink("acme", thandi.pk)] == [True, False]
    with pytest.raises(Contact.DoesNotExist):
        ledger.link("acme", thandi.pk + 1000)
    with pytest.raises(Account.DoesNotExist):
        ledger.unlink("nobody", thandi.pk)


ROW = {
    "external_id": "INV/2026/0001",
    "number": "INV-1",
    "account": "acme",
    "total": {"amount": "1234.50", "currency": "ZAR"},
    "issued_on": "2026-10-01",
    "due_on": "2026-10-31",
}


def test_a_row_is_read_as_it_was_written() -> None:
    reader = InvoiceRow(data=ROW)
    assert reader.is_valid(), reader.errors
    read = invoice_entry(reader.validated_data)
    assert (read.external_id, read.amount, read.currency) == (
        "INV/2026/0001",
        Decimal("1234.50"),
        "ZAR",
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("external_id", ""),
        ("external_id", "a//b"),
        ("external_id", "a/../b"),
        ("external_id", ".."),
        ("external_id", "a/"),
        ("external_id", "a\n"),
        ("external_id", "x" * 65),
        ("external_id", 12),
        ("number", "x" * 65),
        ("number", 1),
        ("number", "a\x00b"),
        ("total", "1234.50"),
        ("total", {"amount": 1234.5, "currency": "ZAR"}),
        ("total", {"amount": "1234.505", "currency": "ZAR"}),
        ("total", {"amount": "0.00", "currency": "ZAR"}),
        ("total", {"amount": "-1.00", "currency": "ZAR"}),
        ("total", {"amount": "1e5", "currency": "ZAR"}),
        ("total", {"amount": "NaN", "currency": "ZAR"}),
        ("total", {"amount": "١", "currency": "ZAR"}),
        ("total", {"amount": "12345678901.00", "currency": "ZAR"}),
        ("total", {"amount": "1.00", "currency": "zar"}),
        ("total", {"amount": "1.00", "currency": "ZAR\n"}),
        ("issued_on", "31.10.2026"),
        ("due_on", None),
        ("status", "overdue"),
    ],
)
def test_what_cannot_be_an_invoice_is_refused_at_its_field(field: str, value: object) -> None:
    reader = InvoiceRow(data={**ROW, field: value})
    assert not reader.is_valid()
    assert list(reader.errors) == [field]


def test_telephone_numbers_are_read_as_people_write_them() -> None:
    given = {
        "external_id": "acme",
        "name": "Acme",
        "phone_numbers": ["+27 82 123 4567", "27821234567"],
    }
    reader = AccountRow(data=given)
    assert reader.is_valid(), reader.errors
    assert account_entry(reader.validated_data).wa_ids == ("27821234567",)


@pytest.mark.parametrize("number", ["0821234567", "hello", "+27 82", "", 27821234567])
def test_what_is_no_telephone_number_is_refused(number: object) -> None:
    reader = AccountRow(data={"external_id": "acme", "name": "Acme", "phone_numbers": [number]})
    assert not reader.is_valid()
    assert list(reader.errors) == ["phone_numbers"]


@pytest.mark.django_db(transaction=True)
def test_two_who_create_the_same_invoice_at_once_make_one(acme: Account) -> None:
    barrier, kinds = Barrier(6), []

    def create() -> None:
        barrier.wait()
        try:
            kinds.append(put().kind)
        finally:
            connection.close()

    threads = [Thread(target=create) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(kinds) == ["created", *["unchanged"] * 5]
    assert Invoice.objects.count() == 1
