"""What was said about another message: quotes, reactions, changes, deletions.

A reaction stands on its message, and so do changes and deletions; only what is about a message
that is not here speaks for itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User

from conversations import worklists
from conversations.admin.inbox import rows, states
from conversations.admin.inbox.access import Visit
from conversations.admin.inbox.troubles import tick_words
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
    """An emoji on a bubble, and who put it there; of one that we sent, what became of it."""

    emoji: str
    who: str
    is_ours: bool = False
    fate: str = ""  # "Not delivered"; "" where nothing is wrong


def author_of(origin: str, user: User | None, visit: Visit) -> str:
    """Who wrote a message of this origin: "You", "Kim", "Assistant", the customer's name."""
    if origin == Origin.STAFF:
        return "You" if user and user.pk == visit.user.pk else states.name_of(user)
    if origin == Origin.CUSTOMER:
        return _customer(visit)
    if origin == Origin.API and user:
        return states.name_of(user)
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
    """The reactions that stand on this message: one of each side, ours the newest."""
    reactions = getattr(message, "reactions", None) or ()
    sides = {one["direction"]: one for one in reactions}
    own = (getattr(message, "own_reactions", None) or [None])[-1]
    phones = sides.get(Message.Direction.OUT)
    if own and (phones is None or _at(phones) <= _at(own)):
        sides[Message.Direction.OUT] = own
    return tuple(_worn(side, one, visit) for side, one in sides.items() if _shows(one))


def _at(reaction: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(reaction["at"])


def _shows(reaction: Mapping[str, Any]) -> bool:
    """One that was taken away is gone, unless the customer was not told so."""
    return bool(reaction["emoji"]) or reaction.get("status") in worklists.WRONG


def _worn(side: str, reaction: Mapping[str, Any], visit: Visit) -> Worn:
    is_ours = side == Message.Direction.OUT
    status = reaction.get("status", "")
    fate = tick_words(status) if status in worklists.WRONG else ""
    return Worn(reaction["emoji"] or "\N{CROSS MARK}", _who(side, visit), is_ours, fate)


def is_worn(message: Message) -> bool:
    """Whether this is a reaction that shows on its message. One of ours that went wrong has a
    bubble as well: what happened and the way out are told there."""
    went_wrong = message.direction == Message.Direction.OUT and message.status in worklists.WRONG
    return message.kind == "reaction" and bool(_quoted(message)) and not went_wrong


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
