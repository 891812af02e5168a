"""Keeping a webhook: the raw bytes, once, committed before anybody is answered."""

import hashlib
import logging

from django.db import connection

logger = logging.getLogger(__name__)

INSERT = """
    INSERT INTO conversations_webhookevent
        (body, digest, received_at, attempts, next_attempt_at, error)
    VALUES (%s, %s, clock_timestamp(), 0, clock_timestamp(), '')
    ON CONFLICT (digest) DO NOTHING
"""

COUNT_REFUSAL = """
    INSERT INTO conversations_webhookrefusal (day, count) VALUES (CURRENT_DATE, 1)
    ON CONFLICT (day) DO UPDATE SET count = conversations_webhookrefusal.count + 1
"""


def store(body: bytes) -> None:
    """The event is on disk when this returns. Twice: the same bytes are kept once.

    Raises: django.db.OperationalError when the database is away; nothing is kept then.
    """
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [body, hashlib.sha256(body).digest()])


def count_refusal() -> None:
    """One more webhook with a wrong signature today: all that is kept of it."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT_REFUSAL)
