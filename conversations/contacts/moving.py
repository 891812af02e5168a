"""WhatsApp says that a customer got a new number or user id: the contact goes with them."""

from __future__ import annotations

from datetime import datetime

from conversations.contacts import aliases, ids
from conversations.contacts.aliases import How
from conversations.contacts.identity import identify
from conversations.contacts.merging import merge
from conversations.models import Contact
from conversations.whatsapp.events import Person


def follow(before: Person, after: Person, at: datetime) -> Contact:
    """The contact of `before` has the ids of `after`; the former ones lead to the same contact.

    What is None in `after` is not spoken of. Where the new ids had a contact already, both are
    one. Twice, or after a later change of the same customer: nothing more happens.
    Source: Cloud API, system messages.
    """
    contact = identify(before, at)
    if after.bsuid:
        contact = _to_user_id(contact, after.bsuid, at)
    if after.wa_id:
        contact = _to_number(contact, before, after, at)
    return contact


def _to_user_id(contact: Contact, bsuid: str, at: datetime) -> Contact:
    found = aliases.by_user_id(bsuid)
    if found is None or (found.contact == contact and contact.bsuid is None):
        ids.set_user_id(contact, bsuid)
        return contact
    other = found.contact
    if other == contact:
        return contact  # a later change came before this one
    return merge(contact, other, wa_id=other.wa_id or contact.wa_id, bsuid=other.bsuid, at=at)


def _to_number(contact: Contact, before: Person, after: Person, at: datetime) -> Contact:
    wa_id = str(after.wa_id)
    found = aliases.by_number(wa_id, at)
    if found and found.contact == contact and found.how != How.VARIANT:
        return contact  # done already, or a later change came before this one
    if found and found.contact != contact:
        other = found.contact
        if after.bsuid and other.bsuid and found.how == How.OWN:
            ids.take_number(other, wa_id)  # that was its former owner
            ids.set_number(contact, wa_id, at)
            return contact
        current = wa_id if found.how in (How.OWN, How.VARIANT) else other.wa_id
        user_id = (contact.bsuid if after.bsuid else None) or other.bsuid
        return merge(contact, other, wa_id=current, bsuid=user_id, at=at)
    ids.set_number(contact, wa_id, at)
    # A user id is made anew with the number. Until the new one is told, the old one is no key.
    if not after.bsuid and before.bsuid in (None, contact.bsuid):
        ids.retire_user_id(contact)
    return contact
