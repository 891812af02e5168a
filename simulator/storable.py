"""JSON that PostgreSQL can keep: callers may send any, and three things in it are no row's."""

from math import isfinite
from typing import Any


def storable(value: Any) -> Any:
    """The same JSON without NUL, lone surrogates and numbers that are none (NaN, 1e999)."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return {_text(str(name)): storable(one) for name, one in value.items()}
    if isinstance(value, list):
        return [storable(one) for one in value]
    if isinstance(value, float) and not isfinite(value):
        return None
    return value


def _text(value: str) -> str:
    if value.isascii() and "\0" not in value:
        return value
    return value.replace("\0", "\ufffd").encode(errors="replace").decode()
