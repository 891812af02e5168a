"""What stands around the words of a bubble: header, footer, buttons, list rows, a place, a note.

Read from the stored wire JSON of either direction; whatever is not there, or of another shape,
is left out, never an error: the words themselves are in the row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

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
    note: str = ""
    card: str = ""  # the icon of what is not text
    map_url: str = ""


def parts_of(message: Message) -> Parts:
    """Everything around the words of this message."""
    content = message.content if isinstance(message.content, dict) else {}
    if message.direction == Message.Direction.IN:
        return Parts(
            note=_note(message, content),
            card=CARDS.get(message.kind, ""),
            map_url=_map_url(content),
        )
    return _of_interactive(_get(content, "interactive"), CARDS.get(message.kind, ""))


NOTES = {
    "list": "chose from the list",
    "button": "chose a button",
    "edit": "changed a message",
    "revoke": "deleted a message",
}


def _note(message: Message, content: Mapping[str, Any]) -> str:
    raw = str(content.get("type", ""))
    said = {
        NOTES.get(message.kind, ""): True,
        f"type: {raw}": raw != "" and message.kind in ("unknown", "unsupported"),
        "forwarded": message.is_forwarded,
        "changed later": message.edited_at is not None,
        "deleted by the customer": message.revoked_at is not None,
    }
    return ", ".join(note for note, holds in said.items() if note and holds)


def _of_interactive(inner: Mapping[str, Any], card: str) -> Parts:
    action = _get(inner, "action")
    buttons = [str(_get(button, "reply").get("title", "")) for button in _list(action, "buttons")]
    link = _get(action, "parameters").get("display_text")
    rows = [row for section in _list(action, "sections") for row in _list(section, "rows")]
    header = _get(inner, "header")
    return Parts(
        header=str(header.get("text") or header.get("type", "")).strip(),
        footer=str(_get(inner, "footer").get("text", "")),
        buttons=tuple(filter(None, [*buttons, str(link or "")])),
        list_button=str(action.get("button", "")),
        list_rows=tuple(
            (str(row.get("title", "")), str(row.get("description") or "")) for row in rows
        ),
        card=card,
    )


def _map_url(content: Mapping[str, Any]) -> str:
    place = _get(content, "location")
    spot = (place.get("latitude"), place.get("longitude"))
    if not all(isinstance(part, int | float) for part in spot):
        return ""
    return "https://www.openstreetmap.org/?" + urlencode({"mlat": spot[0], "mlon": spot[1]})


def _get(value: object, key: str) -> Mapping[str, Any]:
    found = value.get(key) if isinstance(value, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _list(value: object, key: str) -> Sequence[Mapping[str, Any]]:
    found = value.get(key) if isinstance(value, Mapping) else None
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []
