"""What the customer said since the last answer, and what was said before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Max

from conversations import clock
from conversations.assistant import intents
from conversations.assistant.intents import Guess, Intent
from conversations.assistant.replies import Turn as AssistantTurn
from conversations.models import Message, Thread
from conversations.whatsapp.events import Tap
from conversations.whatsapp.events.kinds import read_said

TURNS = 5
# Older words are another conversation.
TURNS_WITHIN = timedelta(hours=24)
ANSWERING = (Message.Origin.ASSISTANT, Message.Origin.STAFF, Message.Origin.PHONE)


@dataclass(frozen=True)
class Turn:
    """The unanswered messages of one thread, oldest first; never empty."""

    thread: Thread
    unanswered: tuple[Message, ...]

    @property
    def newest(self) -> Message:
        return self.unanswered[-1]

    @property
    def texts(self) -> tuple[str, ...]:
        """The words the customer typed, under a picture too; our labels are not theirs."""
        return tuple(words for one in self.unanswered if (words := _typed(one)))

    @property
    def tap(self) -> Tap | None:
        """The newest button or row that was chosen, unless words came after it."""
        return read_said(self.newest.content).tap

    @property
    def guess(self) -> Guess | None:
        """The surest guess among the words: "hi" before a question must not hide it."""
        guesses = [intents.classify(text) for text in self.texts]
        telling = [guess for guess in guesses if guess.intent != Intent.general]
        return max(telling or guesses, key=lambda guess: guess.confidence, default=None)


def _typed(message: Message) -> str:
    if message.kind == "text":
        return message.text
    media = read_said(message.content).media
    return media.caption if media else ""


def turn_of(thread: Thread) -> Turn | None:
    """What is unanswered in the thread, or None where everything is answered."""
    unanswered = unanswered_in(thread.pk)
    return Turn(thread, tuple(unanswered)) if unanswered else None


def unanswered_in(thread_id: int) -> list[Message]:
    """Inbound messages after the last answer of anybody; what a reminder said is no answer."""
    messages = Message.objects.filter(thread_id=thread_id)
    answered = messages.filter(direction="out", origin__in=ANSWERING).aggregate(last=Max("id"))
    inbound = messages.filter(direction="in", id__gt=answered["last"] or 0)
    return [one for one in inbound.order_by("id") if one.kind not in ("reaction", "system")]


def history(turn: Turn) -> tuple[AssistantTurn, ...]:
    """The last turns as they were spoken, ending with what is unanswered now.

    Nothing of before where the newest of it is over 24 hours old.
    """
    before = list(
        Message.objects.filter(thread=turn.thread, id__lt=turn.unanswered[0].pk)
        .exclude(status=Message.Status.FAILED)
        .order_by("-id")[: TURNS * 3]
    )
    if before and clock.now() - before[0].sent_at > TURNS_WITHIN:
        before = []
    spoken = [*reversed(before), *turn.unanswered]
    return tuple(
        AssistantTurn("user" if one.direction == "in" else "assistant", one.text)
        for one in spoken
        if one.text
    )
