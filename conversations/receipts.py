"""Read marks: towards our staff (the unread count) and the customer (blue ticks, typing).

What the customer is to be shown stands in the thread (`read_mark_due_at`) until Meta has it.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now

from conversations import changes, connection, wakes
from conversations.models import Message, Thread
from conversations.whatsapp.errors import WhatsAppError

logger = logging.getLogger(__name__)

# An answer waits for this courtesy, and its lease outlasts both: this, and the assistant's 20 s.
PATIENCE_SECONDS = (3.05, 4.0)
# Meta was not to be had: the mark is made after this.
AGAIN_AFTER = timedelta(minutes=1)


def opened(thread: Thread, *, by: User) -> None:
    """A person sees the thread: nothing in it is unread.

    The customer sees blue ticks where that person may answer and the assistant has not read it
    already. Twice: nothing more happens.
    """
    with transaction.atomic():
        rows = Thread.objects.filter(pk=thread.pk, unread_count__gt=0)
        if not rows.update(unread_count=0):
            return
        changes.record(thread.pk)
        if by.has_perm("conversations.reply_thread"):
            people = Thread.objects.filter(pk=thread.pk).exclude(mode=Thread.Mode.BOT)
            people.update(read_mark_due_at=Now())


def wake_due(most: int, call: Callable[[int], object]) -> list[int]:
    """Call for each thread whose customer is to be shown that we have read it, see `wakes`."""
    return wakes.wake(Thread.objects.all(), "read_mark", most, call)


def show_read(thread_id: int) -> bool:
    """As `mark_read`, where that is due; False where it is not, or not any more."""
    is_due = Thread.objects.filter(pk=thread_id, read_mark_due_at__isnull=False).exists()
    return is_due and mark_read(thread_id)


def mark_read(thread_id: int, *, typing: bool = False) -> bool:
    """The newest inbound message, and with it all before, is marked as read; False when not.

    Twice is harmless. A failure holds nothing up: where a mark is due, it stays due until Meta has
    taken it, or has refused it for good.
    """
    newest = (
        Message.objects.filter(thread_id=thread_id, direction=Message.Direction.IN)
        .exclude(wamid=None)
        .select_related("thread__phone_number")
        .order_by("-id")
        .first()
    )
    if newest is None or newest.wamid is None:
        return False
    thread, number = newest.thread, newest.thread.phone_number.phone_number_id
    api = connection.api(number, timeout=PATIENCE_SECONDS)
    try:
        api.mark_read(newest.wamid, typing=typing)
    except WhatsAppError as error:
        logger.info("thread=%s not marked as read: code=%s", thread_id, error.code)
        _settle(thread, again=AGAIN_AFTER if error.retryable else None)
        return False
    _settle(thread)
    return True


def _settle(thread: Thread, *, again: timedelta | None = None) -> None:
    if thread.read_mark_due_at:
        rows = Thread.objects.filter(pk=thread.pk)
        wakes.settle(rows, "read_mark", thread.read_mark_due_at, again=again)
