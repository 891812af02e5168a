"""What stands around the words of a bubble: header, footer, buttons, list rows, cards, notes.

Read from the stored wire JSON of either direction; whatever is not there, or of another shape,
is left out, never an error: the words themselves are in the row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from conversations.admin.inbox import cards
from conversations.admin.inbox.formatting import clock_time, local
from conversations.models import Message

CARDS = {
    "image": "image",
    "video": "movie",
    "audio": "graphic_eq",
    "voice": "mic",
    "document": "description",
    "sticker": "emoji_emotions",
    "location": "location_on",
    "contacts": "person",
    "order": "shopping_cart",
    "flow": "checklist",
    "reaction": "add_reaction",
    "unsupported": "help",
    "unknown": "help",
}


@dataclass(frozen=True)
class Parts:
    """Texts as the customer sees them; "" and () where a message has none."""

    header: str = ""
    footer: str = ""
    buttons: tuple[str, ...] = ()
    list_button: str = ""
    list_rows: tuple[tuple[str, str], ...] = ()  # title, description
    notes: tuple[str, ...] = ()
    card: str = ""  # the icon of what is not text
    words: str | None = None  # of the bubble, where a card says what the row's label says
    file: cards.FileCard | None = None
    answers: tuple[tuple[str, str], ...] = ()  # of a form: field, answer
    place: cards.Place | None = None
    people: tuple[cards.Card, ...] = ()
    items: tuple[cards.Item, ...] = ()
    ad: cards.Ad | None = None


def parts_of(message: Message) -> Parts:
    """Everything around the words of this message."""
    content = message.content if isinstance(message.content, dict) else {}
    inner = _get(content, "interactive")
    is_ours = message.direction == Message.Direction.OUT and bool(inner)
    parts = _of_interactive(inner) if is_ours else Parts()
    parts = replace(
        parts,
        notes=_notes(message, content),
        card=CARDS.get(message.kind, ""),
        file=cards.file_of(message),
        answers=cards.answers_of(message),
        place=cards.place_of(content),
        people=cards.people_of(content),
        items=cards.items_of(content),
        ad=cards.ad_of(message),
    )
    return replace(parts, words=_words(parts, message, content))


def _words(parts: Parts, message: Message, content: Mapping[str, Any]) -> str | None:
    """What is still to be said beside a card; None where the words of the row stand."""
    if parts.file and not parts.file.is_header:
        return parts.file.caption
    if parts.place or parts.people:
        return ""
    if parts.items:
        return str(_get(content, "order").get("text") or "")
    return message.text.partition("\n")[0] if parts.answers else None


NOTES = {
    "list": "Chose from the list",
    "button": "Chose a button",
    "edit": "Changed a message",
    "revoke": "Deleted a message",
}


def _notes(message: Message, content: Mapping[str, Any]) -> tuple[str, ...]:
    raw = str(content.get("type", ""))
    is_in = message.direction == Message.Direction.IN
    said = {
        NOTES.get(message.kind, ""): is_in,
        f"type: {raw}": raw != "" and message.kind in ("unknown", "unsupported"),
        "Forwarded many times": message.is_forwarded_often,
        "Forwarded": message.is_forwarded and not message.is_forwarded_often,
        "Deleted by the customer" if is_in else "Deleted on the phone": bool(message.revoked_at),
        _edited(message): message.edited_at is not None,
    }
    return tuple(note for note, holds in said.items() if note and holds)


def _edited(message: Message) -> str:
    if message.edited_at is None:
        return ""
    day = local(message.edited_at).date()
    is_same_day = day == local(message.sent_at).date()
    return f"Edited {'' if is_same_day else f'{day:%d/%m/%Y} '}{clock_time(message.edited_at)}"


def _of_interactive(inner: Mapping[str, Any]) -> Parts:
    action = _get(inner, "action")
    buttons = [str(_get(button, "reply").get("title", "")) for button in _list(action, "buttons")]
    link = _get(action, "parameters").get("display_text")
    rows = [row for section in _list(action, "sections") for row in _list(section, "rows")]
    header = _get(inner, "header")
    return Parts(
        header=str(header.get("text") or "").strip(),
        footer=str(_get(inner, "footer").get("text", "")),
        buttons=tuple(filter(None, [*buttons, str(link or "")])),
        list_button=str(action.get("button", "")),
        list_rows=tuple(
            (str(row.get("title", "")), str(row.get("description") or "")) for row in rows
        ),
    )


def _get(value: object, key: str) -> Mapping[str, Any]:
    found = value.get(key) if isinstance(value, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _list(value: object, key: str) -> Sequence[Mapping[str, Any]]:
    found = value.get(key) if isinstance(value, Mapping) else None
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []
