"""What a customer can say or tap: from the short form of people and tests to the wire form.

    {"type": "text", "text": "hi"}                 {"type": "tap", "title": "Pay now"}
    {"type": "button_reply", "id": .., "title": ..} {"type": "reaction", "emoji": "👍"}
    {"type": "image", "caption": ..}                {"type": <any>, <any>: {as on the wire}}

Each may carry `context` (a wamid to quote, or the wire's object), `forwarded`, `referral`, ...
"""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulator import configuration
from simulator.media import files, kinds, samples
from simulator.models import Chat, Media, Message
from simulator.tapping import find_tap, newest_from_business

TYPE_LONGEST, MIME_TYPE_LONGEST = 40, 120
BESIDE = ("referral", "errors", "identity", "group_id")


class SpeechError(ValueError):
    """What was asked for cannot be said; the text says why."""


@dataclass
class Said:
    """One inbound message before it is a row: type, its object, and what stands beside it."""

    type: str
    content: Any
    context: dict[str, Any] | None = None
    beside: dict[str, Any] = field(default_factory=dict)
    media: Media | None = None
    wamid: str = ""


def understand(chat: Chat, given: dict[str, Any]) -> Said:
    """The wire form of what this customer says in this chat. Raises: SpeechError."""
    kind = given.get("type")
    if not isinstance(kind, str) or not kind:
        raise SpeechError("A message needs a type.")
    if len(kind) > TYPE_LONGEST:
        raise SpeechError(f"A type has at most {TYPE_LONGEST} characters.")
    if isinstance(given.get(kind), dict | list):
        said = Said(kind, given[kind])
    elif kind in SHORT:
        said = SHORT[kind](chat, given)
    elif kind in kinds.MEDIA_TYPES:
        said = _file(chat, given, kind)
    else:
        said = Said(kind, {})
    said.context = _context(chat, given) or said.context
    said.beside |= {name: given[name] for name in BESIDE if name in given}
    return said


def _text(chat: Chat, given: dict[str, Any]) -> Said:
    if not given.get("text"):
        raise SpeechError("A text needs text.")
    return Said("text", {"body": str(given["text"])})


def _button_reply(chat: Chat, given: dict[str, Any]) -> Said:
    reply = {"id": str(given.get("id", "")), "title": str(given.get("title", ""))}
    tapped = find_tap(chat, id_=reply["id"])
    return Said(
        "interactive",
        {"type": "button_reply", "button_reply": reply},
        quoting(chat, tapped.message) if tapped else None,
    )


def _list_reply(chat: Chat, given: dict[str, Any]) -> Said:
    reply = {"id": str(given.get("id", "")), "title": str(given.get("title", ""))}
    if given.get("description"):
        reply["description"] = str(given["description"])
    tapped = find_tap(chat, id_=reply["id"])
    return Said(
        "interactive",
        {"type": "list_reply", "list_reply": reply},
        quoting(chat, tapped.message) if tapped else None,
    )


def _quick_reply(chat: Chat, given: dict[str, Any]) -> Said:
    text = str(given.get("text") or given.get("title") or "")
    tapped = find_tap(chat, title=text)
    content = {"payload": str(given.get("payload") or text), "text": text}
    return Said("button", content, quoting(chat, tapped.message) if tapped else None)


def _tap(chat: Chat, given: dict[str, Any]) -> Said:
    tapped = find_tap(chat, title=str(given.get("title", "")), id_=str(given.get("id", "")))
    if tapped is None:
        raise SpeechError("No message in this chat has such a button or row.")
    return Said(tapped.type, tapped.content, quoting(chat, tapped.message))


def _flow_answer(chat: Chat, given: dict[str, Any]) -> Said:
    answer = {
        "name": "flow",
        "body": str(given.get("body", "Sent")),
        "response_json": str(given.get("response_json", "{}")),
    }
    return Said("interactive", {"type": "nfm_reply", "nfm_reply": answer})


def _reaction(chat: Chat, given: dict[str, Any]) -> Said:
    target = given.get("message_id")
    if not target:
        newest = newest_from_business(chat)
        if newest is None:
            raise SpeechError("There is no message to react to.")
        target = newest.wamid
    content = {"message_id": str(target)}
    # Both forms of taking a reaction back are real: an empty emoji, and no key at all.
    if given.get("emoji") is not None:
        content["emoji"] = str(given["emoji"])
    return Said("reaction", content)


def _unsupported(chat: Chat, given: dict[str, Any]) -> Said:
    problem = {
        "code": 131051,
        "title": "Message type unknown",
        "message": "Message type unknown",
        "error_data": {"details": "Message type is currently not supported."},
    }
    return Said("unsupported", {}, beside={"errors": [problem]})


def _location(chat: Chat, given: dict[str, Any]) -> Said:
    names = ("latitude", "longitude", "name", "address", "url")
    content = {name: given[name] for name in names if name in given}
    return Said("location", {"latitude": -26.1076, "longitude": 28.0567} | content)


def _contacts(chat: Chat, given: dict[str, Any]) -> Said:
    name, phone = str(given.get("name", "Naledi Khoza")), str(given.get("phone", "+27 82 555 0142"))
    first, _, last = name.partition(" ")
    names = {"formatted_name": name, "first_name": first, **({"last_name": last} if last else {})}
    digits = "".join(filter(str.isdigit, phone))
    return Said(
        "contacts", [{"name": names, "phones": [{"phone": phone, "wa_id": digits, "type": "CELL"}]}]
    )


def _voice(chat: Chat, given: dict[str, Any]) -> Said:
    return _file(chat, given, "audio")


def _file(chat: Chat, given: dict[str, Any], kind: str) -> Said:
    content, mime_type, name = _bytes(given, kind)
    media = files.keep(
        chat.number,
        content,
        mime_type=mime_type,
        file_name=name,
        lives=files.CUSTOMERS_FILES_LIVE,
    )
    wire = files.on_the_wire(media, f"http://{configuration.current().bind}")
    if given.get("caption") and kind not in ("audio", "sticker"):
        wire["caption"] = str(given["caption"])
    if kind == "document":
        wire["filename"] = name
    if kind == "audio":
        wire["voice"] = given["type"] == "voice" or bool(given.get("voice", True))
    if kind == "sticker":
        wire["animated"] = False
    return Said(kind, wire, media=media)


def _bytes(given: dict[str, Any], kind: str) -> tuple[bytes, str, str]:
    if "file" not in given:
        sample = samples.of(kind)
        return sample.content, sample.mime_type, str(given.get("filename") or sample.file_name)
    try:
        content = base64.b64decode(str(given["file"]), validate=True)
    except (binascii.Error, ValueError) as problem:
        raise SpeechError("file is not base64.") from problem
    mime_type = str(given.get("mime_type") or "application/octet-stream")
    if len(mime_type) > MIME_TYPE_LONGEST:
        raise SpeechError(f"mime_type has at most {MIME_TYPE_LONGEST} characters.")
    return content, mime_type, str(given.get("filename") or "file")


def _context(chat: Chat, given: dict[str, Any]) -> dict[str, Any] | None:
    if given.get("forwarded"):
        return {"forwarded": True}
    context = given.get("context")
    if isinstance(context, dict):
        return context
    if not context:
        return None
    quoted = Message.objects.filter(wamid=str(context)).first()
    return quoting(chat, quoted) if quoted else {"id": str(context)}


def quoting(chat: Chat, message: Message) -> dict[str, Any]:
    """The `context` of a reply to this message: who wrote it, and which it is."""
    own = message.direction == Message.Direction.OUT
    author = chat.number.display_phone_number if own else chat.customer.wa_id
    return {"from": author, "id": message.wamid}


SHORT: dict[str, Callable[[Chat, dict[str, Any]], Said]] = {
    "text": _text,
    "button_reply": _button_reply,
    "list_reply": _list_reply,
    "button": _quick_reply,
    "tap": _tap,
    "nfm_reply": _flow_answer,
    "reaction": _reaction,
    "unsupported": _unsupported,
    "location": _location,
    "contacts": _contacts,
    "voice": _voice,
}
