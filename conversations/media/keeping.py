"""Where files lie: in Django's default storage, under names that nobody can guess."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from contextlib import suppress

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

FOLDER = "whatsapp"


def keep(content: bytes) -> str:
    """The file is stored; return its name: 256 random bits, no ending, nothing of the sender's."""
    token = secrets.token_hex(32)
    return default_storage.save(f"{FOLDER}/{token[:2]}/{token}", ContentFile(content))


def forget(name: str) -> None:
    """The file is gone. Twice, or where the storage is away: nothing happens."""
    with suppress(OSError):
        default_storage.delete(name)


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def digest_told(told: str) -> str:
    """What Meta tells of a file, in hexadecimal digits; "" where it is no SHA-256.

    Meta's references show it in hexadecimal and in base64.
    """
    told = told.strip()
    with suppress(ValueError):
        if len(told) == 64 and bytes.fromhex(told):
            return told.lower()
    with suppress(binascii.Error, ValueError):
        raw = base64.b64decode(told + "=" * (-len(told) % 4), altchars=b"-_", validate=False)
        return raw.hex() if len(raw) == hashlib.sha256().digest_size else ""
    return ""
