"""The rows of billing, one noun a file."""

from billing.models.account import Account
from billing.models.invoice import Invoice

__all__ = ["Account", "Invoice"]
