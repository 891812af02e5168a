"""The rows of billing, one noun a file."""

from billing.models.account import Account
from billing.models.invoice import Invoice
from billing.models.ledger_import import ImportRow, LedgerImport

__all__ = ["Account", "ImportRow", "Invoice", "LedgerImport"]
