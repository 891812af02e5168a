"""Putting labels on threads and taking them off, for one thread or for many at once."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction

from conversations import changes
from conversations.models import Label, Thread

logger = logging.getLogger(__name__)

# Threads and labels are looked for by their keys, so what was deleted meanwhile is passed over.
PUT = """
    INSERT INTO conversations_thread_labels (thread_id, label_id)
    SELECT thread.id, label.id FROM conversations_thread AS thread, conversations_label AS label
    WHERE thread.id = ANY(%(threads)s) AND label.id = %(label)s
    ORDER BY thread.id
    ON CONFLICT (thread_id, label_id) DO NOTHING RETURNING thread_id
"""
TAKE_OFF = """
    DELETE FROM conversations_thread_labels
    WHERE thread_id = ANY(%(threads)s) AND label_id = %(label)s RETURNING thread_id
"""


def put(threads: Iterable[Thread], label: Label, *, by: User) -> int:
    """All of them have the label; return how many had it not. Two statements however many."""
    return _change(PUT, threads, label, by=by)


def take_off(threads: Iterable[Thread], label: Label, *, by: User) -> int:
    """None of them has the label; return how many had it. Two statements however many."""
    return _change(TAKE_OFF, threads, label, by=by)


def _change(statement: str, threads: Iterable[Thread], label: Label, *, by: User) -> int:
    values: dict[str, Any] = {
        "threads": sorted({thread.pk for thread in threads}),
        "label": label.pk,
    }
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            changed = [row[0] for row in cursor.fetchall()]
        changes.record_many([(pk, None) for pk in sorted(changed)])
    verb = "put on" if statement is PUT else "taken off"
    logger.info("label=%s %s threads=%s by=%s", label.pk, verb, len(changed), by.pk)
    return len(changed)
