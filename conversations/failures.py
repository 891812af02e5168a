"""A message that will not arrive: what staff must be told, wherever it was found out."""

from collections.abc import Iterable
from dataclasses import replace

from conversations import takeover
from conversations.models import Message, Thread
from conversations.whatsapp.errors import Explanation, explain

# What somebody sent themselves shows its failure to them; nobody looks at what the assistant sent.
SILENT = (Message.Origin.ASSISTANT, Message.Origin.SYSTEM)


MEND_IT = "Put that right, then send it again."


def meaning_of(message: Message) -> Explanation:
    """Why a message failed, and what a person does about it: no machine tries it again.

    Without a code of Meta's it was ours to refuse: the row says why.
    """
    meaning = explain(message.error_code, message.error_text)
    if message.error_code is not None or not message.error_text:
        return meaning.once_failed()
    return replace(meaning, title="", cause=message.error_text, fault="us", what_to_do=MEND_IT)


def hand_over(messages: Iterable[Message], *, reason: str) -> None:
    """The threads of these messages that the assistant has get a person. Twice: once each."""
    thread_ids = {message.thread_id for message in messages}
    for thread in Thread.objects.filter(pk__in=thread_ids, mode=Thread.Mode.BOT).order_by("pk"):
        takeover.hand_over(thread, reason=reason)


def not_delivered(messages: Iterable[Message]) -> None:
    """The customer is left without the assistant's answer: a person has to go on."""
    silent = [message for message in messages if message.origin in SILENT]
    hand_over(silent, reason="A message of the assistant was not delivered.")
