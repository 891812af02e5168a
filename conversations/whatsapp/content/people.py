"""Contact cards."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from conversations.whatsapp import labels
from conversations.whatsapp.content.rules import (
    ContentError,
    Wire,
    check_count,
    check_kinds,
    check_text,
    entries,
    entry,
    optional,
)

CARDS_MAX = 5  # Cloud API, contacts: 257 in the guide, 5 in the OpenAPI file
ENTRIES_MAX = 20  # not documented; phones, emails and the like on one card
FIELD_MAX = 1000  # not documented


@dataclass(frozen=True)
class Entry:
    """One phone number, e-mail address or web address, with what it is ("WORK", "HOME")."""

    value: str
    type: str | None = None
    wa_id: str | None = None  # phones only: makes the card's "Message" button work


@dataclass(frozen=True)
class Address:
    """A postal address; each part may be missing."""

    street: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country: str | None = None
    country_code: str | None = None
    type: str | None = None


@dataclass(frozen=True)
class Card:
    """One person or firm. Meta wants the whole name and at least one of its parts."""

    formatted_name: str
    first_name: str | None = None
    last_name: str | None = None
    middle_name: str | None = None
    prefix: str | None = None
    suffix: str | None = None
    phones: tuple[Entry, ...] = ()
    emails: tuple[Entry, ...] = ()
    urls: tuple[Entry, ...] = ()
    addresses: tuple[Address, ...] = ()
    company: str | None = None
    department: str | None = None
    title: str | None = None
    birthday: str | None = None  # YYYY-MM-DD

    def __post_init__(self) -> None:
        check_text("card.formatted_name", self.formatted_name, limit=FIELD_MAX)
        if not any(getattr(self, part) for part in _NAME_PARTS):
            problem = "has no first, last or middle name, prefix or suffix"
            raise ContentError("card.name", problem, advice="Give at least one of them.")
        for field in (*_NAME_PARTS, *_ORG_PARTS, "birthday"):
            _check_field(f"card.{field}", getattr(self, field))
        for field, kind in _LISTS.items():
            self._check_list(field, kind)

    def _check_list(self, field: str, kind: type) -> None:
        items = getattr(self, field)
        check_count(field, items, least=0, most=ENTRIES_MAX)
        check_kinds(field, items, kind)
        for item in items:
            for name, value in vars(item).items():
                _check_field(f"{field}.{name}", value)

    def to_wire(self) -> Wire:
        name = {"formatted_name": self.formatted_name, **_given(self, _NAME_PARTS)}
        lists: Wire = {
            field: [_entry_wire(item, key) for item in getattr(self, field)]
            for field, key in _KEYS.items()
        }
        lists["addresses"] = [_given(item, tuple(vars(item))) for item in self.addresses]
        rest = {"org": _given(self, _ORG_PARTS), **_given(self, ("birthday",)), **lists}
        return {"name": name, **{key: value for key, value in rest.items() if value}}

    @classmethod
    def from_wire(cls, wire: object) -> Self:
        name, org = entry(wire, "name", "card"), optional(wire, "org")
        return cls(
            entry(name, "formatted_name", "card.name"),
            **{part: optional(name, part) for part in _NAME_PARTS},
            **{part: optional(org, part) for part in _ORG_PARTS},
            phones=_read_entries(wire, "phones"),
            emails=_read_entries(wire, "emails"),
            urls=_read_entries(wire, "urls"),
            addresses=_read_addresses(wire),
            birthday=optional(wire, "birthday"),
        )


_NAME_PARTS = ("first_name", "last_name", "middle_name", "prefix", "suffix")
_ORG_PARTS = ("company", "department", "title")
_KEYS = {"phones": "phone", "emails": "email", "urls": "url"}
_LISTS: dict[str, type] = {"phones": Entry, "emails": Entry, "urls": Entry, "addresses": Address}
_ADDRESS_PARTS = ("street", "city", "state", "zip", "country", "country_code", "type")


@dataclass(frozen=True)
class Contacts:
    """One to five contact cards."""

    cards: tuple[Card, ...]

    kind: ClassVar[str] = "contacts"

    def __post_init__(self) -> None:
        check_count("contacts", self.cards, least=1, most=CARDS_MAX)
        check_kinds("contacts", self.cards, Card)

    def to_wire(self) -> Wire:
        return {"type": "contacts", "contacts": [card.to_wire() for card in self.cards]}

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        return cls(entries(wire, "contacts", "", Card.from_wire))

    def text_for_people(self) -> str:
        return labels.label(self.kind, ", ".join(card.formatted_name for card in self.cards))


def _check_field(field: str, value: object) -> None:
    if value is not None:
        check_text(field, value, limit=FIELD_MAX)


def _given(item: object, fields: tuple[str, ...]) -> Wire:
    return {name: getattr(item, name) for name in fields if getattr(item, name) is not None}


def _entry_wire(item: Entry, key: str) -> Wire:
    return {key: item.value, **_given(item, ("type", "wa_id"))}


def _read_entries(wire: object, field: str) -> tuple[Entry, ...]:
    def read(item: object) -> Entry:
        return Entry(
            entry(item, _KEYS[field], field), optional(item, "type"), optional(item, "wa_id")
        )

    return entries(wire, field, "card", read) if optional(wire, field) is not None else ()


def _read_addresses(wire: object) -> tuple[Address, ...]:
    def read(item: object) -> Address:
        return Address(**{part: optional(item, part) for part in _ADDRESS_PARTS})

    return entries(wire, "addresses", "card", read) if optional(wire, "addresses") else ()
