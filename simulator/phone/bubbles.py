"""A message as a phone shows it: text, header, footer, buttons, list, card, reactions, quote."""

from typing import Any

from simulator.graph import errors
from simulator.media import carried
from simulator.models import Message

ON_THE_PHONE = ("delivered", "read", "played")


def bubble(message: Message, others: dict[str, Message] | None = None) -> dict[str, Any]:
    """JSON of one message. `others` by wamid lets a quote show what it quotes."""
    shape = _shape(message)
    return {
        "id": message.pk,
        "wamid": message.wamid,
        "direction": message.direction,
        "from": "customer" if message.direction == "in" else "business",
        "type": message.type,
        "text": plain_text(message),
        "content": message.content,
        "status": message.status,
        "at": message.sent_at.isoformat(),
        "biz_opaque_callback_data": message.callback,
        "context": message.context,
        "error": _error(message),
        "shape": {**shape, "quote": _quote(message, others or {}), "media": _media(message)},
        "buttons": shape.get("buttons", []),
    }


def is_on_the_phone(message: Message) -> bool:
    """Has the phone got it? The customer's own are there at once."""
    return message.direction == "in" or message.status in ON_THE_PHONE or message.type == "reaction"


def plain_text(message: Message) -> str:
    """What people would say the message says; "" where it has no words."""
    content = message.content if isinstance(message.content, dict) else {}
    if message.type == "text":
        return str(content.get("body", ""))
    if message.type == "template":
        return str((message.shown or {}).get("text", ""))
    if message.type == "interactive":
        return _interactive_text(content)
    return str(content.get("caption") or content.get("text") or content.get("emoji") or "")


def preview(message: Message) -> str:
    """One line for the list of chats."""
    words = plain_text(message)
    icon, name = PREVIEWS.get(message.type, ("", ""))
    if message.type == "document":
        name = message.content.get("filename") or name
    if message.type == "reaction":
        return f"Reacted {words}" if words else "Took a reaction back"
    return f"{icon} {words or name}".strip() or message.type


PREVIEWS = {
    "image": ("📷", "Photo"),
    "video": ("🎥", "Video"),
    "audio": ("🎤", "Voice message"),
    "document": ("📄", "Document"),
    "sticker": ("🙂", "Sticker"),
    "location": ("📍", "Location"),
    "contacts": ("👤", "Contact"),
    "order": ("🛒", "Order"),
    "unsupported": ("", "Unsupported message"),
}


def _interactive_text(content: dict[str, Any]) -> str:
    reply = content.get(str(content.get("type")))
    if isinstance(reply, dict):
        return str(reply.get("title") or reply.get("body") or "")
    return str((content.get("body") or {}).get("text", ""))


def _shape(message: Message) -> dict[str, Any]:
    if message.type == "template":
        return dict(message.shown or {})
    if message.type == "interactive" and message.direction == "out":
        return _interactive(message.content)
    return {"text": plain_text(message)}


def _interactive(content: dict[str, Any]) -> dict[str, Any]:
    header = content.get("header")
    shape: dict[str, Any] = {
        "text": _interactive_text(content),
        "footer": (content.get("footer") or {}).get("text", ""),
        "header": _header(header) if header else None,
    }
    action = content.get("action") or {}
    return {**shape, **_action(str(content.get("type")), action)}


def _header(header: dict[str, Any]) -> dict[str, Any]:
    form = str(header.get("type"))
    value = header.get(form)
    return {"kind": form, **({"text": value} if form == "text" else value or {})}


def _action(kind: str, action: dict[str, Any]) -> dict[str, Any]:
    if kind == "button":
        replies = [one["reply"] for one in action["buttons"]]
        return {
            "buttons": [{"kind": "reply", "text": one["title"], "id": one["id"]} for one in replies]
        }
    if kind == "list":
        return {"list": {"button": action["button"], "sections": action["sections"]}}
    parameters = action.get("parameters") or {}
    if kind == "cta_url":
        button = {"kind": "url", "text": parameters["display_text"], "url": parameters["url"]}
        return {"buttons": [button]}
    if kind == "flow":
        return {"buttons": [{"kind": "flow", "text": parameters["flow_cta"]}]}
    text = {"location_request_message": "Send location", "request_contact_info": "Share contact"}
    return {"buttons": [{"kind": kind, "text": text.get(kind, kind)}]}


def _media(message: Message) -> dict[str, Any] | None:
    file = carried.file_of(message.type, message.content, message.shown)
    if file is None:
        return None
    shown = {
        "kind": file.kind,
        "link": file.link,
        "url": "",
        "name": file.given.get("filename", ""),
    }
    if message.media is None:
        return {**shown, "name": shown["name"] or file.link.partition("?")[0].rpartition("/")[2]}
    return {
        **shown,
        "url": f"/phone/media/{message.media.media_id}/",
        "mime_type": message.media.mime_type,
        "name": shown["name"] or message.media.file_name,
        "size": message.media.file_size,
    }


def _quote(message: Message, others: dict[str, Message]) -> dict[str, Any] | None:
    context = message.context or {}
    quoted = others.get(str(context.get("id")))
    # WhatsApp draws no quote on a tap: the tapped title alone stands there.
    if quoted is None or message.type in ("reaction", "template"):
        return None
    return {"wamid": quoted.wamid, "direction": quoted.direction, "text": preview(quoted)}


def _error(message: Message) -> dict[str, Any] | None:
    if message.status != Message.Status.FAILED:
        return None
    return errors.in_webhook(message.fails_with or 131000, message.fails_because)
