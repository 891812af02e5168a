"""What was said in a thread, by a customer or from the phone app, and the row it became."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from conversations.whatsapp.events import Echo, InboundMessage, Person

Spoken = InboundMessage | Echo

# What is done to another message: a reaction stands on it, the others change it.
REACTION, EDIT, REVOKE = DONE_TO_ANOTHER = ("reaction", "edit", "revoke")
ASIDES = (EDIT, REVOKE)  # no news of their own


@dataclass(frozen=True)
class Place:
    """A thread that is locked, and what intake needs to know of it."""

    pk: int
    mode: str
    answered_on_phone_at: datetime | None
    is_closed: bool


@dataclass(frozen=True)
class Kept:
    """What was said, with the key of its row and its thread."""

    pk: int
    said: Spoken
    place: Place


def person_of(one: Spoken) -> Person:
    """The customer, whoever of the two spoke."""
    return one.recipient if isinstance(one, Echo) else one.sender


def about(one: Spoken) -> str:
    """The wamid of the message that this one quotes, stands on, changes or takes back, or ""."""
    target = one.reaction.target if one.reaction else None
    return target or one.edits or one.revokes or one.quotes or ""


def is_answer(one: Spoken) -> bool:
    """Whether this counts as staff answering; a thumb up from the phone does not."""
    return isinstance(one, Echo) and one.kind not in DONE_TO_ANOTHER
