"""Why a search found a conversation: the words of a message, with those that were looked for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from conversations.searching import PREFIX_MIN

BEFORE, SHOWN = 28, 160  # characters


def marked(text: str, words: str) -> SafeString:
    """The text from a little before the first of the words on, escaped, the words in <mark>."""
    line = " ".join(text.split())
    wanted = _pattern(words)
    first = wanted.search(line) if wanted else None
    start = _start(line, first.start() if first else 0)
    shown = line[start : start + SHOWN]
    pieces = _pieces(shown, wanted) if wanted else iter([shown])
    return format_html("{}{}", "…" if start else "", format_html_join("", "{}", zip(pieces)))


def _start(line: str, hit: int) -> int:
    """Where to begin: with a whole word, near enough before the hit to leave it in sight."""
    if hit <= BEFORE:
        return 0
    space = line.find(" ", hit - BEFORE, hit)
    return space + 1 if space >= 0 else hit


def _pieces(line: str, wanted: re.Pattern[str]) -> Iterator[str]:
    end = 0
    for hit in wanted.finditer(line):
        yield line[end : hit.start()]
        yield format_html("<mark>{}</mark>", hit.group())
        end = hit.end()
    yield line[end:]


def _pattern(words: str) -> re.Pattern[str] | None:
    """Each word as a whole, of the last one the beginning, as `searching` looks for them."""
    parts = re.findall(r"\w+", words)
    if not parts:
        return None
    ends = [re.escape(part) + r"(?!\w)" for part in parts]
    if len(words.split()[-1]) >= PREFIX_MIN:
        ends[-1] = re.escape(parts[-1]) + r"\w*"
    return re.compile(rf"(?<!\w)(?:{'|'.join(ends)})", re.IGNORECASE)
