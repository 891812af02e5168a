"""What the window allows and what the composer offers, decided here and only counted down by the
browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User

from conversations import takeover, window
from conversations.admin.inbox.access import REPLY, SUPERVISE, Visit
from conversations.admin.inbox.formatting import moment
from conversations.admin.numbers import is_paused
from conversations.models import Thread
from conversations.worklists import CLOSING_SOON


@dataclass(frozen=True)
class Window:
    """The banner over the conversation."""

    state: str  # open | closing | closed | never | blocked
    tone: str  # green | amber | grey | red
    text: str
    closes_at: datetime | None = None  # set where the browser may count down

    @property
    def is_open(self) -> bool:
        return self.state in ("open", "closing")


def window_of(thread: Thread, now: datetime) -> Window:
    """How long free text may be sent, in words."""
    if thread.contact.is_blocked:
        return Window("blocked", "grey", "This contact is blocked")
    closes_at = thread.window_closes_at
    if closes_at is None:
        return Window("never", "grey", "Customer has never written. Templates only")
    if not window.is_open(closes_at, now):
        ago = rough(now - closes_at)
        return Window("closed", "grey", f"24-hour window closed {ago} ago. Templates only")
    left = window.time_left(closes_at, now)
    text = f"Reply window closes in {exact(left)}"
    if left <= CLOSING_SOON:
        return Window("closing", "amber", text, closes_at)
    return Window("open", "green", text, closes_at)


def exact(left: timedelta) -> str:
    """ "21 h 04 min"; within the last two hours "1 h 18 min 05 s" and "18 min 58 s"."""
    seconds = int(left.total_seconds())
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    if left > CLOSING_SOON:
        return f"{hours} h {minutes:02} min"
    return (
        f"{hours} h {minutes:02} min {seconds:02} s" if hours else f"{minutes} min {seconds:02} s"
    )


def rough(span: timedelta) -> str:
    """ "3 hours", "1 day", "less than a minute"."""
    seconds = span.total_seconds()
    for length, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        number = int(seconds // length)
        if number:
            return f"{number} {name}{'s' if number > 1 else ''}"
    return "less than a minute"


def short(left: timedelta) -> str:
    """For the list: "21 h", "58 min"."""
    minutes = int(left.total_seconds() // 60)
    return f"{minutes // 60} h" if minutes >= 60 else f"{minutes} min"


@dataclass(frozen=True)
class Composer:
    """The foot of the conversation: what this person can do next."""

    kind: str  # read_only | closed | blocked | assistant | waiting | other | shut | open
    text: str = ""
    may_take: bool = False
    may_take_from: bool = False
    # What the page shows differs when this differs; the browser swaps the foot only then.
    key: str = ""

    @property
    def may_write(self) -> bool:
        return self.kind in ("open", "shut")


def composer_of(visit: Visit) -> Composer:
    """The foot for this person, the first reason that holds."""
    thread = visit.thread
    kind = _kind(visit)
    key = f"{kind}-{thread.assigned_to_id or 0}-{thread.mode}"
    takes = kind in ("assistant", "waiting")
    return Composer(
        kind,
        _text(kind, visit),
        may_take=takes,
        may_take_from=kind == "other" and visit.viewer.may(SUPERVISE),
        key=key,
    )


def _kind(visit: Visit) -> str:
    thread = visit.thread
    if not visit.viewer.may(REPLY):
        return "read_only"
    if thread.is_closed:
        return "closed"
    if thread.contact.is_blocked:
        return "blocked"
    if thread.mode == Thread.Mode.BOT:
        return "assistant"
    if thread.mode == Thread.Mode.WAITING or thread.assigned_to_id is None:
        return "waiting"
    if thread.assigned_to_id != visit.user.pk:
        return "other"
    return "open" if window_of(thread, visit.now).is_open else "shut"


def _text(kind: str, visit: Visit) -> str:
    return {
        "read_only": "You may read this conversation, not answer it.",
        "closed": "This conversation is closed. It opens again when the customer writes.",
        "blocked": "This contact is blocked. Nothing can be sent.",
        "assistant": "The assistant is answering this conversation.",
        "waiting": "This customer is waiting for a person.",
        "other": f"{name_of(visit.thread.assigned_to)} is handling this.",
        "shut": (
            "Only an approved template can be sent now."
            if visit.thread.window_closes_at
            else "This customer has never written: only an approved template can be sent."
        ),
    }.get(kind, "")


def name_of(user: User | None) -> str:
    """How colleagues call each other: the first name, else the login."""
    return (user.get_short_name() or user.get_username()) if user else "Somebody"


def who_answers(visit: Visit) -> str:
    """The words under the name: "Assistant", "Needs a person", "You", "Kim"."""
    thread = visit.thread
    if thread.is_closed:
        return "Closed"
    if thread.mode == Thread.Mode.WAITING and thread.assigned_group:
        return f"{thread.get_mode_display()}: {thread.assigned_group.name}"
    if thread.mode != Thread.Mode.STAFF:
        return thread.get_mode_display()
    return "You" if thread.assigned_to_id == visit.user.pk else name_of(thread.assigned_to)


def returns(visit: Visit) -> str:
    """ "The assistant takes over at 21:30", or "" where it will not by itself."""
    last_sign_at = getattr(visit.thread, "last_sign_at", None)
    at = takeover.returns_at(visit.thread, last_sign_at)
    if at is None:
        return ""
    words = moment(max(at, visit.now))
    return f"The assistant takes over {words if ' ' in words else f'at {words}'}"


def is_paused_number(thread: Thread) -> bool:
    """Whether what is sent now waits, because the number has a problem."""
    return is_paused(thread.phone_number)
