"""Who wrote: the contact of a number, of a user id, or of both at once."""

from collections.abc import Iterable

from django.db.models import Q

from conversations.models import Contact
from conversations.whatsapp.events import Person


def contacts_of(people: Iterable[Person]) -> dict[Person, Contact]:
    """The contact of each person, made where there is none, with the newest name and ids.

    Two queries when everybody is known. Ids arrive in a fixed order, so that two processes which
    make the same contacts at once wait for each other instead of locking each other out.
    """
    wanted = sorted(set(people), key=lambda one: (one.wa_id or "", one.bsuid or ""))
    known = _known(wanted)
    missing = [one for one in wanted if _find(known, one) is None]
    if missing:
        Contact.objects.bulk_create(
            [Contact(wa_id=one.wa_id, bsuid=one.bsuid) for one in _first_of_each(missing)],
            ignore_conflicts=True,
        )
        known = _known(wanted)
    found = {one: _found(known, one) for one in wanted}
    _bring_up_to_date(found)
    return found


Known = dict[tuple[str, str], Contact]


def _known(people: list[Person]) -> Known:
    wa_ids = {one.wa_id for one in people if one.wa_id}
    bsuids = {one.bsuid for one in people if one.bsuid}
    rows = Contact.objects.filter(Q(wa_id__in=wa_ids) | Q(bsuid__in=bsuids)).order_by("pk")
    known: Known = {}
    for row in rows:
        if row.wa_id:
            known["wa_id", row.wa_id] = row
        if row.bsuid:
            known["bsuid", row.bsuid] = row
    return known


def _find(known: Known, person: Person) -> Contact | None:
    by_number = known.get(("wa_id", person.wa_id or ""))
    return by_number or known.get(("bsuid", person.bsuid or ""))


def _found(known: Known, person: Person) -> Contact:
    contact = _find(known, person)
    if contact is None:  # neither id: the parser gives such an item as broken
        raise KeyError("person without ids")
    return contact


def _first_of_each(people: list[Person]) -> list[Person]:
    """One person per number and per user id: the same sender may stand in many items."""
    seen: set[str] = set()
    first = []
    for one in people:
        ids = {value for value in (one.wa_id, one.bsuid) if value}
        if not ids & seen:
            first.append(one)
        seen |= ids
    return first


def _bring_up_to_date(found: dict[Person, Contact]) -> None:
    changed: dict[int, Contact] = {}
    for person, contact in found.items():
        news = {
            "name": person.name,
            "username": person.username,
            "bsuid": person.bsuid if not contact.bsuid else None,
        }
        for field, value in news.items():
            if value and getattr(contact, field) != value:
                setattr(contact, field, value)
                changed[contact.pk] = contact
    rows = [changed[pk] for pk in sorted(changed)]
    Contact.objects.bulk_update(rows, ["name", "username", "bsuid"])
