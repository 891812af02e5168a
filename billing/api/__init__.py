"""The door of other systems to billing: accounts, invoices and imports, below /api/v1/.

It stands on the frame of `conversations.api`, as `billing.admin` stands on that of the admin.
"""
