"""Writes one conversation of the demo, line by line, as if it had happened.

The scripts come in. These rows are history, not sending: they pass by the gate on purpose, are
written straight into the table, and none of them is ever QUEUED.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import User

from conversations import consent, window
from conversations.assistant import intents
from conversations.models import Contact, Message, Thread, ThreadEvent
from conversations.whatsapp.content import Content, Template, TemplateShape, Text
from conversations.whatsapp.events.kinds import read_said
from waconsole.demo_data import templates

Status = Message.Status
Origin = Message.Origin
Mode = Thread.Mode

PREVIEW_LENGTH = 200
WAMID_PREFIX = "wamid.DEMO"
WITHOUT_WAMID = (Status.UNCONFIRMED,)


class OutOfOrder(ValueError):
    """A script lets something happen before what came earlier, after now, or out of the window."""


class Chat:
    """The thread as it grows. Every line advances the time by `wait` seconds."""

    def __init__(self, thread: Thread, *, now: datetime, staff: Mapping[str, User]) -> None:
        self.thread = thread
        self.messages: list[Message] = []
        self.events: list[ThreadEvent] = []
        self._stop_words: list[Message] = []
        self._now = now
        self._time = datetime.min.replace(tzinfo=now.tzinfo)
        self._staff = staff
        self._zone = ZoneInfo(settings.BUSINESS_TIME_ZONE)

    @property
    def contact(self) -> Contact:
        return self.thread.contact

    @property
    def today(self) -> date:
        """The day of the newest line, where the business is."""
        return self._time.astimezone(self._zone).date()

    def minutes_ago(self, minutes: float) -> None:
        """The next line is so long ago."""
        self._go_on_at(self._now - timedelta(minutes=minutes))

    def days_ago(self, days: int, time: str) -> None:
        """The next line is on that day at that time ("16:42") of the business's own zone."""
        hour, minute = (int(part) for part in time.split(":"))
        day = self._now.astimezone(self._zone) - timedelta(days=days)
        self._go_on_at(day.replace(hour=hour, minute=minute, second=11, microsecond=0))

    def customer(self, text: str, *, wait: float = 35) -> Message:
        """The customer types."""
        return self._inbound({"type": "text", "text": {"body": text}}, wait)

    def tap(self, button_id: str, title: str, *, wait: float = 9) -> Message:
        """The customer taps a button under a message."""
        reply = {"type": "button_reply", "button_reply": {"id": button_id, "title": title}}
        return self._inbound({"type": "interactive", "interactive": reply}, wait)

    def pick(self, row_id: str, title: str, *, wait: float = 12) -> Message:
        """The customer chooses a row of the menu."""
        reply = {"type": "list_reply", "list_reply": {"id": row_id, "title": title}}
        return self._inbound({"type": "interactive", "interactive": reply}, wait)

    def quick_reply(self, title: str, *, wait: float = 300) -> Message:
        """The customer taps a button of a template."""
        button = {"type": "button", "button": {"payload": title, "text": title}}
        return self._inbound(button, wait)

    def file(self, kind: str, *, wait: float = 60, **fields: Any) -> Message:
        """The customer sends a picture, a voice note, ...; `fields` as Meta has them."""
        return self._inbound({"type": kind, kind: {"id": _digits(), **fields}}, wait)

    def assistant(
        self,
        content: Content | str,
        *,
        route: str,
        wait: float = 4,
        status: Status = Status.READ,
        error_text: str = "",
    ) -> None:
        """The assistant answers the newest message of the customer."""
        question = next(row for row in reversed(self.messages) if row.direction == "in")
        fields = {"in_reply_to": question, "trace": {"route": route}, "error_text": error_text}
        self._outbound(content, Origin.ASSISTANT, wait, status, **fields)

    def staff(
        self,
        username: str,
        content: Content | str,
        *,
        wait: float = 70,
        status: Status = Status.READ,
        **fields: Any,
    ) -> None:
        """A colleague writes."""
        by = self._staff[username]
        self._outbound(content, Origin.STAFF, wait, status, sent_by=by, **fields)

    def system(self, content: Template, *, wait: float = 0, status: Status = Status.READ) -> None:
        """Another system (shop, accounts) sends a template through the API."""
        self._outbound(content, Origin.API, wait, status)

    def event(
        self, kind: ThreadEvent.Kind, *, by: str = "", reason: str = "", wait: float = 1
    ) -> None:
        """A line of the history that staff read."""
        at = self._later(wait)
        who = self._staff[by] if by else None
        self.events.append(ThreadEvent(thread=self.thread, kind=kind, by=who, reason=reason, at=at))

    def hand_over(self, reason: str) -> None:
        """The assistant gives the thread away; from now on it waits."""
        self.event(ThreadEvent.Kind.HANDED_OVER, reason=reason)
        self.thread.mode = Mode.WAITING
        self.thread.waiting_since = self._time

    def take(self, username: str, *, wait: float = 180) -> None:
        """A colleague takes the thread."""
        self.event(ThreadEvent.Kind.TAKEN, by=username, wait=wait)
        self.thread.mode = Mode.STAFF
        self.thread.waiting_since = None
        self.thread.assigned_to = self._staff[username]

    def withdraw(self, word: Message) -> None:
        """With this word the customer wants no more messages from us."""
        self._stop_words.append(word)

    def release(self, username: str) -> None:
        """Back to the assistant."""
        self.event(ThreadEvent.Kind.RELEASED, by=username, wait=30)
        self._back_to_assistant()

    def close(self, username: str) -> None:
        """Done, and back to the assistant."""
        self.event(ThreadEvent.Kind.CLOSED, by=username, wait=120)
        self._back_to_assistant()
        self.thread.is_closed = True

    def save(self) -> None:
        """The lines are rows, in their order: answers name their questions, so one at a time."""
        for message in self.messages:
            message.save(force_insert=True)
        ThreadEvent.objects.bulk_create(self.events)
        for word in self._stop_words:
            purposes = (consent.Purpose.MARKETING, consent.Purpose.SERVICE)
            source = "the customer's word"
            consent.withdraw(self.contact, purposes, at=word.sent_at, source=source, message=word)
        newest = self.messages[-1]
        self.thread.last_message_at = newest.sent_at
        self.thread.preview = newest.text[:PREVIEW_LENGTH]
        self.thread.save()

    def _back_to_assistant(self) -> None:
        self.thread.mode = Mode.BOT
        self.thread.waiting_since = None
        self.thread.assigned_to = None

    def _inbound(self, wire: dict[str, Any], wait: float) -> Message:
        said = read_said(wire)
        guess = intents.classify(said.text) if said.kind == "text" else None
        message = Message(
            thread=self.thread,
            direction=Message.Direction.IN,
            origin=Origin.CUSTOMER,
            status=Status.RECEIVED,
            kind=said.kind,
            text=said.text,
            content=said.content,
            wamid=_wamid(),
            intent=guess.intent.value if guess else "",
            intent_confidence=guess.confidence if guess else None,
            sent_at=self._later(wait),
        )
        self.thread.last_inbound_at = message.sent_at
        self.thread.window_closes_at = message.sent_at + window.LENGTH
        self.thread.unread_count += 1
        self.messages.append(message)
        return message

    def _outbound(
        self, content: Content | str, origin: Origin, wait: float, status: Status, **fields: Any
    ) -> None:
        content = Text(content) if isinstance(content, str) else content
        at = self._later(wait)
        if not isinstance(content, Template) and not window.is_open(
            self.thread.window_closes_at, at
        ):
            raise OutOfOrder(f"{self.contact}: free text at {at} without an open window")
        is_known = status not in WITHOUT_WAMID
        self.thread.unread_count = 0
        self.messages.append(
            Message(
                thread=self.thread,
                direction=Message.Direction.OUT,
                origin=origin,
                status=status,
                kind=content.kind,
                text=_words(content),
                content=content.to_wire(),
                wamid=_wamid() if is_known else None,
                sent_at=at,
                queued_at=at,
                claimed_at=at,
                accepted_at=at if is_known else None,
                attempts=1,
                window_closes_at=self.thread.window_closes_at,
                **fields,
            )
        )

    def _later(self, seconds: float) -> datetime:
        self._go_on_at(self._time + timedelta(seconds=seconds))
        return self._time

    def _go_on_at(self, time: datetime) -> None:
        if not self._time <= time <= self._now:
            raise OutOfOrder(f"{self.contact}: {time} is before {self._time} or in the future")
        self._time = time


def _words(content: Content) -> str:
    if not isinstance(content, Template):
        return content.text_for_people()
    _, _, components = templates.TEMPLATES[content.name]
    return TemplateShape.from_components(components).text_of(content)


def _wamid() -> str:
    return f"{WAMID_PREFIX}{uuid.uuid4().hex.upper()}"


def _digits() -> str:
    return str(uuid.uuid4().int)[:16]
