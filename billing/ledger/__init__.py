"""Accounts and invoices as another system keeps them: created, changed, or left as they are.

The REST API and imports come in, with one entry or with a thousand; the same rules hold for both,
and each entry gets an outcome of its own. Keys are the other system's (`external_id`).
"""

from billing.ledger.accounts import change_account, link, put_account, unlink, write_accounts
from billing.ledger.invoices import change_invoice, put_invoice, write_invoices
from billing.ledger.outcomes import Kind, Outcome, Problem

__all__ = [
    "Kind",
    "Outcome",
    "Problem",
    "change_account",
    "change_invoice",
    "link",
    "put_account",
    "put_invoice",
    "unlink",
    "write_accounts",
    "write_invoices",
]
