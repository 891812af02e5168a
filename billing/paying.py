"""How a customer pays by bank transfer: whereto, and what to write as reference.

Answers and facts come in; it reads one setting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from billing.models import Account, Invoice

NUMBERS_NAMED = 10


@dataclass(frozen=True)
class Reference:
    """What to write on the payment for one account."""

    account: Account
    text: str


def bank_details() -> str:
    r"""The bank details of the settings, one line each; "" where none are set.

    An environment file holds one line, so a typed `\n` counts as a line break.
    """
    lines = settings.BANK_DETAILS.replace("\\n", "\n").splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())


def references(invoices: Sequence[Invoice]) -> list[Reference]:
    """One reference for each account, in the order of its first invoice.

    A single invoice is paid under its own number; several of one account under the account's key
    in the accounting system, or where it has none under all their numbers.
    """
    by_account: dict[int, list[Invoice]] = {}
    for invoice in invoices:
        by_account.setdefault(invoice.account_id, []).append(invoice)
    return [Reference(owed[0].account, _reference(owed)) for owed in by_account.values()]


def _reference(owed: Sequence[Invoice]) -> str:
    key = owed[0].account.external_id
    if len(owed) > 1 and key:
        return key
    numbers = [invoice.number for invoice in owed[:NUMBERS_NAMED]]
    more = len(owed) - len(numbers)
    return ", ".join(numbers) + (f" and {more} more" if more else "")
