"""How content is checked, and what a refusal says. Every class of this package comes here first."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlsplit

Wire = dict[str, Any]
T = TypeVar("T")


class ContentError(ValueError):
    """WhatsApp would not take this content. `field` says where, `problem` what is wrong.

    `field` is a path such as "buttons[2].title"; `limit` is Meta's number where there is one;
    `advice` is what to do. The text never quotes the content: errors end up in logs.
    """

    def __init__(self, field: str, problem: str, *, limit: int | None = None, advice: str = ""):
        super().__init__(field, problem)
        self.field = field
        self.problem = problem
        self.limit = limit
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.field}: {self.problem}. {self.advice}".strip()


def units(text: str) -> int:
    """Return the length as WhatsApp may count it: in UTF-16 code units, most emoji being two.

    Meta does not say whether it counts characters or UTF-16 units. Units are never fewer, so what
    passes here passes there either way.
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check_text(
    field: str, value: object, *, limit: int | None = None, one_line: bool = False
) -> None:
    """Refuse what is no text, says nothing, is too long, or cannot be kept or sent at all."""
    if not isinstance(value, str):
        raise ContentError(field, "is not text")
    if not value.strip():
        raise ContentError(field, "is empty", limit=limit, advice="Write something there.")
    if "\x00" in value or not _is_encodable(value):
        raise ContentError(
            field, "holds a character that no message can carry (NUL or half an emoji)"
        )
    if one_line and value.splitlines() != [value]:
        raise ContentError(field, "has a line break", advice="Put it on one line.")
    _check_length(field, value, limit)


def check_optional(field: str, value: object, *, limit: int, one_line: bool = False) -> None:
    if value is not None:
        check_text(field, value, limit=limit, one_line=one_line)


def check_id(field: str, value: object, *, limit: int | None = None) -> None:
    """Refuse ids that Meta would trim or refuse: spaces at an end, line breaks, too long."""
    check_text(field, value, limit=limit, one_line=True)
    if isinstance(value, str) and value != value.strip():
        raise ContentError(field, "begins or ends with a space", advice="Take it away.")


def check_count(field: str, items: Sequence[object], *, least: int, most: int) -> None:
    if not isinstance(items, tuple):
        raise ContentError(field, "is not a tuple")
    if len(items) < least:
        raise ContentError(
            field, f"has {len(items)} entries, at least {least} are needed", limit=least
        )
    if len(items) > most:
        advice = f"Leave out {len(items) - most}."
        problem = f"has {len(items)} entries, at most {most} are allowed"
        raise ContentError(field, problem, limit=most, advice=advice)


def check_kinds(field: str, items: Iterable[object], kinds: type | tuple[type, ...]) -> None:
    for place, item in enumerate(items):
        if not isinstance(item, kinds):
            raise ContentError(
                f"{field}[{place}]", f"is a {type(item).__name__}, which has no place here"
            )


def check_unique(field: str, values: Sequence[str]) -> None:
    if len(set(values)) < len(values):
        raise ContentError(field, "are not all different", advice="Make each of them unique.")


def check_url(field: str, value: object, *, limit: int = 2000) -> None:
    """Refuse what is no absolute http(s) address: Meta fetches or opens it from outside."""
    check_id(field, value, limit=limit)
    parts = _split(str(value))
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise ContentError(field, "is not a web address", advice="Give a full https:// address.")
    if any(mark.isspace() for mark in str(value)):
        raise ContentError(field, "holds a space", advice="Write it as %20.")


def check_number(field: str, value: object, *, bound: float) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ContentError(field, "is not a number")
    if abs(value) > bound:
        raise ContentError(field, f"is not between -{bound:g} and {bound:g}")


def entry(wire: object, key: str, field: str) -> Any:
    """Return wire[key] of stored JSON, or refuse with the place that is wrong."""
    if not isinstance(wire, Mapping) or key not in wire:
        raise ContentError(_place(field, key), "is missing")
    return wire[key]


def text_at(wire: object, key: str, field: str) -> str:
    """Return wire[key] of stored JSON where it is text, or refuse with the place that is wrong."""
    found = entry(wire, key, field)
    if not isinstance(found, str):
        raise ContentError(_place(field, key), "is not text")
    return found


def optional(wire: object, key: str) -> Any:
    return wire.get(key) if isinstance(wire, Mapping) else None


def entries(wire: object, key: str, field: str, read: Callable[[Any], T]) -> tuple[T, ...]:
    """Return wire[key], a list of stored JSON, with each of its entries read."""
    found = entry(wire, key, field)
    if not isinstance(found, list):
        raise ContentError(_place(field, key), "is not a list")
    return tuple(read(item) for item in found)


def _place(field: str, key: str) -> str:
    return f"{field}.{key}" if field else key


def _split(url: str) -> Any:
    try:
        return urlsplit(url)
    except ValueError:
        return None


def _is_encodable(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _check_length(field: str, value: str, limit: int | None) -> None:
    if limit is None or units(value) <= limit:
        return
    over = units(value) - limit
    problem = f"is {units(value)} characters long, at most {limit} are allowed"
    advice = f"Shorten it by {over}; most emoji count as two."
    raise ContentError(field, problem, limit=limit, advice=advice)
