"""What billing adds to the conversations: `conversations.domain.Domain` for invoices.

The pipeline, the inbox and the search come in by the name in `settings.BUSINESS_DOMAINS`. Every
answer starts from the contact of the thread, never from a number that somebody typed or tapped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import reduce
from operator import and_

from django.db.models import Q

from billing import aged, answers, facts, money, overdue, panel, paying
from billing.models import Account, Invoice
from conversations import clock
from conversations.domain import (
    Answer,
    Chip,
    FigureCard,
    News,
    PanelCard,
    Scope,
    Viewer,
)
from conversations.models import Contact, Thread
from conversations.whatsapp.content import Section

PAYMENTS_SHOWN = 5
SEARCH_CHARACTERS = 100
SEARCH_AT_MOST = 200
ASKED_FOR = "invoice.asked_for"
ACCOUNTS_READ = Scope("accounts:read", "See accounts", ("billing.view_account",))
ACCOUNTS_WRITE = Scope(
    "accounts:write",
    "Add and change accounts, and who speaks for them",
    ("billing.add_account", "billing.change_account"),
)
INVOICES_READ = Scope("invoices:read", "See invoices", ("billing.view_invoice",))
INVOICES_WRITE = Scope(
    "invoices:write",
    "Add and change invoices",
    ("billing.add_invoice", "billing.change_invoice"),
)
IMPORTS_READ = Scope(
    "imports:read", "See imports and their outcomes", ("billing.view_ledgerimport",)
)
IMPORTS_WRITE = Scope(
    "imports:write",
    "Add and change many accounts and invoices at once",
    ("billing.add_ledgerimport", *ACCOUNTS_WRITE.permissions, *INVOICES_WRITE.permissions),
)
SCOPES = (
    ACCOUNTS_READ,
    ACCOUNTS_WRITE,
    INVOICES_READ,
    INVOICES_WRITE,
    IMPORTS_READ,
    IMPORTS_WRITE,
)


class Billing:
    """Invoices of the contact's own accounts, in every place the protocol names."""

    def answer_intent(self, thread: Thread, intent: str) -> Answer | None:
        """The greeting with two buttons where invoices are open, else nothing; one query."""
        if intent != "invoice":
            return None
        count = Invoice.objects.of_contact(thread.contact).open().count()
        if not count:
            return None
        return replace(answers.offer(thread.contact.first_name, count), news=_asked("overview"))

    def asked(self, thread: Thread, intent: str) -> News | None:
        return _asked("overview") if intent == "invoice" else None

    def answer_tap(self, thread: Thread, action: str, ref: str) -> Answer | None:
        """The answer to one of our own ids; they name no row, so `ref` has no meaning here."""
        answer = _TAPS.get(action)
        return answer(thread.contact) if answer else None

    def menu(self) -> Section | None:
        return answers.MENU

    def facts(self, thread: Thread) -> Sequence[str]:
        """One query for who has open invoices, two for others."""
        bank_details = paying.bank_details()
        invoices = overdue.open_invoices(thread.contact)
        if not invoices and not _is_linked(thread.contact):
            return [facts.NOT_LINKED, *facts.how_to_pay(bank_details)]
        return facts.sentences(invoices, on=clock.today(), bank_details=bank_details)

    def chips(self, contact_ids: Iterable[int]) -> dict[int, Chip]:
        amounts = overdue.overdue_amounts(contact_ids, on=clock.today())
        return {
            contact_id: Chip(f"{money.in_words(owed)} overdue", "red")
            for contact_id, owed in amounts.items()
        }

    def panel(self, contact: Contact, viewer: Viewer) -> PanelCard | None:
        if not viewer.may("billing.view_invoice"):
            return None
        return panel.card(contact, on=clock.today())

    def search(self, words: str) -> Iterable[int]:
        """At most 200 contacts, by a part of an invoice number or by words of an account's name."""
        wanted = words.replace("\x00", " ")[:SEARCH_CHARACTERS].split()
        if not wanted:
            return []
        named = reduce(and_, (Q(account__name__icontains=word) for word in wanted))
        numbered = Invoice.objects.filter(number__icontains=" ".join(wanted)).values("account")
        rows = Account.contacts.through.objects.filter(named | Q(account__in=numbered))
        found = rows.order_by("contact_id").values_list("contact_id", flat=True)
        return list(found.distinct()[:SEARCH_AT_MOST])

    def scopes(self) -> Sequence[Scope]:
        return SCOPES

    def figures(self, viewer: Viewer) -> FigureCard | None:
        if not viewer.may("billing.view_invoice"):
            return None
        return aged.card(on=clock.today())


def _view(contact: Contact) -> Answer:
    invoices = overdue.open_invoices(contact)
    if not invoices and not _is_linked(contact):
        return answers.NOT_LINKED
    answer = answers.open_invoices(invoices, on=clock.today())
    return replace(answer, news=_asked("invoices", invoices))


def _pay(contact: Contact) -> Answer:
    invoices = overdue.open_invoices(contact)
    if not invoices and not _is_linked(contact):
        return answers.NOT_LINKED
    answer = answers.how_to_pay(invoices, bank_details=paying.bank_details())
    return replace(answer, news=_asked("payment", invoices))


def _history(contact: Contact) -> Answer:
    paid = overdue.latest_paid(contact, PAYMENTS_SHOWN)
    if not paid and not _is_linked(contact):
        return answers.NOT_LINKED
    return answers.payment_history(paid)


def _update(contact: Contact) -> Answer:
    return answers.UPDATE_DETAILS


def _asked(what: str, invoices: Sequence[Invoice] = ()) -> News:
    """What other systems are told: that somebody asked, and about which open invoices."""
    numbers = [invoice.number for invoice in invoices]
    return News(ASKED_FOR, {"asked": what, "invoice_numbers": numbers})


def _is_linked(contact: Contact) -> bool:
    return Account.objects.filter(contacts=contact).exists()


_TAPS: dict[str, Callable[[Contact], Answer]] = {
    "view_invoices": _view,
    "check_invoice": _view,
    "pay_now": _pay,
    "payment_history": _history,
    "update_details": _update,
}
