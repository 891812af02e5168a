"""Which answer a turn gets, before anybody asks a model: taps, words that decide, sure intents."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from conversations import clock, menu, taps
from conversations.assistant import intents
from conversations.domain import Answer, News, domains
from conversations.pipeline.turn import QUICK_REPLY, Turn
from conversations.whatsapp.content import Text

# Below this a guess is a hint for the model, not a route. Measured on messages the classifier was
# not trained with: from 0.8 on "invoice" is right in more than nine of ten.
SURE = 0.8
# Who asks this wants more than to see or to pay: words for it are the model's.
WANTS_WORDS = re.compile(
    r"\b(why|wrong|incorrect|dispute|mistake|instal?ments?|months|extension|later|half|refund)\b",
    re.IGNORECASE,
)
UNREADABLE = "unreadable"
UNREADABLE_AGAIN_AFTER = timedelta(hours=24)

PERSON_TEXT = "Thanks, a colleague will answer you here as soon as possible."
UNREADABLE_TEXT = "Thanks for that. I can't open it myself, so a colleague will have a look."
STOP_TEXT = "You will get no more messages from us, except answers when you write to us yourself."
START_TEXT = "Welcome back. You will get our messages again."


@dataclass(frozen=True)
class Routed:
    """An answer, and the name of the way it came, for the trace."""

    route: str
    answer: Answer


def route(turn: Turn) -> Routed | None:
    """The first route that knows the answer, or None: then the model writes it."""
    for find in ROUTES:
        if routed := find(turn):
            return routed
    return None


def _tap(turn: Turn) -> Routed | None:
    tap = turn.tap
    if tap is None:
        return None
    action = taps.read(tap.id, turn.thread.contact)
    if action is None:  # forged, expired, or another customer's: nothing is said about which
        return Routed("tap_unknown", Answer((menu.menu(turn.thread.contact, lead=menu.FRESH),)))
    for domain in domains():
        if answer := domain.answer_tap(turn.thread, action.name, action.ref):
            return Routed("tap", answer)
    if reason := menu.HAND_OVERS.get(action.name):
        return Routed("tap", Answer((Text(PERSON_TEXT),), hand_over=reason))
    if turn.newest.content.get("type") == QUICK_REPLY:
        return None  # a template's button without a payload of ours: the title is words
    return Routed("tap_unknown", Answer((menu.menu(turn.thread.contact, lead=menu.FRESH),)))


def _stop(turn: Turn) -> Routed | None:
    """STOP and START were obeyed when they came in; here they are confirmed, once."""
    words = [one.text for one in turn.unanswered if one.kind in ("text", "button")]
    spoken = [word for word in words if intents.is_stop(word) or intents.is_start(word)]
    if not spoken:
        return None
    if intents.is_stop(spoken[-1]):
        return Routed("stop", Answer((Text(STOP_TEXT),)))
    return Routed("start", Answer((Text(START_TEXT),)))


def _person(turn: Turn) -> Routed | None:
    if any(intents.asks_for_person(text) for text in turn.texts):
        return Routed("person", person("Asked for a person."))
    return None


def person(reason: str) -> Answer:
    """A colleague will answer: the customer is told, staff get the thread with the reason."""
    return Answer((Text(PERSON_TEXT),), hand_over=reason)


def _unreadable(turn: Turn) -> Routed | None:
    """Pictures, voice and the like, with no words beside them: a person, and one line a day."""
    if turn.texts:
        return None
    answer = Answer((Text(UNREADABLE_TEXT),), hand_over=f"Sent {turn.newest.kind}.")
    said = turn.thread.unreadable_said_at
    if said and clock.now() - said < UNREADABLE_AGAIN_AFTER:
        answer = Answer(hand_over=answer.hand_over)
    return Routed(UNREADABLE, answer)


def _greeting(turn: Turn) -> Routed | None:
    if turn.texts and all(intents.is_greeting(text) for text in turn.texts):
        return Routed("greeting", Answer((menu.menu(turn.thread.contact),)))
    return None


def _sure_intent(turn: Turn) -> Routed | None:
    guess = turn.guess
    if guess is None or guess.confidence < SURE:
        return None
    if any(WANTS_WORDS.search(text) for text in turn.texts):
        return None
    return by_intent(turn, guess.intent)


def asked(turn: Turn) -> News | None:
    """What other systems are told of a question that is surely theirs, whatever its answer was."""
    guess = turn.guess
    if guess is None or guess.confidence < SURE:
        return None
    found = (domain.asked(turn.thread, guess.intent) for domain in domains())
    return next(filter(None, found), None)


def by_intent(turn: Turn, intent: str) -> Routed | None:
    """What the domains answer to this intent from this contact's own rows."""
    for domain in domains():
        if answer := domain.answer_intent(turn.thread, intent):
            return Routed("intent", answer)
    return None


ROUTES: tuple[Callable[[Turn], Routed | None], ...] = (
    _stop,  # before the taps: a template's own "Stop" button comes as one
    _tap,
    _person,
    _unreadable,
    _greeting,
    _sure_intent,
)


def fallback(turn: Turn, reason: str) -> Routed:
    """The model is not to be had: what the domains know, else the menu once, else a person."""
    guess = turn.guess
    if guess and (routed := by_intent(turn, guess.intent)):
        return Routed("fallback_intent", routed.answer)
    if guess and guess.intent == intents.Intent.general and not _got_the_menu(turn):
        return Routed("fallback_menu", Answer((menu.menu(turn.thread.contact),)))
    return Routed("fallback_person", person(f"The assistant could not answer: {reason}"))


def _got_the_menu(turn: Turn) -> bool:
    """Whether the last answer was the menu already: who gets it twice gets no answer."""
    before = turn.thread.messages.filter(direction="out", id__lt=turn.newest.pk).order_by("-id")
    last = before.first()
    return last is not None and last.trace.get("route") == "fallback_menu"
