"""What time it is in the simulated world; jumping takes the console's clock along."""

from datetime import datetime, timedelta

import requests
from django.db.models import F
from django.utils import timezone

from simulator import configuration, world
from simulator.models import Event, Message, Webhook

TELL_SECONDS = 3


def now() -> datetime:
    """The simulated time, aware, in UTC."""
    return timezone.now() + timedelta(seconds=world.current().offset_seconds)


def unix(moment: datetime) -> str:
    """As Meta writes times: Unix seconds in a string."""
    return str(int(moment.timestamp()))


def jump(*, seconds: float = 0, to_offset: float | None = None) -> float:
    """The clock stands `seconds` further, or `to_offset` ahead of the real one; the new offset.

    What waits for its time comes that much sooner: statuses, delays, repeated webhooks.
    """
    before = world.current().offset_seconds
    offset = before + seconds if to_offset is None else to_offset
    world.set_offset(offset)
    _bring_forward(timedelta(seconds=offset - before))
    return offset


def _bring_forward(by: timedelta) -> None:
    if by <= timedelta():
        return
    Message.objects.filter(next_status_at__isnull=False).update(
        next_status_at=F("next_status_at") - by
    )
    Event.objects.update(due_at=F("due_at") - by)
    Webhook.objects.filter(next_at__isnull=False).update(next_at=F("next_at") - by)


def tell_console() -> str:
    """Post the offset to the console's clock; `ok`, or why it did not take it.

    The simulated clock has jumped either way: a program without such a door is served too.
    """
    told = configuration.current()
    if not told.console_clock_url:
        return "no console clock is configured"
    with requests.Session() as session:
        session.trust_env = False
        try:
            answer = session.post(
                told.console_clock_url,
                json={"offset_seconds": world.current().offset_seconds},
                headers={"Authorization": f"Bearer {told.console_clock_token}"},
                timeout=TELL_SECONDS,
            )
        except requests.RequestException as problem:
            return f"not reached: {type(problem).__name__}"
    return "ok" if answer.ok else f"refused with HTTP {answer.status_code}"
