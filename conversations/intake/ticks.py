"""Where a message of ours stands, and how a status moves it: forward only, in any order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection

from conversations import announcements, changes, consent, failures, pausing
from conversations.announcements import Step
from conversations.models import Message, PhoneNumber
from conversations.whatsapp.errors import explain
from conversations.whatsapp.events import MetaError, StatusUpdate

Status = Message.Status

RANK: dict[str, int] = {
    Status.SENT.value: 1,
    Status.DELIVERED.value: 2,
    Status.READ.value: 3,
    Status.PLAYED.value: 4,
}
KNOWN = {*RANK, Status.FAILED.value}

# Locked in the order of the keys, as everywhere.
FIND = """
    SELECT message.id, message.thread_id, message.wamid, message.reference::text, message.status,
        message.error_code, message.error_text, message.pricing ->> 'told_by',
        contact.wa_id, contact.bsuid
    FROM conversations_message AS message
    JOIN conversations_thread AS thread ON thread.id = message.thread_id
    JOIN conversations_contact AS contact ON contact.id = thread.contact_id
    WHERE message.direction = 'out' AND {which}
    ORDER BY message.id
    FOR NO KEY UPDATE OF message
"""
BY_WAMID = FIND.format(which="message.wamid = ANY(%s::text[])")
BY_REFERENCE = FIND.format(which="message.reference = ANY(%s::uuid[])")
UPDATE = """
    UPDATE conversations_message AS message SET
        wamid = news.wamid, status = news.status, error_code = news.error_code,
        error_text = news.error_text, pricing = COALESCE(news.pricing, message.pricing)
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS news (
        id bigint, wamid text, status text, error_code int, error_text text, pricing jsonb
    )
    WHERE message.id = news.id
"""


@dataclass(frozen=True)
class Told:
    """What one status says of its message, as it is also kept while the message is unknown."""

    status: str
    error_code: int | None = None
    error_text: str = ""
    pricing: Mapping[str, Any] | None = None


def told(update: StatusUpdate) -> Told:
    """All errors in one text; the first one's code says what to do."""
    words = dict.fromkeys(filter(None, map(_words, update.errors)))
    code = update.errors[0].code if update.errors else None
    return Told(update.status, code, "; ".join(words), update.pricing)


def _words(error: MetaError) -> str:
    return error.details or error.message or error.title


def as_json(one: Told) -> dict[str, Any]:
    """For the table of statuses that came early."""
    return {name: value for name, value in asdict(one).items() if name != "status"}


def from_json(status: str, kept: Mapping[str, Any]) -> Told:
    """What was kept of a status that came early."""
    return Told(
        status,
        error_code=kept.get("error_code"),
        error_text=kept.get("error_text", ""),
        pricing=kept.get("pricing"),
    )


@dataclass
class Standing:
    """A message of ours as its row has it, and as it will have it."""

    pk: int
    thread_id: int
    wamid: str | None
    reference: str
    status: str
    error_code: int | None
    error_text: str
    priced_by: str | None  # the status that told what it costs
    contact_wa_id: str | None
    contact_bsuid: str | None
    pricing: dict[str, Any] | None = None  # news of it
    steps: list[Step] = field(default_factory=list)  # each status it got, in their order

    def move(self, wamid: str, one: Told) -> bool:
        """Whether this status changes anything.

        sent < delivered < read < played; a failure beats what was only sent, never what arrived. A
        message in doubt that gets any status is in doubt no more.
        """
        moved = self.wamid is None
        self.wamid = wamid
        if one.pricing and _rank(one.status) > _rank(self.priced_by):
            self.priced_by = one.status
            self.pricing = {**one.pricing, "told_by": one.status}
            moved = True
        if not self._takes(one.status):
            return moved
        self.status, self.error_code, self.error_text = one.status, one.error_code, one.error_text
        self.steps.append(Step(self.pk, one.status, one.error_code))
        return True

    def columns(self) -> dict[str, Any]:
        """What the row takes over; no pricing leaves it as it is."""
        return {
            "id": self.pk,
            "wamid": self.wamid,
            "status": self.status,
            "error_code": self.error_code,
            "error_text": self.error_text,
            "pricing": self.pricing,
        }

    def _takes(self, status: str) -> bool:
        if status == Status.FAILED:
            return self.status != Status.FAILED and _rank(self.status) < RANK[Status.DELIVERED]
        if self.status == Status.FAILED:
            return status != Status.SENT
        return _rank(status) > _rank(self.status)


def _rank(status: str | None) -> int:
    return -1 if status is None else RANK.get(status, 0)


def by_wamid(wamids: Iterable[str]) -> dict[str, Standing]:
    """Our messages with these wamids, locked."""
    return {str(one.wamid): one for one in _find(BY_WAMID, sorted(wamids))}


def by_reference(references: Iterable[str]) -> dict[str, Standing]:
    """Our messages with these references (UUIDs as text), locked."""
    return {one.reference: one for one in _find(BY_REFERENCE, sorted(references))}


def _find(statement: str, values: list[str]) -> list[Standing]:
    if not values:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, [values])
        return [Standing(*row) for row in cursor.fetchall()]


def save(moved: Iterable[Standing]) -> None:
    """The rows are as `move` left them; open inboxes hear of it, and of a failure a person."""
    rows = sorted(moved, key=lambda one: one.pk)
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(UPDATE, {"rows": json.dumps([one.columns() for one in rows])})
    changes.record_many([(one.thread_id, one.pk) for one in rows])
    announcements.of_steps([step for one in rows for step in one.steps])
    failed = [one for one in rows if one.status == Status.FAILED]
    if failed:
        failures.not_delivered(Message.objects.filter(pk__in=[one.pk for one in failed]))
        _pause_what_cannot_send(failed)
    if stopped := [one.pk for one in failed if one.error_code == consent.STOPPED_CODE]:
        consent.heed_refusals(stopped)


def _pause_what_cannot_send(failed: Iterable[Standing]) -> None:
    """Meta tells some troubles of a number only here, after it took the message."""
    for one in failed:
        meaning = explain(one.error_code)
        if meaning.action == "fix_number":
            number = PhoneNumber.objects.get(threads=one.thread_id)
            pausing.pause(
                number.phone_number_id,
                meaning,
                reason=one.error_text or meaning.title,
                wait=pausing.AFTER_A_FAILURE,
            )
