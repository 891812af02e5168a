"""What became of a message of ours: the words of its tick, and the box of one that went wrong."""

from __future__ import annotations

from dataclasses import dataclass

from conversations.models import Message
from conversations.whatsapp.errors import explain

TICK_WORDS = {
    Message.Status.QUEUED: "Waiting to be sent",
    Message.Status.SENDING: "Being sent",
    Message.Status.SENT: "Sent",
    Message.Status.DELIVERED: "Delivered",
    Message.Status.READ: "Read",
    Message.Status.PLAYED: "Played",
    Message.Status.FAILED: "Not delivered",
    Message.Status.UNCONFIRMED: "Not known whether it arrived",
}


@dataclass(frozen=True)
class Trouble:
    """The box under a message that failed or is in doubt."""

    title: str
    cause: str
    what_to_do: str
    code: int | None = None
    is_doubt: bool = False
    offers_template: bool = False
    offers_again: bool = False
    was_repeated: bool = False


def tick_words(status: str) -> str:
    """What a tick says to those who do not see it."""
    return str(TICK_WORDS.get(Message.Status(status), ""))


def trouble_of(message: Message) -> Trouble | None:
    """The box of a failed or doubtful message, with its next step; None for all others."""
    was_repeated = bool(getattr(message, "was_repeated", False))
    if message.status == Message.Status.UNCONFIRMED:
        return Trouble(
            "Not known whether it arrived.",
            "The connection broke while it was sent.",
            "Ask the customer, or look at their next message. Nothing is sent twice by itself.",
            is_doubt=True,
            offers_again=True,
            was_repeated=was_repeated,
        )
    if message.status != Message.Status.FAILED:
        return None
    meaning = explain(message.error_code, message.error_text)
    return Trouble(
        f"Not delivered. {meaning.title}.",
        meaning.cause,
        meaning.what_to_do,
        code=message.error_code,
        offers_template=meaning.action == "template",
        offers_again=meaning.action in ("retry", "wait", "fix_number", "none"),
        was_repeated=was_repeated,
    )
