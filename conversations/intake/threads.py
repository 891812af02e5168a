"""The threads of a batch: found or made, locked in the order of their ids, brought up to date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from conversations import clock, window
from conversations.intake.faults import UnknownNumber
from conversations.models import PhoneNumber, Thread
from conversations.whatsapp.events import InboundMessage

PREVIEW_LENGTH = 200

UPDATE = """
    UPDATE conversations_thread AS thread SET
        is_closed = FALSE,
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
            ELSE thread.reply_due_at_latest END
    FROM unnest(
        %(ids)s::bigint[], %(last_inbound_at)s::timestamptz[], %(window_closes_at)s::timestamptz[],
        %(unread)s::int[], %(last_message_at)s::timestamptz[], %(preview)s::text[],
        %(wants_answer)s::boolean[]
    ) AS news (
        id, last_inbound_at, window_closes_at, unread, last_message_at, preview, wants_answer
    )
    WHERE thread.id = news.id
"""

Pair = tuple[str, int]  # phone_number_id of Meta, contact's key of ours


def threads_of(pairs: Iterable[Pair]) -> dict[Pair, Thread]:
    """The thread of each (number, contact), made where there is none, and locked.

    Raises: UnknownNumber for the first number that nobody has entered.
    """
    wanted = sorted(set(pairs))
    numbers = _numbers({phone_number_id for phone_number_id, _ in wanted})
    keys = [(numbers[phone_number_id].pk, contact_id) for phone_number_id, contact_id in wanted]
    found = _locked(keys)
    missing = [key for key in keys if key not in found]
    if missing:
        Thread.objects.bulk_create(
            [Thread(phone_number_id=number, contact_id=contact) for number, contact in missing],
            ignore_conflicts=True,
        )
        found = _locked(keys)
    return {pair: found[key] for pair, key in zip(wanted, keys, strict=True)}


def _numbers(phone_number_ids: set[str]) -> dict[str, PhoneNumber]:
    rows = PhoneNumber.objects.filter(phone_number_id__in=phone_number_ids)
    known = {row.phone_number_id: row for row in rows}
    for phone_number_id in sorted(phone_number_ids - known.keys()):
        raise UnknownNumber(phone_number_id)
    return known


def _locked(keys: list[tuple[int, int]]) -> dict[tuple[int, int], Thread]:
    rows = (
        Thread.objects.select_for_update()
        .filter(contact_id__in={contact for _, contact in keys})
        .order_by("pk")
    )
    return {(row.phone_number_id, row.contact_id): row for row in rows}


@dataclass
class News:
    """What the new messages of one thread change in its row."""

    messages: list[InboundMessage] = field(default_factory=list)

    @property
    def newest(self) -> InboundMessage:
        return max(self.messages, key=lambda message: message.sent_at)

    def window_closes_at(self, now: datetime) -> datetime | None:
        times = [message.sent_at for message in self.messages if message.opens_window]
        return max((window.closes_at(None, time, now) for time in times), default=None)

    def wants_answer(self) -> bool:
        """Stickers and reactions need none; system messages, edits and revokes ask nothing."""
        return any(message.opens_window and message.kind != "sticker" for message in self.messages)


def bring_up_to_date(news: dict[int, list[InboundMessage]]) -> None:
    """List entry, window, unread count and the due reply of each thread (by its key)."""
    now = clock.now()
    columns: dict[str, Any] = defaultdict(list)
    for thread_id in sorted(news):
        entry = News(news[thread_id])
        newest = entry.newest
        columns["ids"].append(thread_id)
        columns["last_inbound_at"].append(window.message_time(newest.sent_at, now))
        columns["last_message_at"].append(window.message_time(newest.sent_at, now))
        columns["window_closes_at"].append(entry.window_closes_at(now))
        columns["unread"].append(len(entry.messages))
        columns["preview"].append(newest.text[:PREVIEW_LENGTH])
        columns["wants_answer"].append(entry.wants_answer())
    quiet: dict[str, Any] = {
        "quiet": timedelta(seconds=settings.QUIET_SECONDS),
        "at_most": timedelta(seconds=settings.QUIET_AT_MOST_SECONDS),
    }
    with connection.cursor() as cursor:
        cursor.execute(UPDATE, {**columns, **quiet})
