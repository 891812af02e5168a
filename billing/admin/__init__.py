"""The door for staff to accounts, invoices and imports, one noun a file. Django imports it once."""

from billing.admin import accounts, imports, invoices

__all__ = ["accounts", "imports", "invoices"]
