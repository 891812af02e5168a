"""From the ids of a webhook to the contact, one person at a time, with all that follows."""

from __future__ import annotations

from datetime import datetime

from conversations.contacts import aliases, ids
from conversations.contacts.aliases import Found, How
from conversations.contacts.merging import merge
from conversations.models import Contact, ContactAlias
from conversations.whatsapp.events import Person
from conversations.whatsapp.numbers import wa_id_variants


def identify(person: Person, at: datetime) -> Contact:
    """The contact who had these ids at that time, made where there is none, with both ids.

    A user id proves who somebody is; a number is given to somebody else one day. So both together
    join two contacts into one, except where the number's contact has another user id.
    Twice: the same contact. Raises: StillSending, see `merge`.
    """
    aliases.lock()
    user, number = aliases.by_user_id(person.bsuid), aliases.by_number(person.wa_id, at)
    if user and number and user.contact != number.contact:
        return _settle(user.contact, number, person, at)
    if user:
        return _complete(user.contact, number, person, at)
    if number:
        return _of_number(number, person, at)
    return Contact.objects.create(wa_id=person.wa_id, bsuid=person.bsuid)


def _settle(contact: Contact, number: Found, person: Person, at: datetime) -> Contact:
    """The user id leads to one contact, the number to another."""
    if number.how == How.FORMERLY or not person.wa_id:
        return contact
    if number.contact.bsuid is None:
        return merge(contact, number.contact, wa_id=person.wa_id, bsuid=contact.bsuid, at=at)
    if number.how != How.VARIANT:
        ids.take_number(number.contact, person.wa_id)
    return _with_number(contact, person.wa_id, at)


def _complete(contact: Contact, number: Found | None, person: Person, at: datetime) -> Contact:
    """The user id leads to the contact, and the number to the same or to nobody."""
    is_current = person.wa_id in (None, contact.wa_id)
    if contact.bsuid is None and person.bsuid and is_current:  # retired, but it holds still
        ids.set_user_id(contact, person.bsuid)
    if number or not person.wa_id:
        is_form = number and number.how == How.VARIANT and person.wa_id
        return _with_number(contact, str(person.wa_id), at) if is_form else contact
    return _with_number(contact, person.wa_id, at)


def _of_number(number: Found, person: Person, at: datetime) -> Contact:
    """The number leads to the contact, and the user id to nobody."""
    contact = number.contact
    if person.bsuid and contact.bsuid is None and number.how != How.FORMERLY:
        ids.set_user_id(contact, person.bsuid)
    elif person.bsuid and number.how == How.FORMERLY:
        kind, reason = ContactAlias.Kind.BSUID, aliases.FORMER_USER_ID
        aliases.add(contact, kind, person.bsuid, reason, None)
        return contact
    elif person.bsuid:  # another user has the number now
        if number.how != How.VARIANT:
            ids.take_number(contact, str(person.wa_id))
        return Contact.objects.create(wa_id=person.wa_id, bsuid=person.bsuid)
    if number.how == How.VARIANT:
        aliases.remember_alias(contact.pk, str(person.wa_id))
    return contact


def _with_number(contact: Contact, wa_id: str, at: datetime) -> Contact:
    if contact.wa_id and wa_id in wa_id_variants(contact.wa_id):
        if wa_id != contact.wa_id:
            aliases.remember_alias(contact.pk, wa_id)
        return contact
    ids.set_number(contact, wa_id, at)
    return contact
