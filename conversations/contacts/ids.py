"""Giving a contact an id and taking one away; the old one stays as an alias."""

from __future__ import annotations

from datetime import datetime

from django.db.models.functions import Now

from conversations import notices
from conversations.contacts import aliases
from conversations.contacts.aliases import FORMER_NUMBER, FORMER_USER_ID, VARIANT
from conversations.models import Contact, ContactAlias
from conversations.whatsapp.numbers import wa_id_variants

Kind = ContactAlias.Kind


def set_number(contact: Contact, wa_id: str, at: datetime) -> None:
    """This is the contact's number from `at` on; nobody else may have it as their own.

    Every other number of theirs is given back: whoever writes from it later is somebody else,
    unless it is only another form of the new one.
    """
    former = contact.wa_id
    contact.wa_id = wa_id
    contact.save(update_fields=["wa_id"])
    tell_block(contact)
    aliases.forget(contact, Kind.WA_ID, wa_id)
    if former is None or former == wa_id:
        return
    if former in wa_id_variants(wa_id):
        aliases.add(contact, Kind.WA_ID, former, VARIANT, None)
        return
    mine = ContactAlias.objects.filter(contact=contact, kind=Kind.WA_ID, valid_until=None)
    mine.update(valid_until=at)
    aliases.add(contact, Kind.WA_ID, former, FORMER_NUMBER, at)


def set_user_id(contact: Contact, bsuid: str) -> None:
    """This is the contact's user id; nobody else may have it as their own."""
    former = contact.bsuid
    contact.bsuid = bsuid
    contact.save(update_fields=["bsuid"])
    tell_block(contact)
    aliases.forget(contact, Kind.BSUID, bsuid)
    if former and former != bsuid:
        aliases.add(contact, Kind.BSUID, former, FORMER_USER_ID, None)


def retire_user_id(contact: Contact) -> None:
    """The user id was made anew and the new one is not known yet; the number must be known."""
    former = contact.bsuid
    contact.bsuid = None
    contact.save(update_fields=["bsuid"])
    if former:
        aliases.add(contact, Kind.BSUID, former, FORMER_USER_ID, None)


def take_number(contact: Contact, wa_id: str) -> None:
    """Another WhatsApp user has this number now; the contact keeps the user id and is told of.

    Otherwise whoever got the number would be told what this contact owes.
    """
    aliases.forget(contact, Kind.WA_ID, wa_id)
    if contact.wa_id != wa_id:
        return
    contact.wa_id = None
    contact.save(update_fields=["wa_id"])
    notices.raise_notice(
        f"number-moved:{contact.pk}",
        level=notices.Level.INFO,
        text=f"The number of {contact} belongs to another WhatsApp user now.",
        what_to_do="Ask who is writing before you speak about accounts or invoices.",
    )


def tell_block(contact: Contact) -> None:
    """Where the contact is blocked Meta hears of it: what it blocks are ids."""
    Contact.objects.filter(pk=contact.pk, is_blocked=True).update(block_due_at=Now())
