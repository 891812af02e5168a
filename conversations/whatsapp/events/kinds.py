"""From Meta's message types to what a message says. One table; what is not in it stays readable."""

import json
from collections.abc import Callable
from typing import Any

from conversations.whatsapp.events.people import person
from conversations.whatsapp.events.reading import (
    JsonObject,
    clean,
    items,
    needed,
    obj,
    objects,
    text,
    text_or_none,
)
from conversations.whatsapp.events.shapes import MediaRef, ReactionTo, Said, SystemChange, Tap
from conversations.whatsapp.labels import label

# Cloud API: none of these lets us write freely. Reactions are not documented; taken as not opening.
NOT_OPENING = ("reaction", "system", "edit", "revoke")
FILES = ("image", "video", "audio", "document", "sticker")
SYSTEM_CHANGES = {
    "user_changed_number": "number_changed",
    "customer_changed_number": "number_changed",  # before v12
    "user_changed_user_id": "user_id_changed",
    "customer_identity_changed": "identity_changed",
}
NOT_AVAILABLE = "not available"
FLOW_TOKEN = "flow_token"  # noqa: S105  # the name of a field, no secret


def read_said(message: JsonObject) -> Said:
    """Return what a message, or the stored `content` of one, says.

    Raises: Unusable for a reaction, edit or revoke without its target.
    """
    raw_type = text(message, "type")
    reader = _READERS.get(raw_type)
    if reader is None or (raw_type not in message and raw_type not in _WITHOUT_OBJECT):
        return _unreadable(message, raw_type)
    return reader(message, raw_type)


def _said(message: JsonObject, kind: str, words: str, **more: Any) -> Said:
    raw_type = text(message, "type")
    content = {"type": raw_type, **({raw_type: message[raw_type]} if raw_type in message else {})}
    return Said(kind=kind, text=words, content=content, **{"raw_type": raw_type, **more})


def _unreadable(message: JsonObject, raw_type: str) -> Said:
    """Keep what nobody has heard of, and what came without its object (told by `errors`)."""
    is_known = raw_type in _READERS or not raw_type
    if raw_type in FILES or raw_type in ("location", "contacts", "order"):
        return _said(message, raw_type, label(raw_type, NOT_AVAILABLE))
    if is_known and items(message, "errors"):
        return _said(message, "unsupported", label("unsupported"))
    return _said(message, "unknown", label(raw_type or "no type"))


def _text(message: JsonObject, raw_type: str) -> Said:
    body = text(obj(message, "text"), "body")
    # Nobody can send an empty text; one without a body is a message that we cannot show.
    return _said(message, "text" if body else "unsupported", body or label("unsupported"))


def _file(message: JsonObject, raw_type: str) -> Said:
    file = obj(message, raw_type)
    kind = "voice" if raw_type == "audio" and file.get("voice") is True else raw_type
    media = _media(file)
    words = (text(file, "filename"), text(file, "caption")) if media else (NOT_AVAILABLE,)
    return _said(message, kind, label(kind, " – ".join(filter(None, words))), media=media)


def _media(file: JsonObject) -> MediaRef | None:
    media_id = text_or_none(file, "id")
    if media_id is None:
        return None
    return MediaRef(
        media_id=media_id,
        mime_type=text(file, "mime_type"),
        sha256=text(file, "sha256"),
        filename=text(file, "filename"),
        caption=text(file, "caption"),
        is_animated=file.get("animated") is True,
    )


def _location(message: JsonObject, raw_type: str) -> Said:
    place = obj(message, "location")
    named = ", ".join(filter(None, (text(place, "name"), text(place, "address"))))
    spot = f"{text(place, 'latitude')}, {text(place, 'longitude')}"
    return _said(message, "location", label("location", named or spot))


def _contacts(message: JsonObject, raw_type: str) -> Said:
    names = [text(obj(card, "name"), "formatted_name") for card in objects(message, "contacts")]
    return _said(message, "contacts", label("contacts", ", ".join(filter(None, names))))


def _button(message: JsonObject, raw_type: str) -> Said:
    button = obj(message, "button")
    tap = Tap(id=text(button, "payload"), title=text(button, "text"))
    return _said(message, "button", tap.title or tap.id, tap=tap)


