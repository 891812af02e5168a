"""The feed as another system reads it: from the beginning, page by page."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from conversations import announcements
from conversations.announcements import Told


def everything(*types: str) -> list[Told]:
    """What was committed, in the order of the feed."""
    number()
    told: list[Told] = []
    cursor, has_more = 0, True
    while has_more:
        page = announcements.after(cursor, 50, types or None)
        told += page.told
        cursor, has_more = page.cursor, page.has_more
    return told


def types() -> list[str]:
    return [one.type for one in everything()]


def payloads(*types: str) -> list[dict[str, Any]]:
    return [one.payload for one in everything(*types)]


def number() -> None:
    """As dispatch does, until nothing is left."""
    while announcements.is_anything_new():
        with transaction.atomic():
            announcements.number_new()
