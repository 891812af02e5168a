"""Raising and ending notices: what staff must look at, once each however often it is seen."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q
from django.db.models.functions import Now

from conversations import clock
from conversations.models import Notice, Thread

Level = Notice.Level

# A customer who was promised a person waits this long before somebody is alarmed.
WAITING_AT_MOST = timedelta(minutes=15)


def raise_notice(
    key: str,
    *,
    level: Notice.Level,
    text: str,
    what_to_do: str = "",
    thread: Thread | None = None,
) -> None:
    """There is one open notice with this key, and it says this. Twice: nothing more happens."""
    said: dict[str, Any] = {"level": level, "text": text[:300], "what_to_do": what_to_do[:300]}
    Notice.objects.bulk_create([Notice(key=key, thread=thread, **said)], ignore_conflicts=True)
    Notice.objects.filter(key=key, ended_at=None).exclude(**said).update(**said)


def end(key: str, *, by: User | None = None) -> None:
    """What the key is about is over."""
    Notice.objects.filter(key=key, ended_at=None).update(ended_at=Now(), ended_by=by)


def watch_the_waiting() -> None:
    """A notice for each thread that waits too long for a person; ended when somebody has it."""
    waits = Q(thread__mode=Thread.Mode.WAITING)
    Notice.objects.filter(~waits, key__startswith="waiting:", ended_at=None).update(ended_at=Now())
    # What was put aside on purpose waits for nobody.
    late = Thread.objects.filter(
        mode=Thread.Mode.WAITING,
        waiting_since__lt=clock.now() - WAITING_AT_MOST,
        snoozed_until=None,
    ).exclude(notices__in=Notice.objects.filter(key__startswith="waiting:", ended_at=None))
    for thread in late:
        raise_notice(
            f"waiting:{thread.pk}",
            level=Level.WARNING,
            text="A customer has waited over 15 minutes for a person.",
            what_to_do="Open the conversation and take it over.",
            thread=thread,
        )
