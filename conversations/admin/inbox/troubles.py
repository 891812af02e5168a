"""What became of a message of ours: the words of its tick, and the box of one that went wrong."""

from __future__ import annotations

from dataclasses import dataclass

from conversations import failures
from conversations.models import Message
from conversations.whatsapp.errors import Action, Explanation, Fault, is_known

WHOSE: dict[Fault, str] = {
    "us": "On our side: the message.",
    "customer": "On the customer's side.",
    "meta": "On WhatsApp's side.",
    "template": "On our side: the template.",
    "account": "On our side: the WhatsApp account.",
}
STEPS: dict[Action, str] = {
    "template": "template",
    "fix_number": "number",
    "fix_template": "other_template",
    "retry": "again",
    "wait": "again",
    "none": "again",
}
# We blocked them; sender and receiver are the same number. Cloud API, error codes.
ABOUT_THE_CONTACT = (130403, 131021)

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
    whose: str = ""  # on whose side it went wrong
    said: str = ""  # Meta's own words, where only they tell what in the message is wrong
    step: str = ""  # the next one: template, again, number, other_template, contact, "" for none
    is_doubt: bool = False
    was_repeated: bool = False
    needs_window: bool = True  # to be sent again


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
            whose="It is not known where it went wrong.",
            step="again",
            is_doubt=True,
            was_repeated=was_repeated,
            needs_window=message.kind != "template",
        )
    if message.status != Message.Status.FAILED:
        return None
    meaning = failures.meaning_of(message)
    return Trouble(
        f"Not delivered. {meaning.title}." if meaning.title else "Not delivered.",
        meaning.cause,
        meaning.what_to_do,
        code=message.error_code,
        whose=WHOSE[meaning.fault],
        said=message.error_text if _is_vague(meaning) else "",
        step=_step(meaning),
        was_repeated=was_repeated,
        needs_window=message.kind != "template",
    )


def _is_vague(meaning: Explanation) -> bool:
    """The table knows that a part of the message or the template is wrong; only Meta knows which.
    Of what it does not know, the cause is Meta's words already."""
    is_ours = meaning.fault in ("us", "template") and meaning.action in ("none", "fix_template")
    return is_ours and is_known(meaning.code) and meaning.code not in ABOUT_THE_CONTACT


def _step(meaning: Explanation) -> str:
    """What to offer: of what only looks at the contact can mend, the contact; of what cannot be
    mended, nothing but another attempt."""
    about_contact = meaning.fault == "customer" or meaning.code in ABOUT_THE_CONTACT
    if meaning.action == "none" and about_contact:
        return "contact"
    return STEPS[meaning.action]
