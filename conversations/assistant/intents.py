"""What a customer's message wants, worked out here and now: no network, well under a millisecond.

Called by the pipeline for each inbound text. The intent comes from a small model trained at first
use from `examples/*.txt`; the yes-or-no questions come from lists of phrases.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from conversations.assistant import softmax
from conversations.assistant.asking import asks_for_person
from conversations.assistant.phrases import is_greeting, is_start, is_stop

__all__ = ["Guess", "Intent", "asks_for_person", "classify", "is_greeting", "is_start", "is_stop"]

EXAMPLES: Final = Path(__file__).parent / "examples"
_TRAINING: Final = threading.Lock()


class Intent(StrEnum):
    invoice = "invoice"  # bills, balances, payments and what is wrong with them
    order = "order"  # placing, changing, tracking an order; delivery
    support = "support"  # faults, complaints, refunds, log-in, lost cards
    enquiry = "enquiry"  # prices, stock, hours, policies, before one buys
    general = "general"  # greetings, thanks, small talk


@dataclass(frozen=True)
class Guess:
    intent: Intent
    confidence: float  # 0 to 1


def classify(text: str) -> Guess:
    """The likeliest intent of the first 400 characters.

    A text without any known word (empty, emoji, an unknown language) is `general` at 0.0.
    """
    chances = _model().probabilities(text)
    if not chances:
        return Guess(Intent.general, 0.0)
    label, chance = max(chances.items(), key=lambda one: one[1])
    return Guess(Intent(label), chance)


def examples() -> list[tuple[str, str]]:
    """The shipped (text, intent) pairs."""
    return [
        (line.strip(), intent.value)
        for intent in Intent
        for line in (EXAMPLES / f"{intent}.txt").read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    ]


@cache
def _trained() -> softmax.Model:
    return softmax.train(examples())


def _model() -> softmax.Model:
    with _TRAINING:  # or each of the first threads would train its own
        return _trained()
