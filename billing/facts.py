"""What the assistant may say about a contact's money: short sentences, amounts ready to copy.

`domain` comes in with this contact's own invoices. Whatever is not in these sentences the assistant
cannot know, so every amount, date and number here is complete.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from billing import money, overdue, paying
from billing.answers import account_name
from billing.models import Invoice

NAMED_AT_MOST = 10

NOTHING_OPEN = "No open invoices."
# Not "no open invoices": there may be some under another number.
NOT_LINKED = "This number is not linked to an account, so nothing is known about invoices."


def sentences(invoices: Sequence[Invoice], *, on: date, bank_details: str) -> list[str]:
    """The open invoices, oldest due first, at most ten; their total; how they are paid."""
    if not invoices:
        return [NOTHING_OPEN, *how_to_pay(bank_details)]
    named = [_sentence(invoice, on=on) for invoice in invoices[:NAMED_AT_MOST]]
    more = len(invoices) - len(named)
    return [
        *named,
        *([f"And {overdue.counted(more, 'more open invoice')}."] if more else []),
        *_total(invoices),
        *_references(invoices),
        *how_to_pay(bank_details),
    ]


def how_to_pay(bank_details: str) -> list[str]:
    """The bank details as one sentence, or nothing where none are set."""
    if not bank_details:
        return []
    return [f"Bank details for payments: {', '.join(bank_details.splitlines())}."]


def _sentence(invoice: Invoice, *, on: date) -> str:
    amount = money.display(invoice.amount, invoice.currency)
    return f"Open invoice {invoice.number}: {amount}, {overdue.due_in_words(invoice, on=on)}."


def _total(invoices: Sequence[Invoice]) -> list[str]:
    if len(invoices) == 1:
        return []
    return [f"Total of all open invoices: {money.in_words(overdue.totals(invoices))}."]


def _references(invoices: Sequence[Invoice]) -> list[str]:
    references = paying.references(invoices)
    if len(references) == 1:
        return [f"Reference for a payment: {references[0].text}."]
    return [
        f"Reference for a payment of {account_name(each.account.name)}: {each.text}."
        for each in references
    ]
