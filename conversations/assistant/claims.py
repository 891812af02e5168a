"""A text -> what it states that can be checked: links, dates, amounts, percentages, numbers.

Called by `guard`. Each is cut out of the text once it is found, so that 2026-11-04 is a date and
not also a number. What is said in passing ("24 hours", "5 items", "from 08:00") is no claim.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from conversations.assistant.months import MONTHS


@dataclass(frozen=True)
class Claim:
    """`value` has one spelling for all ways to write a thing. By kind:

    link (address,)  date (day, month, year or "")  amount (number, currency or "")
    percent (number,)  number (its letters or "", its digits)
    """

    kind: Literal["link", "date", "amount", "percent", "number"]
    value: tuple[str, ...]
    shown: str  # as it stands in the text


Reader = Callable[[re.Match[str]], Claim | None]


def claims_in(text: str) -> list[Claim]:
    """Every claim of the text, kind by kind."""
    claims, rest = _cut(text)
    return claims + [claim for match in _LONG.finditer(rest) if (claim := _long_number(match))]


def facts_in(text: str) -> tuple[list[Claim], set[str]]:
    """What a text of facts backs: its claims, and the digits of each bare number and of each row
    of neighbouring ones, so that "62 1234 5678, branch 250655" backs every part of it."""
    claims, rest = _cut(text)
    rows = [re.findall(r"\d+", row.group()) for row in _ROW.finditer(rest)]
    joined = {
        national("".join(row[start:end]))
        for row in rows
        for start in range(len(row))
        for end in range(start + 1, min(start + ROW_MAX, len(row)) + 1)
    }
    return claims, joined


def national(digits: str) -> str:
    """The digits as dialled in South Africa: +27 82 123 4567 is 082 123 4567."""
    return re.sub(r"^27(?=0?[1-9]\d{8}$)0?", "0", digits)


_BEFORE: Final[Mapping[str, str]] = {
    "r": "ZAR", "zar": "ZAR", "$": "USD", "us$": "USD", "usd": "USD", "€": "EUR", "eur": "EUR",
    "£": "GBP", "gbp": "GBP", "n$": "NAD", "nad": "NAD", "bwp": "BWP", "mzn": "MZN",
}  # fmt: skip
_AFTER: Final[Mapping[str, str]] = {
    "rand": "ZAR", "rands": "ZAR", "randes": "ZAR", "zar": "ZAR", "راند": "ZAR", "रैंड": "ZAR",
    "usd": "USD", "dollars": "USD", "dollar": "USD", "eur": "EUR", "euro": "EUR", "euros": "EUR",
    "€": "EUR", "gbp": "GBP", "pounds": "GBP", "nad": "NAD", "bwp": "BWP", "pula": "BWP",
    "mzn": "MZN", "meticais": "MZN",
}  # fmt: skip
_SCALES: Final[Mapping[str, int]] = {
    "k": 1000, "thousand": 1000, "m": 1_000_000, "million": 1_000_000,
}  # fmt: skip


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


# 1234, 1,234, 1 234 or 1.234; then two decimals after a point or comma, or "-00" as on price cards.
_NUMBER: Final = (
    r"(?P<number>(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d{1,3}(?:\.\d{3})+|\d+)"
    r"(?:[.,]\d{1,2}|-00)?)(?!\d)"
)
_SCALE: Final = r"(?P<scale>(?:\s?(?:k|thousand|million)|m)(?!\w))?"
_STARTS: Final = r"(?<![\w.,])"
_YEAR: Final = r"(?P<year>(?:19|20)\d\d)"
_ENGLISH_MONTH: Final = (
    r"(?P<name>(?-i:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?))(?!\w)\.?"
)
_NAME: Final = rf"(?P<name>{_any_of(MONTHS)})(?!\w)\.?"
_ROW: Final = re.compile(r"\d+(?:[ \u00a0().-]{1,2}\d+)*")
_LONG: Final = re.compile(r"(?<![\w.,])\+?\(?\d+(?:[ \u00a0().-]{1,3}\d+)*(?!\w|[.,]\d)")
ROW_MAX: Final = 8


def _cut(text: str) -> tuple[list[Claim], str]:
    """All claims but bare numbers, and the text without them."""
    rest = _western(text)
    found: list[Claim] = []
    for pattern, read in _READERS:
        found += [claim for match in pattern.finditer(rest) if (claim := read(match))]
        rest = pattern.sub("\n", rest)  # not a space: that would join the numbers on both sides
    return found, rest


def _western(text: str) -> str:
    """Arabic and Indian digits as ours."""
    return re.sub(r"\d", lambda digit: str(int(digit.group())), text)


def _link(match: re.Match[str]) -> Claim:
    shown = match.group().rstrip(".,;:!?)\"'”’]>")
    bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", shown, flags=re.IGNORECASE)
    host, slash, path = bare.partition("/")
    return Claim("link", ((host.lower() + slash + path).rstrip("/"),), shown)


def _date(match: re.Match[str]) -> Claim:
    parts = match.groupdict()
    name, year = parts.get("name"), parts.get("year") or ""
    day, month = int(parts["day"]), MONTHS[name.lower()] if name else int(parts["month"])
    if month > 12 >= day:
        day, month = month, day  # the American order
    century = "20" if len(year) == 2 else ""
    return Claim("date", (str(day), str(month), century + year), match.group().strip(" ."))


def _amount(match: re.Match[str]) -> Claim:
    parts = match.groupdict()
    scale = _SCALES.get((parts.get("scale") or "").strip().lower(), 1)
    code = (parts.get("before") or "").lower(), (parts.get("after") or "").lower()
    currency = _BEFORE.get(code[0], "") or _AFTER.get(code[1], "")
    return Claim("amount", (_spelt(_decimal(parts["number"]) * scale), currency), match.group())


def _bare_amount(match: re.Match[str]) -> Claim | None:
    """Without a currency; small ones are more often a time (8.30) or a measure."""
    value = _decimal(match["number"])
    return Claim("amount", (_spelt(value), ""), match.group()) if value >= 25 else None


def _percent(match: re.Match[str]) -> Claim | None:
    value = _spelt(_decimal(match["number"]))
    return None if value == "100" else Claim("percent", (value,), match.group())


def _document(match: re.Match[str]) -> Claim:
    letters = re.sub(r"[\W\d_]", "", match.group()).upper()
    return Claim("number", (letters, re.sub(r"\D", "", match.group())), match.group())


def _said_number(match: re.Match[str]) -> Claim:
    return Claim("number", ("", match["number"]), match.group())


def _long_number(match: re.Match[str]) -> Claim | None:
    digits = re.sub(r"\D", "", match.group())
    if len(digits) < 4 or re.fullmatch(_YEAR, digits):
        return None
    return Claim("number", ("", national(digits)), match.group().strip())


def _in_passing(match: re.Match[str]) -> None:
    return None


def _decimal(number: str) -> Decimal:
    """The last point or comma with one or two digits after it is the decimal one."""
    whole, _, cents = re.sub(r"[.,-](\d{1,2})$", r"|\1", number).partition("|")
    return Decimal(f"{re.sub(r'[^0-9]', '', whole)}.{cents or 0}")


def _spelt(value: Decimal) -> str:
    return f"{value.normalize():f}"


_READERS: Final[tuple[tuple[re.Pattern[str], Reader], ...]] = tuple(
    (re.compile(pattern, re.IGNORECASE), read)
    for pattern, read in (
        (r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", _link),
        (
            r"(?<![\w@.])(?:[a-z0-9-]+\.)+"
            r"(?:com|net|org|info|biz|io|africa|shop|store|online|site|app|link|xyz|top|ly|me|za"
            r"|(?:co|org|net|com|gov|ac|web)\.[a-z]{2})(?:/\S*|(?![\w.]))",
            _link,
        ),
        (rf"(?<!\d){_YEAR}[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?!\d)", _date),
        (
            r"(?<![\d.,])(?P<day>\d{1,2})(?P<cut>[-/.])(?P<month>\d{1,2})(?P=cut)"
            r"(?P<year>(?:20)?\d\d)(?!\d)",
            _date,
        ),
        (r"(?<![\d.,/])(?P<day>\d{1,2})/(?P<month>\d\d)(?![\d/])", _date),
        (
            r"(?<![\d.,])(?P<day>\d{1,2})(?:st|nd|rd|th|ste|de|º|ª)?[\s-]+(?:of\s+|de\s+|ku)?"
            rf"{_NAME}(?:,?\s+(?:of\s+|de\s+)?{_YEAR}(?!\d))?",
            _date,
        ),
        (
            rf"(?<!\w){_ENGLISH_MONTH}\s+(?:the\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:]|[.,]\d)"
            rf"(?:,?\s+{_YEAR}(?!\d))?",
            _date,
        ),
        (r"(?<![\d:])\d{1,2}[:h]\d\d(?!\d)(?::\d\d)?", _in_passing),
        (rf"{_STARTS}{_NUMBER}\s?(?:[%٪]|per ?cent(?!\w)|persent(?!\w)|por ciento)", _percent),
        (rf"(?<![^\W\d_])(?P<before>{_any_of(_BEFORE)})\s?{_NUMBER}{_SCALE}", _amount),
        (rf"{_STARTS}{_NUMBER}{_SCALE}\s?(?P<after>{_any_of(_AFTER)})(?!\w)", _amount),
        (
            rf"{_STARTS}(?P<number>\d{{1,3}}(?:[, \u00a0]\d{{3}})*[.,]\d\d|\d+[.,]\d\d)(?!\.?\d)"
            r"(?!\s?(?:k?g|[ckm]?m|m?l|lit(?:re|er)s?|inch|h(?:ou)?rs?)\b)",
            _bare_amount,
        ),
        (rf"{_STARTS}(?P<number>\d{{1,3}}(?:,\d{{3}})+)(?![\w]|[.,]\d)", _bare_amount),
        # Letters, then at least two digits in a row: INV-0847, ORD/2026/118, 2026-INV-00012.
        (
            r"(?<![\w/-])(?=[\w/-]*\d\d)(?:[^\W\d_]{1,12}[-/]?|\d+[-/](?=[^\W\d_]))[\w/-]*\d(?!\w)",
            _document,
        ),
        (
            r"(?:#|(?:\b(?:invoice|inv|faktuur|factura|fatura|number|nommer|numero|número|ref"
            r"|reference|verwysing|ticket|account|rekening)|\b(?:no|nr)[.:])[.:]?\s*#?)"
            r"(?P<number>\d{3,})(?!\w|[ .,:-]\d)",
            _said_number,
        ),
    )
)