def _interactive(message: JsonObject, raw_type: str) -> Said:
    inner = obj(message, "interactive")
    kind = text(inner, "type")
    reply, raw_type = obj(inner, kind), f"interactive.{kind}"
    if kind in ("button_reply", "list_reply"):
        tap = Tap(id=text(reply, "id"), title=text(reply, "title"))
        name = kind.removesuffix("_reply")
        return _said(message, name, tap.title or tap.id, tap=tap, raw_type=raw_type)
    if kind == "nfm_reply":
        return _flow(message, reply, raw_type)
    if kind == "call_permission_reply":
        words = f"Answer to a call request: {text(reply, 'response')}"
        return _said(message, "unknown", words, raw_type=raw_type)
    return _said(message, "unknown", label(kind or "interactive"), raw_type=raw_type)


def _flow(message: JsonObject, reply: JsonObject, raw_type: str) -> Said:
    answers = _answers(reply.get("response_json"))
    lines = "\n".join(f"{name}: {answer}" for name, answer in answers)
    words = label("flow", text(reply, "name")) + (f"\n{lines}" if lines else "")
    return _said(message, "flow", words, answers=answers, raw_type=raw_type)


def _answers(response: object) -> tuple[tuple[str, str], ...]:
    """Return a form's fields; they come as JSON inside a text, from the customer's phone."""
    try:
        found = json.loads(response) if isinstance(response, str) else response
    except (ValueError, RecursionError):
        return (("response", str(response)),)
    if not isinstance(found, dict):
        return ()
    fields = clean(found)
    return tuple((name, _answer(fields[name])) for name in fields if name != FLOW_TOKEN)


def _answer(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    return json.dumps(value, ensure_ascii=False)


def _reaction(message: JsonObject, raw_type: str) -> Said:
    reaction = obj(message, "reaction")
    emoji = text_or_none(reaction, "emoji")
    found = ReactionTo(target=needed(reaction, "message_id"), emoji=emoji)
    return _said(message, "reaction", label("reaction", emoji or "taken away"), reaction=found)


def _order(message: JsonObject, raw_type: str) -> Said:
    order = obj(message, "order")
    count = len(items(order, "product_items"))
    products = "1 product" if count == 1 else f"{count} products"
    words = " – ".join(filter(None, (products, text(order, "text"))))
    return _said(message, "order", label("order", words))


def _system(message: JsonObject, raw_type: str) -> Said:
    system = obj(message, "system")
    change = SYSTEM_CHANGES.get(text(system, "type"), "other")
    number = text_or_none(system, "wa_id") or text_or_none(system, "new_wa_id")
    bsuid, parent = text_or_none(system, "user_id"), text_or_none(system, "parent_user_id")
    found = SystemChange(
        change=change,
        person=person(number, bsuid, parent),
        identity_hash=text_or_none(obj(message, "identity"), "hash"),
    )
    words = text(system, "body") or f"System message ({text(system, 'type') or 'other'})"
    return _said(message, "system", words, system=found)


def _welcome(message: JsonObject, raw_type: str) -> Said:
    found = SystemChange(change="chat_opened", person=person(None, None))
    return _said(message, "system", "Opened the chat for the first time", system=found)


def _unsupported(message: JsonObject, raw_type: str) -> Said:
    what = text(obj(message, raw_type), "type")
    return _said(message, "unsupported", label(what or "unsupported"))


def _edit(message: JsonObject, raw_type: str) -> Said:
    edit = obj(message, "edit")
    inner = obj(edit, "message")
    new = read_said(inner) if text(inner, "type") not in ("edit", "") else None
    return _said(
        message,
        "edit",
        new.text if new else label("unsupported"),
        edits=needed(edit, "original_message_id"),
        media=new.media if new else None,
    )


def _revoke(message: JsonObject, raw_type: str) -> Said:
    target = needed(obj(message, "revoke"), "original_message_id")
    return _said(message, "revoke", "Deleted a message", revokes=target)


_READERS: dict[str, Callable[[JsonObject, str], Said]] = {
    "text": _text,
    **dict.fromkeys(FILES, _file),
    "location": _location,
    "contacts": _contacts,
    "button": _button,
    "interactive": _interactive,
    "reaction": _reaction,
    "order": _order,
    "system": _system,
    "request_welcome": _welcome,
    "unsupported": _unsupported,
    "unknown": _unsupported,
    "edit": _edit,
    "revoke": _revoke,
}
_WITHOUT_OBJECT = ("request_welcome", "unsupported", "unknown")
