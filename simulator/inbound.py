"""A customer writes: the message is on the phone, the window is open, the webhook is put down."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from simulator import clock, events, ids
from simulator.models import Chat, Message
from simulator.speech import Said

# Cloud API, customer service windows: only a message or a call opens one.
OPENS_NO_WINDOW = ("reaction", "system", "request_welcome", "edit", "revoke")


@transaction.atomic
def write(chat: Chat, said: Said, *, at: datetime | None = None, is_told: bool = True) -> Message:
    """The customer has said this, at simulated `at` or now.

    `is_told=False` leaves the console out of it: a history that both sides already know.
    Somebody whom the business has blocked is never told of. Twice: says it twice.
    """
    message = _keep(chat, said, at or clock.now(), Message.Direction.IN, Message.Status.SENT)
    if is_told and chat.blocked_at is None:
        events.tell_message(message)
    return message


@transaction.atomic
def remember(chat: Chat, said: Said, *, at: datetime | None, is_ours: bool) -> Message:
    """Somebody said this long ago, and both sides know it: it is kept, read, and told to nobody."""
    direction = Message.Direction.OUT if is_ours else Message.Direction.IN
    message = _keep(chat, said, at or clock.now(), direction, Message.Status.READ)
    if is_ours:
        Chat.objects.filter(pk=chat.pk).update(seen_message_id=message.pk)
    return message


def _keep(chat: Chat, said: Said, moment: datetime, direction: str, status: str) -> Message:
    message = Message.objects.create(
        number=chat.number,
        chat=chat,
        direction=direction,
        wamid=said.wamid or ids.wamid(),
        type=said.type,
        content=said.content,
        context=said.context,
        beside=said.beside or None,
        media=said.media,
        status=status,
        sent_at=moment,
    )
    if direction == Message.Direction.IN and said.type not in OPENS_NO_WINDOW:
        _open_window(chat, moment)
    return message


def _open_window(chat: Chat, moment: datetime) -> None:
    newest = max(moment, chat.last_inbound_at or moment)
    chat.last_inbound_at = newest
    Chat.objects.filter(pk=chat.pk).update(last_inbound_at=newest, changed_at=timezone.now())
