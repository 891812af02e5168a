"""Read marks: towards our staff (the unread count) and the customer (blue ticks, typing)."""

import logging
from functools import partial

from django.contrib.auth.models import User
from django.db import transaction
from django_q.tasks import async_task

from conversations import changes, connection
from conversations.models import Message, Thread
from conversations.whatsapp.errors import WhatsAppError

logger = logging.getLogger(__name__)

# An answer waits for this courtesy, and its lease outlasts both: this, and the assistant's 20 s.
PATIENCE_SECONDS = (3.05, 4.0)


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
        if thread.mode != Thread.Mode.BOT and by.has_perm("conversations.reply_thread"):
            transaction.on_commit(partial(async_task, "conversations.jobs.mark_read", thread.pk))


def mark_read(thread_id: int, *, typing: bool = False) -> bool:
    """The newest inbound message, and with it all before, is marked as read; False when not.

    Twice is harmless. A failure is no reason to hold anything up: the next mark covers it.
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
    number = newest.thread.phone_number.phone_number_id
    api = connection.api(number, timeout=PATIENCE_SECONDS)
    try:
        api.mark_read(newest.wamid, typing=typing)
    except WhatsAppError as error:
        logger.info("thread=%s not marked as read: code=%s", thread_id, error.code)
        return False
    return True
