"""An emoji on somebody's message."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar, Self

from conversations.whatsapp import labels
from conversations.whatsapp.content.rules import ContentError, Wire, check_id, check_text, entry
from conversations.whatsapp.content.text import is_glue

EMOJI_MAX = 32  # UTF-16 units; the longest emoji there are (families with skin tones) stay below

LETTER_SIGN = "\u2139"  # "information": a letter to Unicode, an emoji to phones


@dataclass(frozen=True)
class Reaction:
    """One emoji on the message `message_id` (a wamid). An empty emoji takes our reaction away."""

    message_id: str
    emoji: str

    kind: ClassVar[str] = "reaction"

    def __post_init__(self) -> None:
        check_id("message_id", self.message_id)
        if self.emoji == "":
            return
        check_text("emoji", self.emoji, limit=EMOJI_MAX, one_line=True)
        if not _is_emoji(self.emoji):
            raise ContentError("emoji", "is not an emoji", advice="Choose exactly one.")

    def to_wire(self) -> Wire:
        reaction = {"message_id": self.message_id, "emoji": self.emoji}
        return {"type": "reaction", "reaction": reaction}

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        reaction = entry(wire, "reaction", "")
        return cls(entry(reaction, "message_id", "reaction"), entry(reaction, "emoji", "reaction"))

    def text_for_people(self) -> str:
        return labels.label(self.kind, self.emoji or "taken away")


def _is_emoji(text: str) -> bool:
    """Tell whether it is one visible sign, and none that words are written with."""
    is_one = all(is_glue(left + right) for left, right in pairwise(text))
    is_word = text.isascii() or (text[0].isalpha() and text[0] != LETTER_SIGN)
    return is_one and not is_word and not text[0].isspace()
