"""Which answer a turn gets, before anybody asks a model: taps, words that decide, sure intents."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from conversations import clock, consent, menu, taps
from conversations.assistant import intents
from conversations.domain import Answer, domains
from conversations.models import Thread
from conversations.pipeline.turn import Turn
from conversations.whatsapp.content import Text

# Below this a guess is a hint for the model, not a route. Measured on messages the classifier was
# not trained with: from 0.8 on "invoice" is right in more than nine of ten.
SURE = 0.8
# Who asks this wants more than to see or to pay: words for it are the model's.
WANTS_WORDS = re.compile(
    r"\b(why|wrong|incorrect|dispute|mistake|instal?ments?|months|extension|later|half|refund)\b",
    re.IGNORECASE,
)
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
    return Routed("tap_unknown", Answer((menu.menu(turn.thread.contact, lead=menu.FRESH),)))


def _stop(turn: Turn) -> Routed | None:
    """STOP and START are obeyed at once, and confirmed once."""
    words = turn.tap.title if turn.tap else turn.newest.text
    is_stop = intents.is_stop(words)
    if not is_stop and not intents.is_start(words):
        return None
    purposes = (consent.Purpose.MARKETING, consent.Purpose.SERVICE)
    act = consent.withdraw if is_stop else consent.grant
    act(
        turn.thread.contact,
        purposes,
        at=clock.now(),
        source="the customer's word",
        message=turn.newest,
    )
    text = STOP_TEXT if is_stop else START_TEXT
    return Routed("stop" if is_stop else "start", Answer((Text(text),)))


def _person(turn: Turn) -> Routed | None:
    if any(intents.asks_for_person(text) for text in turn.texts):
        return Routed("person", person("Asked for a person."))
    return None


def person(reason: str) -> Answer:
    """A colleague will answer: the customer is told, staff get the thread with the reason."""
    return Answer((Text(PERSON_TEXT),), hand_over=reason)


def _unreadable(turn: Turn) -> Routed | None:
    """Pictures, voice and the like, with no words beside them: a person, and one line a day."""
    if turn.texts or turn.tap:
        return None
    answer = Answer((Text(UNREADABLE_TEXT),), hand_over=f"Sent {turn.newest.kind}.")
    said = turn.thread.unreadable_said_at
    if said and clock.now() - said < UNREADABLE_AGAIN_AFTER:
        answer = Answer(hand_over=answer.hand_over)
    else:
        Thread.objects.filter(pk=turn.thread.pk).update(unreadable_said_at=clock.now())
    return Routed("unreadable", answer)


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
    if guess and guess.intent == intents.Intent.general:
        return Routed("fallback_menu", Answer((menu.menu(turn.thread.contact),)))
    return Routed("fallback_person", person(f"The assistant could not answer: {reason}"))
