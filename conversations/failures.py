"""A message that will not arrive: what staff must be told, wherever it was found out."""

from collections.abc import Iterable

from conversations import takeover
from conversations.models import Message, Thread

# What somebody sent themselves shows its failure to them; nobody looks at what the assistant sent.
SILENT = (Message.Origin.ASSISTANT, Message.Origin.SYSTEM)


def hand_over(messages: Iterable[Message], *, reason: str) -> None:
    """The threads of these messages that the assistant has get a person. Twice: once each."""
    thread_ids = {message.thread_id for message in messages}
    for thread in Thread.objects.filter(pk__in=thread_ids, mode=Thread.Mode.BOT).order_by("pk"):
        takeover.hand_over(thread, reason=reason)


def not_delivered(messages: Iterable[Message]) -> None:
    """The customer is left without the assistant's answer: a person has to go on."""
    silent = [message for message in messages if message.origin in SILENT]
    hand_over(silent, reason="A message of the assistant was not delivered.")
