"""Accounts from another system, and who speaks for them: entries in, an outcome for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from billing.ledger.entries import AccountEntry, of_account
from billing.ledger.outcomes import Kind, Outcome, Problem, refused
from billing.ledger.writing import together
from billing.models import Account
from conversations import clock, contacts
from conversations.deadlocks import stepping_back
from conversations.models import Contact

Check = Callable[[Account | None], None]
Links = Account.contacts.through
TWICE = Problem("external_id", "twice", "The same account comes twice; the first was taken.")


@stepping_back
@together
def put_account(entry: AccountEntry, check: Check) -> Outcome:
    """The account with this key is as the entry says; made where there is none.

    `check` sees the locked row, or None, and raises where the caller saw another version.
    Twice: unchanged. Two at once: one after the other.
    """
    check(_locked(entry.external_id))
    return _write([entry])[0]


@stepping_back
@together
def change_account(external_id: str, changes: Mapping[str, Any], check: Check) -> Outcome:
    """What AccountFields has read is changed, and nothing else.

    Raises: Account.DoesNotExist, and what `check` raises.
    """
    account = _known(external_id)
    check(account)
    return _write([of_account(account, changes)])[0]


@together
def link(external_id: str, contact_id: int) -> bool:
    """The contact speaks for the account; whether that is new.

    Raises: Account.DoesNotExist, Contact.DoesNotExist.
    """
    account = _known(external_id)
    contact = Contact.objects.get(pk=contact_id)
    if account.contacts.filter(pk=contact.pk).exists():
        return False
    Links.objects.bulk_create([Links(account=account, contact=contact)], ignore_conflicts=True)
    return True


@together
def unlink(external_id: str, contact_id: int) -> bool:
    """The contact no longer speaks for it; whether it did. Raises: Account.DoesNotExist."""
    gone, _ = Links.objects.filter(account=_known(external_id), contact=contact_id).delete()
    return bool(gone)


def _locked(external_id: str) -> Account | None:
    return Account.objects.select_for_update(no_key=True).filter(external_id=external_id).first()


def _known(external_id: str) -> Account:
    account = _locked(external_id)
    if account is None:
        raise Account.DoesNotExist
    return account


@together
def write_accounts(entries: Sequence[AccountEntry]) -> list[Outcome]:
    """An outcome for each entry, in their order; a handful of statements however many there are.

    A telephone number that nobody has yet becomes a contact. Who speaks for an account already
    goes on to. Rows are locked in one order, so that two sets at once wait and never block.
    """
    return _write(entries)


def _write(entries: Sequence[AccountEntry]) -> list[Outcome]:
    batch = _Batch(entries)
    kinds = [batch.take(entry) for entry in entries]
    batch.write()
    linked = batch.link()
    return [batch.outcome(entry, kind, linked) for entry, kind in zip(entries, kinds, strict=True)]


class _Batch:
    """The rows that the entries name, and what is to be written of them."""

    def __init__(self, entries: Sequence[AccountEntry]) -> None:
        keys = {entry.external_id for entry in entries}
        rows = Account.objects.select_for_update(no_key=True).order_by("pk")
        self._by_key = {row.external_id: row for row in rows.filter(external_id__in=keys)}
        self._taken: dict[str, AccountEntry] = {}
        self._new: list[Account] = []
        self._changed: list[Account] = []

    def take(self, entry: AccountEntry) -> Kind:
        """Decide on one entry; who speaks for it is not looked at yet."""
        if entry.external_id in self._taken:
            return Kind.REFUSED
        self._taken[entry.external_id] = entry
        row = self._by_key.get(entry.external_id)
        if row is None:
            self._new.append(Account(external_id=entry.external_id, name=entry.name))
            return Kind.CREATED
        if row.name == entry.name:
            return Kind.UNCHANGED
        row.name = entry.name
        self._changed.append(row)
        return Kind.UPDATED

    def write(self) -> None:
        if self._changed:
            self._changed.sort(key=lambda row: row.pk)
            Account.objects.bulk_create(
                self._changed, update_conflicts=True, unique_fields=["id"], update_fields=["name"]
            )
        if self._new:
            self._new.sort(key=lambda row: str(row.external_id))
            Account.objects.bulk_create(self._new)
            self._by_key |= {row.external_id: row for row in self._new}

    def link(self) -> set[int]:
        """Whoever has these numbers speaks for the account; the accounts for which that is new."""
        people = contacts.of_numbers(
            [wa_id for entry in self._taken.values() for wa_id in entry.wa_ids], clock.now()
        )
        wanted = {
            (self._by_key[key].pk, people[wa_id])
            for key, entry in self._taken.items()
            for wa_id in entry.wa_ids
        }
        if not wanted:
            return set()
        accounts = {account_id for account_id, _ in wanted}
        held = Links.objects.filter(account__in=accounts).values_list("account_id", "contact_id")
        new = sorted(wanted - set(held))
        Links.objects.bulk_create(
            [Links(account_id=account_id, contact_id=person) for account_id, person in new],
            ignore_conflicts=True,
        )
        return {account_id for account_id, _ in new}

    def outcome(self, entry: AccountEntry, kind: Kind, linked: set[int]) -> Outcome:
        if kind == Kind.REFUSED:
            return refused(TWICE)
        pk = self._by_key[entry.external_id].pk
        if kind == Kind.UNCHANGED and pk in linked:
            return Outcome(Kind.UPDATED, pk=pk)
        return Outcome(kind, pk=pk)
