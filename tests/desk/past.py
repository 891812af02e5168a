"""What happened in a thread at certain times, written down as if it had happened then."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from conversations.models import Message, Thread, ThreadEvent
from tests.factories import a_thread, an_inbound, an_outbound

ZONE = ZoneInfo("Africa/Johannesburg")
DAY = datetime(2026, 3, 10, tzinfo=ZONE)


def at(clock: str, *, days: int = 0) -> datetime:
    """10 March 2026 at "09:30" or "09:30:15", or some days later."""
    parts = [int(part) for part in clock.split(":")]
    hours, minutes, seconds = [*parts, 0][:3]
    return DAY + timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


@dataclass
class Past:
    """One thread; each method is something that happened in it at a time, in that order."""

    thread: Thread = field(default_factory=a_thread)

    def asked(self, when: datetime, **fields: Any) -> Message:
        return an_inbound(self.thread, "Where is it?", sent_at=when, **fields)

    def answered(
        self, when: datetime, origin: str = "staff", *, status: str = "read", **fields: Any
    ) -> Message:
        return an_outbound(
            self.thread, sent_at=when, origin=origin, status=Message.Status(status), **fields
        )

    def happened(self, when: datetime, kind: str, reason: str = "") -> None:
        ThreadEvent.objects.create(thread=self.thread, kind=kind, reason=reason, at=when)

    def promised(self, when: datetime, reason: str = "Asked for a person.") -> None:
        """The assistant says that a colleague will answer, and hands over."""
        self.answered(when, "assistant")
        self.happened(when + timedelta(milliseconds=20), "handed_over", reason)
