"""Identifiers as Meta makes them: opaque, and in the same alphabets."""

import base64
import secrets


def wamid() -> str:
    """A message id; the `+`, `/` and `=` in it are Meta's too."""
    return "wamid.HBgL" + base64.b64encode(secrets.token_bytes(30)).decode()


def numeric(digits: int = 16) -> str:
    """A media, template or flow id."""
    return str(secrets.randbelow(9 * 10 ** (digits - 1)) + 10 ** (digits - 1))


def bsuid(country: str) -> str:
    """A business-scoped user id, as `ZA.13491208655302741918`."""
    return f"{country}.{numeric(20)}"
