"""An emoji on somebody's message."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from conversations.whatsapp import labels
from conversations.whatsapp.content.rules import ContentError, Wire, check_id, check_text, entry

EMOJI_MAX = 32  # UTF-16 units; the longest emoji there are (families with skin tones) stay below


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
        if self.emoji.isascii() or any(mark.isspace() for mark in self.emoji):
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
