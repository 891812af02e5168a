"""Who is who: every id that a customer was ever known by leads to one contact.

Intake and delivery come in with the ids that WhatsApp tells. Everything is in the caller's
transaction; it calls nobody outside the database.
"""

from conversations.contacts.aliases import remember_alias
from conversations.contacts.editing import NotEdited, edit
from conversations.contacts.identity import identify
from conversations.contacts.merging import StillSending, merge
from conversations.contacts.moving import follow
from conversations.contacts.numbers import of_numbers

__all__ = [
    "NotEdited",
    "StillSending",
    "edit",
    "follow",
    "identify",
    "merge",
    "of_numbers",
    "remember_alias",
]
