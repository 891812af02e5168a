"""Who a webhook speaks of: ids from the item itself, names from the `contacts` beside it."""

from conversations.whatsapp.events.reading import (
    JsonObject,
    Unusable,
    obj,
    objects,
    text,
    text_or_none,
)
from conversations.whatsapp.events.shapes import Person


class Contacts:
    """The `contacts` of one webhook value, found by id.

    They need not be there, need not be in the messages' order, and may lack any of their parts.
    """

    def __init__(self, value: JsonObject) -> None:
        self._all = [_person(contact) for contact in objects(value, "contacts")]

    def complete(self, person: Person) -> Person:
        """Return the person with the other id and the names that its contact has."""
        for contact in self._all:
            if _is_same(contact, person):
                return _merged(person, contact)
        return person

    def only(self) -> Person | None:
        """Return the contact where there is exactly one: all messages beside it are theirs."""
        found = [contact for contact in self._all if contact.wa_id or contact.bsuid]
        return found[0] if len(found) == 1 else None


def person(
    wa_id: str | None, bsuid: str | None, parent_bsuid: str | None = None, **names: str | None
) -> Person:
    """Return a person by ids. What stands in the place of a number and is none is a BSUID."""
    number = wa_id.removeprefix("+") if wa_id else None
    if number and not (number.isascii() and number.isdigit()):
        return Person(bsuid=bsuid or number, parent_bsuid=parent_bsuid, **names)
    return Person(wa_id=number or None, bsuid=bsuid, parent_bsuid=parent_bsuid, **names)


def sender_of(message: JsonObject, contacts: Contacts) -> Person:
    """Return who sent it. Raises: Unusable where neither message nor contacts say so."""
    named = person(
        text_or_none(message, "from"),
        text_or_none(message, "from_user_id"),
        text_or_none(message, "from_parent_user_id"),
    )
    if named.wa_id or named.bsuid:
        return contacts.complete(named)
    only = contacts.only()
    if only is None:
        raise Unusable("nobody is named as sender")
    return only


def _person(contact: JsonObject) -> Person:
    profile = obj(contact, "profile")
    return person(
        text_or_none(contact, "wa_id"),
        text_or_none(contact, "user_id"),
        text_or_none(contact, "parent_user_id"),
        name=text_or_none(profile, "name"),
        username=text(profile, "username").strip().removeprefix("@") or None,
    )


def _is_same(one: Person, other: Person) -> bool:
    if one.wa_id and one.wa_id == other.wa_id:
        return True
    return bool(one.bsuid) and one.bsuid == other.bsuid


def _merged(person: Person, contact: Person) -> Person:
    return Person(
        wa_id=person.wa_id or contact.wa_id,
        bsuid=person.bsuid or contact.bsuid,
        parent_bsuid=person.parent_bsuid or contact.parent_bsuid,
        name=contact.name,
        username=contact.username,
    )
