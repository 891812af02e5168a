"""Accounts and invoices: the business domain that plugs into the conversations."""
