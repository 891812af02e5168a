"""What the model is not told: card and identity numbers, and names that are no names.

Called by `replies` on everything that a customer could have typed.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MASK: Final = "[number removed]"
NAME_MAX: Final = 40
DIGITS_MIN: Final = 13
DIGITS_MAX: Final = 19

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
    """Whole groups only, the longest stretch first: an expiry date may stand beside the card."""
    groups = [group.span() for group in _GROUP.finditer(run)]
    kept, place, first = "", 0, 0
    while first < len(groups):
        start = groups[first][0]
        after = _after_secret(run, groups, first)
        if after > first:
            kept += run[place:start] + MASK
            place = groups[after - 1][1]
        first = max(after, first + 1)
    return kept + run[place:]


def _after_secret(run: str, groups: list[tuple[int, int]], first: int) -> int:
    """The group after the longest secret number that begins with group `first`, or `first`."""
    after, digits = first, ""
    for place in range(first, min(first + DIGITS_MAX, len(groups))):
        digits += run[slice(*groups[place])]
        if len(digits) > DIGITS_MAX:
            break
        if len(digits) >= DIGITS_MIN and _is_luhn(digits):
            after = place + 1
    return after


def _is_luhn(text: str) -> bool:
    digits = [int(char) for char in text]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
