"""Text -> words in one spelling, whatever keyboard they were typed on. Used across this room."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Latin accents and Arabic vowel marks go; Indian vowel signs are letters, and stay.
_MARKS: Final = re.compile("[\u0300-\u036f\u0640\u064b-\u065f\u0670]")
_ARABIC: Final = str.maketrans("أإآىة", "ااايه")
# `\w` alone would cut Hindi words at their vowel signs.
_WORD: Final = re.compile(r"[\w\u0900-\u097f]+(?:'\w+)?")


def fold(text: str) -> str:
    """The text without case, accents and typographic apostrophes."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").translate(_ARABIC)
    bare = _MARKS.sub("", unicodedata.normalize("NFD", plain))
    return unicodedata.normalize("NFC", bare)


def words(folded: str) -> list[str]:
    """The words of a folded text: no punctuation, no emoji."""
    return _WORD.findall(folded)
