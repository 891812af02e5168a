"""Taking values out of JSON that may hold anything: missing, of another type, empty, or absurd."""

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

DEPTH_MAX = 60  # deeper JSON is nothing of Meta's, and would break whoever writes it out again
MILLISECONDS_FROM = 10**11  # as seconds this is the year 5138: such a number is in milliseconds
TOO_DEEP = "[nested too deeply]"

JsonObject = dict[str, Any]


# What PostgreSQL refuses, escaped. Emoji are escaped as surrogate pairs: they count too.
_SUSPECT = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


class Unreadable(ValueError):  # a situation: the body holds nothing to convert
    """The body is no JSON object."""


class Unusable(ValueError):  # a situation, caught where items are converted
    """An item lacks what nobody can do without; the text says what."""


def load(body: bytes) -> JsonObject:
    """Return the JSON object of a body, cleaned. Raises: Unreadable where there is none."""
    words = bytes(body).decode("utf-8-sig", "replace")
    try:
        data = _DECODER.decode(words)
    except (ValueError, RecursionError):
        raise Unreadable("The body is not JSON.") from None
    if not isinstance(data, dict):
        raise Unreadable("The body is not a JSON object.")
    # Cleaning costs as much as all the rest; nearly every body can be seen to need none.
    return data if _is_clean(words) else dict(clean(data))


def _is_clean(words: str) -> bool:
    """Whether nothing in this JSON can need cleaning. Cheap looks first: it is asked of all."""
    if words.count("{") + words.count("[") > DEPTH_MAX or "\x00" in words:
        return False
    return "\\u" not in words or not _SUSPECT.search(words)


def clean(value: Any, depth: int = 0) -> Any:
    """Return the JSON value so that PostgreSQL's text and jsonb can hold it.

    NUL and half surrogate pairs become U+FFFD, infinite numbers null, what is nested deeper than
    60 levels a note.
    """
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict | list) and depth >= DEPTH_MAX:
        return TOO_DEEP
    if isinstance(value, dict):
        return {clean_text(str(key)): clean(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item, depth + 1) for item in value]
    return value


def clean_text(text: str) -> str:
    text = text.replace("\x00", "\ufffd")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _finite(number: str) -> float | None:
    return found if math.isfinite(found := float(number)) else None


# Meta escapes control characters; a body that does not is still worth reading (`strict`).
_DECODER = json.JSONDecoder(strict=False, parse_float=_finite, parse_constant=lambda _: None)


def obj(value: object, key: str) -> JsonObject:
    """Return value[key] where it is an object, else an empty one."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def items(value: object, key: str) -> list[Any]:
    """Return value[key] where it is a list, else an empty one."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def objects(value: object, key: str) -> list[JsonObject]:
    return [item for item in items(value, key) if isinstance(item, dict)]


def text(value: Mapping[str, Any], key: str) -> str:
    """Return value[key] as text: "" where it is missing, ids that come as numbers in digits."""
    found = value.get(key)
    if isinstance(found, str):
        return found
    if found is None or isinstance(found, bool):
        return ""
    return str(found) if isinstance(found, int | float) else ""


def text_or_none(value: Mapping[str, Any], key: str) -> str | None:
    """Return value[key] as text; an empty one counts as missing, as Meta sends "" for no id."""
    return text(value, key).strip() or None


def needed(value: Mapping[str, Any], key: str) -> str:
    found = text_or_none(value, key)
    if found is None:
        raise Unusable(f"{key} is missing")
    return found


def whole(value: Mapping[str, Any], key: str) -> int | None:
    """Return value[key] as a whole number, also from digits in a text."""
    found = value.get(key)
    if isinstance(found, bool) or not isinstance(found, int | float | str):
        return None
    try:
        return int(found)
    except (ValueError, OverflowError):
        return None


def moment(value: Mapping[str, Any], key: str = "timestamp") -> datetime:
    """Return Unix seconds (text or number; milliseconds are noticed) as an aware UTC datetime."""
    seconds = whole(value, key)
    if seconds is None or seconds < 0:
        raise Unusable(f"{key} is no time")
    if seconds >= MILLISECONDS_FROM:
        seconds //= 1000
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise Unusable(f"{key} is no time") from None


def moment_or_none(value: Mapping[str, Any], key: str = "timestamp") -> datetime | None:
    try:
        return moment(value, key)
    except Unusable:
        return None
