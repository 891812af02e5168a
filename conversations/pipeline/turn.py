"""What the customer said since the last answer, and what was said before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from conversations import clock, unanswered
from conversations.assistant import intents
from conversations.assistant.intents import Guess, Intent
from conversations.assistant.replies import Turn as AssistantTurn
from conversations.models import Message, Thread
from conversations.whatsapp.events import Tap
from conversations.whatsapp.events.kinds import read_said

TURNS = 5
# Meta's type for a tap on a template's button; without a payload of ours it is what it says.
QUICK_REPLY = "button"
# Older words are another conversation.
TURNS_WITHIN = timedelta(hours=24)


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
        """The customer's words: typed, under a picture, or on a template's own button.

        What stands on our buttons and what we call a picture are not theirs.
        """
        return tuple(words for one in self.unanswered if (words := _typed(one)))

    @property
    def tap(self) -> Tap | None:
        """The button or row that was chosen last, unless something else came after it."""
        return read_said(self.newest.content).tap

    @property
    def guess(self) -> Guess | None:
        """The surest guess among the words: "hi" before a question must not hide it."""
        guesses = [intents.classify(text) for text in self.texts]
        telling = [guess for guess in guesses if guess.intent != Intent.general]
        return max(telling or guesses, key=lambda guess: guess.confidence, default=None)

    def overtaken(self, standing: Sequence[Message]) -> str:
        """Why an answer to this turn is none to what stands unanswered now, or ""."""
        if any(one.pk > self.newest.pk for one in standing):
            return "The customer wrote something newer."
        if _as_asked(standing) != _as_asked(self.unanswered):
            return "The customer changed or deleted what they had written."
        return ""


def _as_asked(messages: Sequence[Message]) -> list[tuple[int, datetime | None]]:
    return [(one.pk, one.edited_at) for one in messages]


def _typed(message: Message) -> str:
    if message.kind == "text" or message.content.get("type") == QUICK_REPLY:
        return message.text
    media = read_said(message.content).media
    return media.caption if media else ""


def turn_of(thread: Thread) -> Turn | None:
    """What is unanswered in the thread, or None where everything is answered."""
    found = unanswered.in_thread(thread.pk)
    return Turn(thread, tuple(found)) if found else None


def history(turn: Turn) -> tuple[AssistantTurn, ...]:
    """The last turns as they were spoken, ending with what is unanswered now.

    Nothing of before where the newest of it is over 24 hours old, and nothing that was taken back.
    """
    before = list(
        Message.objects.filter(thread=turn.thread, revoked_at=None, id__lt=turn.unanswered[0].pk)
        .exclude(status=Message.Status.FAILED)
        .exclude(kind__in=unanswered.RECORDS)
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
