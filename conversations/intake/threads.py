"""The threads of a batch: found or made, locked in the order of their ids, brought up to date."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from conversations import announcements, clock, window
from conversations.intake.spoken import ASIDES, Place, Spoken, is_answer
from conversations.models import Thread
from conversations.unanswered import KINDS_WITHOUT_ANSWER
from conversations.whatsapp.events import InboundMessage

PREVIEW_LENGTH = 200

FIND = """
    SELECT thread.id, thread.phone_number_id, thread.contact_id, thread.mode,
        thread.answered_on_phone_at, thread.is_closed
    FROM conversations_thread AS thread
    JOIN unnest(%(numbers)s::bigint[], %(contacts)s::bigint[]) AS wanted (number, contact)
        ON thread.phone_number_id = wanted.number AND thread.contact_id = wanted.contact
    ORDER BY thread.id
    FOR NO KEY UPDATE OF thread
"""
UPDATE = """
    UPDATE conversations_thread AS thread SET
        is_closed = thread.is_closed AND NOT news.reopens,
        snoozed_until = CASE WHEN news.reopens THEN NULL ELSE thread.snoozed_until END,
        last_inbound_at = GREATEST(thread.last_inbound_at, news.last_inbound_at),
        window_closes_at = GREATEST(thread.window_closes_at, news.window_closes_at),
        unread_count = thread.unread_count + news.unread,
        preview = CASE WHEN news.last_message_at >= COALESCE(thread.last_message_at, '-infinity')
            THEN news.preview ELSE thread.preview END,
        last_message_at = GREATEST(thread.last_message_at, news.last_message_at),
        reply_due_at = CASE WHEN news.wants_answer AND thread.mode = 'bot'
            THEN LEAST(
                clock_timestamp() + %(quiet)s,
                COALESCE(thread.reply_due_at_latest, clock_timestamp() + %(at_most)s)
            ) ELSE thread.reply_due_at END,
        reply_due_at_latest = CASE WHEN news.wants_answer AND thread.mode = 'bot'
            THEN COALESCE(thread.reply_due_at_latest, clock_timestamp() + %(at_most)s)
            ELSE thread.reply_due_at_latest END,
        read_mark_due_at = CASE WHEN news.unread = 0 THEN thread.read_mark_due_at
            WHEN thread.mode = 'bot' THEN clock_timestamp() END
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS news (
        id bigint, reopens boolean, last_inbound_at timestamptz, window_closes_at timestamptz,
        unread int, last_message_at timestamptz, preview text, wants_answer boolean
    )
    WHERE thread.id = news.id
"""
# Whoever wrote from the phone has seen what came before that; the phone itself says so.
SEEN_ON_PHONE = """
    UPDATE conversations_thread AS thread SET
        answered_on_phone_at = GREATEST(thread.answered_on_phone_at, echo.at),
        read_mark_due_at = NULL,
        unread_count = LEAST(thread.unread_count, (
            SELECT count(*) FROM conversations_message AS message
            WHERE message.thread_id = thread.id AND message.direction = 'in'
                AND message.kind NOT IN ('edit', 'revoke')
                AND message.sent_at > GREATEST(thread.answered_on_phone_at, echo.at)
        ))
    FROM unnest(%(ids)s::bigint[], %(at)s::timestamptz[]) AS echo (id, at)
    WHERE thread.id = echo.id
"""

Key = tuple[int, int]  # our number's key, the contact's key


def threads_of(keys: Iterable[Key]) -> dict[Key, Place]:
    """The thread of each number and contact, made where there is none, and locked."""
    wanted = sorted(set(keys))
    found = _locked(wanted)
    missing = [key for key in wanted if key not in found]
    if missing:
        Thread.objects.bulk_create(
            [Thread(phone_number_id=number, contact_id=contact) for number, contact in missing],
            ignore_conflicts=True,
        )
        found = _locked(wanted)
    return found


def _locked(keys: Sequence[Key]) -> dict[Key, Place]:
    values = {"numbers": [key[0] for key in keys], "contacts": [key[1] for key in keys]}
    with connection.cursor() as cursor:
        cursor.execute(FIND, values)
        return {
            (number, contact): Place(pk, mode, answered_at, is_closed)
            for pk, number, contact, mode, answered_at, is_closed in cursor.fetchall()
        }


@dataclass
class News:
    """What the new messages of one thread change in its row."""

    place: Place
    said: list[Spoken] = field(default_factory=list)  # oldest first

    @property
    def spoken(self) -> list[Spoken]:
        return [one for one in self.said if one.kind not in ASIDES]

    @property
    def inbound(self) -> list[InboundMessage]:
        return [one for one in self.spoken if isinstance(one, InboundMessage)]

    @property
    def echoed_at(self) -> datetime | None:
        times = [one.sent_at for one in self.said if is_answer(one)]
        return max(times, default=None)

    def columns(self, now: datetime) -> dict[str, Any]:
        """What the row takes over; None leaves it as it is."""
        newest = self.spoken[-1] if self.spoken else None
        times = [window.message_time(one.sent_at, now) for one in self.inbound]
        open_until = [
            window.closes_at(None, one.sent_at, now) for one in self.inbound if one.opens_window
        ]
        unseen = [one for one in self.inbound if not self._was_answered(one)]
        return {
            "id": self.place.pk,
            "reopens": bool(open_until),
            "last_inbound_at": max(times, default=None),
            "window_closes_at": max(open_until, default=None),
            "unread": len(unseen),
            "last_message_at": window.message_time(newest.sent_at, now) if newest else None,
            "preview": newest.text[:PREVIEW_LENGTH] if newest else "",
            "wants_answer": any(one.kind not in KINDS_WITHOUT_ANSWER for one in unseen),
        }

    def _was_answered(self, message: InboundMessage) -> bool:
        answers = (self.place.answered_on_phone_at, self.echoed_at)
        return any(at is not None and message.sent_at <= at for at in answers)


def bring_up_to_date(news: Iterable[News]) -> list[int]:
    """List entry, window, unread count and the due reply of each thread.

    Returns the keys of those that were answered from the phone.
    """
    now = clock.now()
    in_order = sorted(news, key=lambda one: one.place.pk)
    rows = [one.columns(now) for one in in_order]
    values: dict[str, Any] = {
        "rows": json.dumps(rows, default=str),
        "quiet": timedelta(seconds=settings.QUIET_SECONDS),
        "at_most": timedelta(seconds=settings.QUIET_AT_MOST_SECONDS),
    }
    answered = [(one.place.pk, one.echoed_at) for one in in_order if one.echoed_at]
    reopened = [
        one.place.pk
        for one, row in zip(in_order, rows, strict=True)
        if one.place.is_closed and row["reopens"]
    ]
    with connection.cursor() as cursor:
        cursor.execute(UPDATE, values)
        if answered:
            ids, at = zip(*answered, strict=True)
            cursor.execute(SEEN_ON_PHONE, {"ids": list(ids), "at": list(at)})
    announcements.of_threads(announcements.Type.THREAD_REOPENED, reopened, by=None)
    return [pk for pk, _ in answered]
