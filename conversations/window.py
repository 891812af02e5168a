"""The 24-hour rule, as pure functions on datetimes.

A customer's message opens a session window of 24 hours for free-form answers; outside it only
approved templates may be sent. Source: Cloud API, customer service windows.
"""

from datetime import datetime, timedelta

LENGTH = timedelta(hours=24)
# A phone's clock may be ahead; a message from the far future would keep a window open for ever.
FUTURE_TOLERANCE = timedelta(minutes=5)
# Meta's clock decides, so what is about to be posted keeps a distance from the edge.
DELIVERY_MARGIN = timedelta(seconds=60)


def message_time(sent_at: datetime, now: datetime) -> datetime:
    """The time a message counts from: its own, or now where that is over 5 minutes ahead."""
    return now if sent_at > now + FUTURE_TOLERANCE else sent_at


def closes_at(old: datetime | None, sent_at: datetime, now: datetime) -> datetime:
    """When the window closes after a message of `sent_at`; it is never shortened."""
    new = message_time(sent_at, now) + LENGTH
    return max(old, new) if old else new


def is_open(
    window_closes_at: datetime | None, now: datetime, *, margin: timedelta = timedelta()
) -> bool:
    """Whether free-form content may be sent now, with `margin` left over."""
    return window_closes_at is not None and now + margin < window_closes_at


def time_left(window_closes_at: datetime | None, now: datetime) -> timedelta:
    """How long the window stays open; nothing when it is shut or never was open."""
    return max(window_closes_at - now, timedelta()) if window_closes_at else timedelta()
