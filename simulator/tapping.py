"""What can be tapped in a chat: reply buttons, list rows, and the quick replies of templates."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from simulator.models import Chat, Message

LOOK_BACK = 50


@dataclass(frozen=True)
class Tap:
    """One thing to tap: what stands on it, its id, and the message that a tap on it sends."""

    message: Message
    title: str
    id: str
    type: str
    content: dict[str, Any]


def taps_of(message: Message) -> Iterator[Tap]:
    """Everything on this message that sends something back, top to bottom."""
    if message.type == "template":
        yield from _quick_replies(message)
    if message.type != "interactive":
        return
    action = message.content.get("action") or {}
    for button in action.get("buttons") or []:
        reply = {"id": button["reply"]["id"], "title": button["reply"]["title"]}
        yield _reply(message, "button_reply", reply)
    for section in action.get("sections") or []:
        for row in section.get("rows") or []:
            names = ("id", "title", "description")
            yield _reply(
                message, "list_reply", {name: row[name] for name in names if row.get(name)}
            )


def find_tap(chat: Chat, *, title: str = "", id_: str = "") -> Tap | None:
    """The newest thing to tap with this title or this id."""
    recent = _from_business(chat)[:LOOK_BACK]
    taps = (tap for message in recent for tap in taps_of(message))
    return next(
        (tap for tap in taps if (id_ and tap.id == id_) or (title and tap.title == title)), None
    )


def newest_from_business(chat: Chat) -> Message | None:
    """The last message of the business in this chat."""
    return _from_business(chat).first()


def _from_business(chat: Chat) -> QuerySet[Message]:
    sent = chat.messages.filter(direction=Message.Direction.OUT)
    return sent.exclude(type="reaction").exclude(status=Message.Status.FAILED).order_by("-id")


def _reply(message: Message, kind: str, reply: dict[str, Any]) -> Tap:
    content = {"type": kind, kind: reply}
    return Tap(message, reply["title"], reply["id"], "interactive", content)


def _quick_replies(message: Message) -> Iterator[Tap]:
    for button in (message.shown or {}).get("buttons", []):
        if button["kind"] == "quick_reply":
            content = {"payload": button["payload"], "text": button["text"]}
            yield Tap(message, button["text"], button["payload"], "button", content)
