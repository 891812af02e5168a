"""What a customer is told about money, in words and buttons.

`domain` comes in with this contact's own invoices; nothing here asks the database. Meta's limits
hold for any number of invoices and for names of any length.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from billing import money, overdue, paying
from billing.models import Invoice
from conversations.domain import Answer
from conversations.whatsapp.content import Button, Buttons, Row, Section, Text, split_text

SHOWN_AT_ONCE = 3  # three invoices of the longest numbers and names fit a body with buttons
ACCOUNT_NAME_CHARACTERS = 40

VIEW_INVOICES = Button("view_invoices", "View invoices")
PAY_NOW = Button("pay_now", "Pay now")
MENU = Section(
    "Account & Billing",
    (
        Row("check_invoice", "Check invoice", "See your open invoices and when they are due"),
        Row("payment_history", "Payment history", "See your latest payments"),
        Row("update_details", "Update details", "Change your address or contact details"),
    ),
)
NOTHING_OPEN = Answer((Text("You have no open invoices. Thank you for being up to date!"),))
NEVER_PAID = Answer((Text("We have no payments from you on record yet."),))
NOT_LINKED = Answer(
    (
        Text(
            "Sorry, we could not match your number to an account. "
            "A colleague will look into it and answer you here."
        ),
    ),
    hand_over="Number is not linked to an account",
)
NO_BANK_DETAILS = Answer(
    (Text("Thank you! A colleague will send you the payment details here."),),
    hand_over="Wants to pay, no bank details are set",
)
UPDATE_DETAILS = Answer(
    (
        Text(
            "Of course. Please tell us here what has changed, "
            "and a colleague will update your details."
        ),
    ),
    hand_over="Wants to update details",
)


def offer(first_name: str, open_count: int) -> Answer:
    """The greeting that names how many invoices are open, with the two ways on."""
    hello = f"Hi {first_name}" if first_name else "Hi"
    body = (
        f"{hello}, you have {overdue.counted(open_count, 'open invoice')}. "
        "Would you like to view details or make a payment?"
    )
    return Answer((Buttons(body, (VIEW_INVOICES, PAY_NOW)),))


def open_invoices(invoices: Sequence[Invoice], *, on: date) -> Answer:
    """The oldest due, how many more there are, and the way to pay. `invoices`: oldest due first."""
    if not invoices:
        return NOTHING_OPEN
    by_account = len({invoice.account_id for invoice in invoices}) > 1
    shown = [_described(invoice, on=on, by_account=by_account) for invoice in _first(invoices)]
    more = len(invoices) - len(shown)
    end = [f"And {overdue.counted(more, 'more open invoice')}."] if more else []
    return Answer((Buttons("\n\n".join([_heading(invoices), *shown, *end]), (PAY_NOW,)),))


def _first(invoices: Sequence[Invoice]) -> Sequence[Invoice]:
    return invoices[:SHOWN_AT_ONCE]


def _heading(invoices: Sequence[Invoice]) -> str:
    counted = overdue.counted(len(invoices), "open invoice")
    if len(invoices) <= SHOWN_AT_ONCE:
        return f"You have {counted}:"
    return f"You have {counted}. The {SHOWN_AT_ONCE} oldest:"


def _described(invoice: Invoice, *, on: date, by_account: bool) -> str:
    of_account = f" ({account_name(invoice.account.name)})" if by_account else ""
    amount = money.display(invoice.amount, invoice.currency)
    return f"{invoice.number}{of_account}: {amount}\n{overdue.due_in_words(invoice, on=on)}"


def account_name(name: str) -> str:
    """The name on one line, and cut where it is longer than anybody reads in a message."""
    line = " ".join(name.split())
    if len(line) <= ACCOUNT_NAME_CHARACTERS:
        return line
    return line[: ACCOUNT_NAME_CHARACTERS - 1].rstrip() + "…"


def how_to_pay(invoices: Sequence[Invoice], *, bank_details: str) -> Answer:
    """Bank details, the reference to use and the sum; a hand-over where no details are set."""
    if not invoices:
        return NOTHING_OPEN
    if not bank_details:
        return NO_BANK_DETAILS
    due = f"Total to pay: {money.in_words(overdue.totals(invoices))}"
    body = "\n\n".join(["You can pay by EFT:", bank_details, f"{due}\n{_references(invoices)}"])
    return Answer(split_text(body))


def _references(invoices: Sequence[Invoice]) -> str:
    references = paying.references(invoices)
    if len(references) == 1:
        return f"Reference: {references[0].text}"
    lines = [f"{account_name(each.account.name)}: {each.text}" for each in references]
    return "\n".join(["Reference for each account:", *lines])


def payment_history(paid: Sequence[Invoice]) -> Answer:
    """The paid invoices it is given, in their order."""
    if not paid:
        return NEVER_PAID
    lines = "\n".join(_paid(invoice) for invoice in paid)
    return Answer((Text(f"Your latest payments:\n\n{lines}"),))


def _paid(invoice: Invoice) -> str:
    day = f", paid {overdue.day_in_words(invoice.paid_on)}" if invoice.paid_on else ", paid"
    return f"{invoice.number}: {money.display(invoice.amount, invoice.currency)}{day}"
