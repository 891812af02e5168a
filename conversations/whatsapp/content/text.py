"""Plain text, and how a text that is too long becomes several."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from conversations.whatsapp.content.rules import Wire, check_text, entry, optional, units

TEXT_MAX = 4096  # Cloud API, text messages, body

# Kinds of places where a reader expects a pause, best first.
BREAKS = (
    re.compile(r"\n[^\S\n]*\n\s*"),  # paragraph
    re.compile(r"\n\s*"),  # line
    re.compile(r"(?<=[.!?…])[\"'”’)]*\s+"),  # sentence
    re.compile(r"\s+"),  # word
)


@dataclass(frozen=True)
class Text:
    """Plain text in WhatsApp's own formatting. `preview_url` shows a card for its first link."""

    body: str
    preview_url: bool = False

    kind: ClassVar[str] = "text"

    def __post_init__(self) -> None:
        check_text("body", self.body, limit=TEXT_MAX)

    def to_wire(self) -> Wire:
        preview = {"preview_url": True} if self.preview_url else {}
        return {"type": "text", "text": {"body": self.body, **preview}}

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        text = entry(wire, "text", "")
        return cls(entry(text, "body", "text"), preview_url=bool(optional(text, "preview_url")))

    def text_for_people(self) -> str:
        return self.body


def split_text(body: str) -> tuple[Text, ...]:
    """Return the text as messages that WhatsApp takes, in order; a short one stays one.

    The rule: a part ends at the last paragraph that leaves it at least half full, else at the last
    such line, sentence or word; only where there is none of them (a word longer than half a
    message) between two characters. Nothing is lost but the white space at the breaks.
    Raises: ContentError when nothing is to be said.
    """
    check_text("body", body)
    return tuple(Text(part) for part in _parts(body.strip()))


def _parts(rest: str) -> Iterator[str]:
    while units(rest) > TEXT_MAX:
        end, start = _break(rest, _reach(rest))
        yield rest[:end].rstrip()
        rest = rest[start:].lstrip()
    yield rest


def _reach(text: str) -> int:
    """Return how many characters of the text fill one message, never half a surrogate pair."""
    head = text[:TEXT_MAX].encode("utf-16-le")[: TEXT_MAX * 2]
    return len(head.decode("utf-16-le", "ignore"))


def _break(text: str, reach: int) -> tuple[int, int]:
    """Return where the part ends and where the next one begins."""
    for kind in BREAKS:
        # One more character is looked at, so that a part may be filled to the brim.
        fitting = [m for m in kind.finditer(text, 0, reach + 1) if reach // 2 <= m.start() <= reach]
        if fitting:
            return fitting[-1].start(), fitting[-1].end()
    return _between_characters(text, reach)


def _between_characters(text: str, reach: int) -> tuple[int, int]:
    """Step back from the middle of an emoji that is made of several characters."""
    end = reach
    while end > reach - 20 and is_glue(text[end - 1 : end + 1]):
        end -= 1
    return end, end


def is_glue(pair: str) -> bool:
    """Tell whether two neighbours belong to one visible character."""
    left, right = pair[0], pair[-1]
    joined = left == "\u200d" or right in "\u200d\ufe0f\u20e3"
    toned = "\U0001f3fb" <= right <= "\U0001f3ff"
    tagged = "\U000e0020" <= right <= "\U000e007f"  # flags of regions, such as Scotland
    flag = all("\U0001f1e6" <= mark <= "\U0001f1ff" for mark in pair)
    return joined or toned or tagged or flag or unicodedata.combining(right) > 0
