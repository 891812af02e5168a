"""Invoices from another system: a set of entries in, an outcome for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from django.db.models import Q

from billing.ledger import rules
from billing.ledger.entries import InvoiceEntry, of_invoice
from billing.ledger.outcomes import Kind, Outcome, Problem, refused
from billing.ledger.rules import Wanted
from billing.ledger.writing import together
from billing.models import Account, Invoice
from conversations import clock
from conversations.deadlocks import stepping_back

Check = Callable[[Invoice | None], None]
COLUMNS = tuple(column.name for column in fields(Wanted))

TAKEN = Problem("number", "number_taken", "Another invoice has this number.")
TWICE = Problem("external_id", "twice", "The same invoice comes twice; the first was taken.")
NUMBER_TWICE = Problem("number", "twice", "The same number comes twice; the first was taken.")
NO_ACCOUNT = Problem("account", "no_such_account", "No account has this external_id.")


@stepping_back
@together
def put_invoice(entry: InvoiceEntry, check: Check) -> Outcome:
    """The invoice with this key is as the entry says; made where there is none.

    `check` sees the locked row, or None, and raises where the caller saw another version.
    Twice: unchanged. Two at once: one after the other.
    """
    check(_locked(entry.external_id, entry.number))
    return _write([entry])[0]


@stepping_back
@together
def change_invoice(external_id: str, changes: Mapping[str, Any], check: Check) -> Outcome:
    """What InvoiceFields has read is changed, and nothing else.

    Raises: Invoice.DoesNotExist, and what `check` raises.
    """
    invoice = _locked(external_id, changes.get("number"))
    if invoice is None:
        raise Invoice.DoesNotExist
    check(invoice)
    return _write([of_invoice(invoice, changes)])[0]


def _locked(external_id: str, number: str | None) -> Invoice | None:
    """The invoice with this key; who has the number is locked with it, in the order of all sets."""
    rows = Invoice.objects.select_for_update(of=("self",), no_key=True).select_related("account")
    either = rows.filter(Q(external_id=external_id) | Q(number=number)).order_by("pk")
    return next((row for row in either if row.external_id == external_id), None)


@together
def write_invoices(entries: Sequence[InvoiceEntry]) -> list[Outcome]:
    """An outcome for each entry, in their order; four statements however many there are.

    An invoice that staff have entered, with the same number and no key yet, gets the key.
    Rows are locked in one order, so that two sets at once wait and never block one another.
    """
    return _write(entries)


def _write(entries: Sequence[InvoiceEntry]) -> list[Outcome]:
    batch = _Batch(entries, today=clock.today())
    outcomes = [batch.take(entry) for entry in entries]
    batch.write()
    return [
        outcome or Outcome(Kind.CREATED, pk=batch.pk_of(entry.external_id))
        for outcome, entry in zip(outcomes, entries, strict=True)
    ]


class _Batch:
    """The rows that the entries name, and what is to be written of them."""

    def __init__(self, entries: Sequence[InvoiceEntry], today: date) -> None:
        self._today = today
        keys = {entry.external_id for entry in entries}
        numbers = {entry.number for entry in entries}
        rows = Invoice.objects.select_for_update(no_key=True).order_by("pk")
        known = list(rows.filter(Q(external_id__in=keys) | Q(number__in=numbers)))
        self._by_key = {row.external_id: row for row in known if row.external_id}
        self._by_number = {row.number: row for row in known}
        named = Account.objects.filter(
            external_id__in={one.account for one in entries if one.account}
        )
        self._accounts = dict(named.values_list("external_id", "pk"))
        self._keys_seen: set[str] = set()
        self._numbers_seen: set[str] = set()
        self._new: list[Invoice] = []
        self._changed: list[Invoice] = []

    def take(self, entry: InvoiceEntry) -> Outcome | None:
        """Decide on one entry; None: it will be created."""
        row = self._by_key.get(entry.external_id) or self._without_key(entry.number)
        if problem := self._stranger(entry, row):
            return refused(problem)
        wanted = self._wanted(entry, row)
        if faults := [Problem(*fault) for fault in rules.faults(row, wanted)]:
            return refused(*faults)
        self._keys_seen.add(entry.external_id)
        self._numbers_seen.add(entry.number)
        return self._note(row, wanted)

    def _without_key(self, number: str) -> Invoice | None:
        row = self._by_number.get(number)
        return row if row and not row.external_id else None

    def _stranger(self, entry: InvoiceEntry, row: Invoice | None) -> Problem | None:
        """What stands in the way beside the row itself: another row, another entry."""
        if entry.external_id in self._keys_seen:
            return TWICE
        if entry.number in self._numbers_seen:
            return NUMBER_TWICE
        if self._by_number.get(entry.number, row) != row:
            return TAKEN
        is_known = entry.account in self._accounts or (row and entry.account is None)
        return None if is_known else NO_ACCOUNT

    def _wanted(self, entry: InvoiceEntry, row: Invoice | None) -> Wanted:
        values = dict(vars(entry))
        status = values["status"] = entry.status or (row.status if row else Invoice.Status.OPEN)
        account = values.pop("account")
        values["account_id"] = row.account_id if row and not account else self._accounts[account]
        if status == Invoice.Status.PAID and not entry.paid_on:
            values["paid_on"] = (row and row.paid_on) or self._today
        return Wanted(**values)

    def _note(self, row: Invoice | None, wanted: Wanted) -> Outcome | None:
        if row is None:
            self._new.append(Invoice(**vars(wanted)))
            return None
        if not rules.differences(row, wanted, COLUMNS):
            return Outcome(Kind.UNCHANGED, pk=row.pk)
        for name in COLUMNS:
            setattr(row, name, getattr(wanted, name))
        self._changed.append(row)
        return Outcome(Kind.UPDATED, pk=row.pk)

    def write(self) -> None:
        """Both in the order of their keys."""
        if self._changed:
            self._changed.sort(key=lambda row: row.pk)
            Invoice.objects.bulk_create(
                self._changed, update_conflicts=True, unique_fields=["id"], update_fields=COLUMNS
            )
        if self._new:
            self._new.sort(key=lambda row: str(row.external_id))
            Invoice.objects.bulk_create(self._new)
            self._by_key |= {row.external_id: row for row in self._new if row.external_id}

    def pk_of(self, external_id: str) -> int:
        return self._by_key[external_id].pk
