"""What the model is not told: card and identity numbers, and names that are no names.

Called by `replies` on everything that a customer could have typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

MASK: Final = "[number removed]"
NAME_MAX: Final = 40

# Digits in groups, joined by at most one separator, as people type a card: 4111 1111-1111 1111.
_RUN: Final = re.compile(r"\d+(?:[ \u00a0.\-–]\d+)*")
_GROUP: Final = re.compile(r"\d+")


def mask_numbers(text: str) -> str:
    """The text with card numbers (13 to 19 digits) and 13-digit South African identity numbers
    taken out. Both end in a Luhn check digit, so most other long numbers stay."""
    return _RUN.sub(lambda run: _mask_run(run.group()), text)


def safe_first_name(name: str | None) -> str | None:
    """The first word of a profile name if it can be a name, else None: the customer types it, so
    it may hold anything. Letters, - and ', at most 40 characters."""
    words = (name or "").replace("’", "'").split()
    if not words or len(words[0]) > NAME_MAX or not any(map(str.isalpha, words[0])):
        return None
    return words[0] if all(_may_stand_in_a_name(char) for char in words[0]) else None


def _may_stand_in_a_name(char: str) -> bool:
    # Marks are the vowel signs of Indian scripts.
    return char in "-'" or unicodedata.category(char)[0] in "LM"


def _mask_run(run: str) -> str:
    """Try the longest stretch of whole groups first: an expiry date may stand beside the card."""
    for start, end in _stretches(run):
        if _is_luhn(run[start:end]):
            return run[:start] + MASK + _mask_run(run[end:])
    return run


def _stretches(run: str) -> Iterator[tuple[int, int]]:
    groups = [group.span() for group in _GROUP.finditer(run)]
    for first, (start, _) in enumerate(groups):
        for _, end in reversed(groups[first:]):
            yield start, end


def _is_luhn(text: str) -> bool:
    digits = [int(char) for char in text if char.isdigit()]
    if not 13 <= len(digits) <= 19:
        return False
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
