"""Messages that may or may not have arrived: found, shown to staff, settled by them or by Meta."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now

from conversations import announcements, changes
from conversations.delivery import recording
from conversations.models import Message

Status = Message.Status

# Above every time-out of a POST: who claimed it that long ago is dead.
DEAD_AFTER = timedelta(seconds=60)
DIED_TEXT = "The sending process ended before WhatsApp's answer was written down."


def give_up_on_the_dead() -> int:
    """What was claimed by a process that died is UNCONFIRMED; return how many were found."""
    with transaction.atomic():
        dead = list(
            Message.objects.select_for_update(skip_locked=True)
            .filter(status=Status.SENDING, wamid=None, claimed_at__lt=Now() - DEAD_AFTER)
            .order_by("pk")
            .values_list("pk", "thread_id")
        )
        if dead:
            ids = [pk for pk, _ in dead]
            recording.end(ids, status=Status.UNCONFIRMED, code=None, text=DIED_TEXT)
            changes.record_many([(thread_id, pk) for pk, thread_id in dead])
    return len(dead)


def confirm_arrival(message: Message, *, by: User) -> bool:
    """A person says that it arrived: SENT. False if the message is in doubt no more."""
    with transaction.atomic():
        rows = Message.objects.filter(pk=message.pk, status=Status.UNCONFIRMED)
        settled = rows.update(
            status=Status.SENT, error_text=f"{by.get_username()} says that it arrived."
        )
        if settled:
            changes.record(message.thread_id, message.pk)
            announcements.of_messages([message.pk])
    return bool(settled)
