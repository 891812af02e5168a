"""Text that PostgreSQL can keep: callers may send any JSON, and two things in it are no row's."""

from typing import Any


def storable(value: Any) -> Any:
    """The same JSON with NUL and lone surrogates, which no text column takes, replaced."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return {_text(str(name)): storable(one) for name, one in value.items()}
    if isinstance(value, list):
        return [storable(one) for one in value]
    return value


def _text(value: str) -> str:
    if value.isascii() and "\0" not in value:
        return value
    return value.replace("\0", "\ufffd").encode(errors="replace").decode()
