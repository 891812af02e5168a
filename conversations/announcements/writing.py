"""Announcing: set-wise, in the transaction of the cause, one statement however many."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from conversations.announcements.types import Type
from conversations.models import Announcement

# What a row says is written by the database from the rows it is about, in one form for all.
OF_MESSAGES = """
    INSERT INTO conversations_announcement (type, payload)
    SELECT
        CASE COALESCE(step.status, message.status)
            WHEN 'received' THEN 'message.received'
            WHEN 'failed' THEN 'message.failed'
            WHEN 'unconfirmed' THEN 'message.unconfirmed'
            ELSE 'message.status_changed'
        END,
        jsonb_build_object(
            'message', message.id,
            'reference', message.reference,
            'thread', message.thread_id,
            'contact', thread.contact_id,
            'direction', message.direction,
            'origin', message.origin,
            'kind', message.kind,
            'status', COALESCE(step.status, message.status),
            'error_code', CASE WHEN step.status IS NULL
                THEN message.error_code ELSE step.error_code END,
            'sent_at', to_char(
                message.sent_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'
            )
        )
    FROM unnest(%(ids)s::bigint[], %(statuses)s::text[], %(codes)s::int[])
        WITH ORDINALITY AS step (id, status, error_code, place)
    JOIN conversations_message AS message ON message.id = step.id
    JOIN conversations_thread AS thread ON thread.id = message.thread_id
    ORDER BY step.place
"""
OF_THREADS = """
    INSERT INTO conversations_announcement (type, payload)
    SELECT %(type)s, jsonb_build_object(
        'thread', thread.id,
        'contact', thread.contact_id,
        'mode', thread.mode,
        'is_closed', thread.is_closed,
        'assigned_to', (
            SELECT jsonb_build_object('id', id, 'username', username)
            FROM auth_user WHERE id = thread.assigned_to_id
        ),
        'assigned_group', (SELECT name FROM auth_group WHERE id = thread.assigned_group_id)
    ) || %(more)s::jsonb
    FROM conversations_thread AS thread WHERE thread.id = ANY(%(ids)s::bigint[])
    ORDER BY thread.id
"""
OF_TEMPLATES = """
    INSERT INTO conversations_announcement (type, payload)
    SELECT %(type)s, jsonb_build_object(
        'template', template.id,
        'name', template.name,
        'language', template.language,
        'status', template.status,
        'category', template.category,
        'quality', template.quality
    )
    FROM conversations_messagetemplate AS template WHERE template.id = ANY(%(ids)s::bigint[])
    ORDER BY template.id
"""


@dataclass(frozen=True)
class Step:
    """A message of ours got this status, whatever came after it."""

    message_id: int
    status: str
    error_code: int | None = None


def of_messages(message_ids: Iterable[int]) -> None:
    """These messages are announced as their rows are now: received, moved on, failed, in doubt."""
    ids = list(message_ids)
    if ids:
        _write(OF_MESSAGES, ids=ids, statuses=[None] * len(ids), codes=[None] * len(ids))


def of_steps(steps: Sequence[Step]) -> None:
    """The same, for each status by itself, in their order."""
    if steps:
        _write(
            OF_MESSAGES,
            ids=[step.message_id for step in steps],
            statuses=[step.status for step in steps],
            codes=[step.error_code for step in steps],
        )


def of_threads(type_: str, thread_ids: Iterable[int], **more: Any) -> None:
    """This has become of the threads, as their rows are now; `more` stands beside it."""
    if ids := list(thread_ids):
        _write(OF_THREADS, type=type_, ids=ids, more=json.dumps(more))


def of_merge(contact_id: int, *, former: int) -> None:
    """There is one contact where there were two; whatever was `former`'s is the other's now."""
    payload = {"contact": contact_id, "former": former}
    Announcement.objects.create(type=Type.CONTACT_MERGED, payload=payload)


def of_templates(template_ids: Iterable[int]) -> None:
    """These templates are others than before."""
    if ids := list(template_ids):
        _write(OF_TEMPLATES, type=Type.TEMPLATE_CHANGED.value, ids=ids)


def _write(statement: str, **values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
