"""What time it is for the business rules: the window, the day of a bubble, what is overdue.

With DEBUG on it can be moved ahead, for every process at once, so that a window shuts while one
watches. Leases, slots, retries and logins never ask here: they keep the database's real time.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from conversations.models import ClockOffset


def now() -> datetime:
    """The business's present moment, aware, in UTC."""
    return timezone.now() + offset()


def today() -> date:
    """The business's day, in its own time zone."""
    return now().astimezone(ZoneInfo(settings.BUSINESS_TIME_ZONE)).date()


def offset() -> timedelta:
    """How far the clock was moved; always nothing with DEBUG off."""
    if not settings.DEBUG:
        return timedelta()
    seconds = ClockOffset.objects.values_list("offset_seconds", flat=True).first()
    return timedelta(seconds=seconds or 0)


def set_offset(seconds: int) -> None:
    """Every process now reads a clock that is `seconds` ahead of real time."""
    ClockOffset.objects.update_or_create(id=1, defaults={"offset_seconds": seconds})
