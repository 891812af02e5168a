"""Model text -> what WhatsApp can show: no markdown, whole sentences.

Called by `replies`.
"""

from __future__ import annotations

import re
from typing import Final

# Lines that only draw: fences of code, rulers, the line under a table's head.
_DRAWN: Final = re.compile(r"(?:```|~~~).*|(?:[-*_=]\s*){3,}|\|?(?:\s*:?-{2,}:?\s*\|?)+")
_HEADING: Final = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
_PREFIX: Final = re.compile(r"^(?:(?:>\s?)+|[-*+•]\s+)")
_IMAGE: Final = re.compile(r"!\[([^\]\n]{0,200})\]\([^)\n]{0,500}\)")
_LINK: Final = re.compile(r"\[([^\]\n]{1,200})\]\(([^)\s]{1,500})[^)\n]{0,200}\)")
_CODE: Final = re.compile(r"`+([^`]+)`+")
_STARS: Final = re.compile(r"(\*{1,3})(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
# Only around whole words: snake_case and links keep theirs.
_UNDERSCORES: Final = re.compile(r"(?<!\w)(_{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)", re.DOTALL)
_STRUCK: Final = re.compile(r"~~(.+?)~~", re.DOTALL)
_SENTENCE_END: Final = re.compile(r"[.!?…।؟]+[\"'”’)]*(?=\s|$)")


def plain_text(text: str) -> str:
    """The text without markdown. The words, their order and the lines stay."""
    lines = [line.strip() for line in text.splitlines()]
    text = "\n".join(_plain_line(line) for line in lines if not line or not _DRAWN.fullmatch(line))
    text = _LINK.sub(lambda link: _link(link[1], link[2]), _IMAGE.sub(r"\1", text))
    for pattern, kept in ((_CODE, r"\1"), (_STARS, r"\2"), (_UNDERSCORES, r"\2"), (_STRUCK, r"\1")):
        text = pattern.sub(kept, text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def whole_sentences(text: str) -> str:
    """The longest beginning that ends with a sentence, else "".

    "R 1.50" is no end of a sentence, for no space follows its point.
    """
    ends = [end.end() for end in _SENTENCE_END.finditer(text)]
    return text[: ends[-1]] if ends else ""


def _plain_line(line: str) -> str:
    if line.startswith("|") and line.endswith("|"):
        return ", ".join(cell.strip() for cell in line.split("|") if cell.strip())
    return _PREFIX.sub("", _HEADING.sub(r"\1", line))


def _link(words: str, address: str) -> str:
    return address if words == address else f"{words}: {address}"
