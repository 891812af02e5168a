"""Model text -> what WhatsApp can show: no markdown, whole sentences, short.

Called by `replies`.
"""

from __future__ import annotations

import re
from typing import Final

TEXT_MAX: Final = 1000  # characters; well under WhatsApp's 4096, and as much as people read

_FENCE: Final = re.compile(r"^\s*(```|~~~).*$", re.MULTILINE)
_RULE: Final = re.compile(r"^\s*([-*_=]\s*){3,}$", re.MULTILINE)
_TABLE_RULE: Final = re.compile(r"^\s*\|?(\s*:?-{2,}:?\s*\|)+\s*(:?-{2,}:?\s*)?$", re.MULTILINE)
_TABLE_ROW: Final = re.compile(r"^\s*\|(.+)\|\s*$", re.MULTILINE)
_HEADING: Final = re.compile(r"^\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$", re.MULTILINE)
_QUOTE: Final = re.compile(r"^\s{0,3}>\s?", re.MULTILINE)
_BULLET: Final = re.compile(r"^\s*[-*+•]\s+", re.MULTILINE)
_IMAGE: Final = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK: Final = re.compile(r"\[([^\]]+)\]\(([^)\s]+)[^)]*\)")
_CODE: Final = re.compile(r"`+([^`]+)`+")
_STARS: Final = re.compile(r"(\*{1,3})(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
# Only as a whole word: snake_case and links keep theirs.
_UNDERSCORES: Final = re.compile(r"(?<!\w)(_{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)", re.DOTALL)
_STRUCK: Final = re.compile(r"~~(.+?)~~", re.DOTALL)
_BLANK_LINES: Final = re.compile(r"\n\s*\n\s*")
_SENTENCE_END: Final = re.compile(r"[.!?…।؟]+[\"'”’)]*(?=\s|$)")


def plain_text(text: str) -> str:
    """The text without markdown. The words, their order and the lines stay."""
    text = text.replace("\r\n", "\n")
    for pattern in (_FENCE, _RULE, _TABLE_RULE, _QUOTE, _BULLET):
        text = pattern.sub("", text)
    text = _TABLE_ROW.sub(lambda row: _cells(row.group(1)), text)
    text = _HEADING.sub(r"\1", text)
    text = _IMAGE.sub(r"\1", text)
    text = _LINK.sub(lambda link: _link(link.group(1), link.group(2)), text)
    for pattern, kept in ((_CODE, r"\1"), (_STARS, r"\2"), (_UNDERSCORES, r"\2"), (_STRUCK, r"\1")):
        text = pattern.sub(kept, text)
    return _BLANK_LINES.sub("\n\n", text).strip()


def whole_sentences(text: str, *, limit: int = TEXT_MAX) -> str:
    """The longest beginning of at most `limit` characters that ends with a sentence, else "".

    "R 1.50" is no end of a sentence, for no space follows its point.
    """
    ends = [end.end() for end in _SENTENCE_END.finditer(text) if end.end() <= limit]
    return text[: ends[-1]] if ends else ""


def _cells(row: str) -> str:
    return ", ".join(cell.strip() for cell in row.split("|") if cell.strip())


def _link(words: str, address: str) -> str:
    return address if words == address else f"{words}: {address}"
