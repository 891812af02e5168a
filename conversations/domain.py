"""How a business domain (billing, later orders) plugs into the conversations.

A domain names itself in `settings.BUSINESS_DOMAINS` and offers what the protocol below lists; the
conversations ask every domain in turn, and run as well with none. Nothing here knows an invoice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from conversations.models import Contact, Thread
from conversations.whatsapp.content import Content, Section


@dataclass(frozen=True)
class News:
    """What other systems are told when an answer goes out: its type, and ids and states."""

    type: str
    payload: Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    """What the customer gets, and, where a person must go on, why staff get the thread."""

    contents: tuple[Content, ...] = ()
    hand_over: str = ""  # the reason in words for staff; "" keeps the assistant on
    news: News | None = None  # announced in the transaction that sends the answer


@dataclass(frozen=True)
class Chip:
    """A small mark on a thread in the list: "R 4,540.00 overdue"."""

    text: str
    tone: str = "grey"  # grey | green | amber | red | blue
    icon: str = ""  # a name of Material Symbols


@dataclass(frozen=True)
class PanelRow:
    """One line of a card beside the conversation."""

    title: str
    detail: str = ""
    value: str = ""
    chip: Chip | None = None
    url: str = ""


@dataclass(frozen=True)
class PanelCard:
    """What a domain shows of a contact beside the conversation."""

    title: str
    rows: tuple[PanelRow, ...] = ()
    empty: str = ""  # what to say when there are no rows
    url: str = ""


@dataclass(frozen=True)
class Bar:
    """One figure of a card on the first page, drawn as long as its value is great."""

    label: str
    value: float
    shown: str  # the value as people read it: "R 4,540.00"
    tone: str = "grey"  # grey | green | amber | red | blue
    url: str = ""


@dataclass(frozen=True)
class FigureCard:
    """Figures that belong together, on the first page."""

    title: str
    headline: str = ""
    bars: tuple[Bar, ...] = ()
    empty: str = ""  # what to say when there are no bars
    url: str = ""


@dataclass(frozen=True)
class Viewer:
    """What the person who looks may see; domains check their own permissions with it."""

    permissions: frozenset[str] = field(default_factory=frozenset)

    def may(self, permission: str) -> bool:
        return permission in self.permissions


@dataclass(frozen=True)
class Scope:
    """One thing that a key of the API can be allowed: "contacts:read".

    The same endpoints serve staff who are signed in: they need all of `permissions`.
    """

    name: str
    title: str  # as staff read it who tick it
    permissions: tuple[str, ...]


class Domain(Protocol):
    """What a business domain offers. Every method may answer with nothing."""

    def answer_intent(self, thread: Thread, intent: str) -> Answer | None:
        """The answer to an intent the classifier is sure of, from this contact's own rows."""

    def asked(self, thread: Thread, intent: str) -> News | None:
        """What other systems are told where a customer surely asked this, whoever answers."""

    def answer_tap(self, thread: Thread, action: str, ref: str) -> Answer | None:
        """The answer to a tapped button or list row; `ref` is checked to be this contact's."""

    def menu(self) -> Section | None:
        """The rows this domain adds to the menu."""

    def facts(self, thread: Thread) -> Sequence[str]:
        """What the assistant may say about this contact: short sentences, amounts ready to copy."""

    def chips(self, contact_ids: Iterable[int]) -> dict[int, Chip]:
        """Marks for the list, by contact id; one query however many contacts."""

    def panel(self, contact: Contact, viewer: Viewer) -> PanelCard | None:
        """A card beside the conversation, or None where the viewer may not see it."""

    def search(self, words: str) -> Iterable[int]:
        """Ids of contacts that a search for these words should find."""

    def scopes(self) -> Sequence[Scope]:
        """What a key may be allowed in this domain's own part of the API."""

    def figures(self, viewer: Viewer) -> FigureCard | None:
        """A card on the first page, or None where the viewer may not see it; one query."""


def domains() -> tuple[Domain, ...]:
    """The domains of the settings, in their order."""
    return tuple(_domain(path) for path in settings.BUSINESS_DOMAINS.values())


@cache
def _domain(path: str) -> Domain:
    domain: Domain = import_string(path)()
    return domain
