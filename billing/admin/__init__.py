"""The door for staff to accounts and invoices, one noun a file. Django imports it once."""

from billing.admin import accounts, invoices

__all__ = ["accounts", "invoices"]
