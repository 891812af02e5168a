"""What was said about another message: quotes, reactions, changes, deletions.

A reaction stands on its message, and so do changes and deletions; only what is about a message
that is not here speaks for itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User

from conversations.admin.inbox import rows, states
from conversations.admin.inbox.access import Visit
from conversations.models import Message
from conversations.whatsapp.events import read_said
from conversations.whatsapp.events.reading import Unusable, obj

Origin = Message.Origin
AUTHORS = {
    Origin.ASSISTANT: "Assistant",
    Origin.SYSTEM: "Automatic message",
    Origin.API: "Another system",
    Origin.PHONE: "The phone app",
}


@dataclass(frozen=True)
class Worn:
    """An emoji on a bubble, and who put it there."""

    emoji: str
    who: str


def author_of(origin: str, user: User | None, visit: Visit) -> str:
    """Who wrote a message of this origin: "You", "Kim", "Assistant", the customer's name."""
    if origin == Origin.STAFF:
        return "You" if user and user.pk == visit.user.pk else states.name_of(user)
    if origin == Origin.CUSTOMER:
        return _customer(visit)
    return AUTHORS.get(Origin(origin), "")


def _customer(visit: Visit) -> str:
    return rows.name_of(visit.thread.contact, visit.viewer)


def _who(direction: str, visit: Visit) -> str:
    return _customer(visit) if direction == Message.Direction.IN else "We"


def _quoted(message: Message) -> Mapping[str, Any]:
    """The message that this one is about, from the query, where it is in this conversation."""
    return getattr(message, "quoted", None) or {}


def target_of(message: Message) -> int:
    """The key of the message that this one is about; 0 where it is not here."""
    return int(_quoted(message).get("pk", 0))


def quote_of(message: Message, visit: Visit) -> dict[str, Any]:
    """The fields of an entry that quotes another message; none where it quotes none of ours."""
    quoted = _quoted(message)
    if not quoted:
        return {}
    name = quoted["first_name"] or quoted["username"]
    author = User(pk=quoted["author"], first_name=name or "") if quoted["author"] else None
    return {
        "quote": str(quoted["text"]),
        "quote_pk": int(quoted["pk"]),
        "quote_author": author_of(quoted["origin"], author, visit),
    }


def worn_by(message: Message, visit: Visit) -> tuple[Worn, ...]:
    """The reactions that stand on this message."""
    reactions = getattr(message, "reactions", None) or ()
    return tuple(Worn(one["emoji"], _who(one["direction"], visit)) for one in reactions)


def is_worn(message: Message) -> bool:
    """Whether this is a reaction that shows on its message. One that we send through the gate
    keeps its bubble: its tick and its failure are told nowhere else."""
    is_ours = message.direction == Message.Direction.OUT and message.origin != Origin.PHONE
    return message.kind == "reaction" and not is_ours and bool(_quoted(message))


def line_of(message: Message, visit: Visit) -> str:
    """The words of a message that is no bubble but a line of history, else ""."""
    if message.direction == Message.Direction.IN and message.kind == "system":
        return message.text
    if message.direction == Message.Direction.OUT and message.origin != Origin.PHONE:
        return ""
    who = _who(message.direction, visit)
    if message.kind == "reaction":
        return f"{who} {_reaction(message)} a message that is not here"
    if message.kind in ("edit", "revoke") and _quoted(message):
        return f"{who} {'changed' if message.kind == 'edit' else 'deleted'} a message"
    return ""


def _reaction(message: Message) -> str:
    try:
        reaction = read_said(obj({"said": message.content}, "said")).reaction
    except Unusable:
        reaction = None
    if reaction is None:
        return "reacted to"
    return f"reacted {reaction.emoji} to" if reaction.emoji else "took a reaction away from"
