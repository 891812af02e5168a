"""What becomes of a message after it was accepted: sent, delivered, read, played, or failed."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from simulator import events, packing, world
from simulator.graph import errors
from simulator.models import Chat, Event, Message
from simulator.switches import Switches
from simulator.wakeup import wake

Status = Message.Status
LOOK_AT_ONCE = 500
HELD = "held"


def advance(now: datetime) -> int:
    """Every message whose next status is due has it, and its webhook is put down; how many."""
    due = list(
        Message.objects.select_related("number", "chat__customer")
        .filter(next_status_at__lte=now, link_at_stake=False)
        .order_by("next_status_at", "id")[:LOOK_AT_ONCE]
    )
    if due:
        _take_the_step(due, now)
    return len(due)


def seen(chat: Chat, now: datetime | None = None) -> int:
    """The customer has looked at the chat: what was delivered is read; how many messages."""
    moment = now or timezone.now()
    shown = [Status.DELIVERED, Status.READ, Status.PLAYED]
    if world.switches().drop_delivered:
        shown.append(Status.SENT)
    messages = chat.messages.filter(direction="out", status__in=shown)
    newest = messages.order_by("-id").values_list("id", flat=True).first() or 0
    if newest <= chat.seen_message_id:
        return 0
    fresh = messages.filter(id__gt=chat.seen_message_id).exclude(type="reaction")
    Chat.objects.filter(pk=chat.pk).update(seen_message_id=newest, changed_at=moment)
    if not chat.customer.sends_read_receipts:
        return 0
    marked = fresh.filter(status__in=[Status.DELIVERED, Status.SENT]).update(
        next_status=Status.READ, next_status_at=moment, changed_at=moment
    )
    wake()
    return marked


def play(message: Message) -> None:
    """The customer has listened to it; told of voice notes only, and only the first time."""
    if not message.content.get("voice"):
        return
    Message.objects.filter(pk=message.pk, status__in=[Status.DELIVERED, Status.READ]).update(
        next_status=Status.PLAYED, next_status_at=timezone.now()
    )
    wake()


def phone_is_on(chat_ids: list[int]) -> None:
    """What waited at Meta for the phone is delivered now."""
    Message.objects.filter(
        chat_id__in=chat_ids, direction="out", status=Status.SENT, next_status_at__isnull=True
    ).exclude(type="reaction").update(next_status=Status.DELIVERED, next_status_at=timezone.now())
    wake()


def marked_as_read(chat: Chat, upto: Message) -> None:
    """The business has read this message and all earlier ones: blue ticks for the customer."""
    chat.messages.filter(direction="in", sent_at__lte=upto.sent_at).exclude(
        status=Status.READ
    ).update(status=Status.READ, changed_at=timezone.now())


@transaction.atomic
def _take_the_step(due: list[Message], now: datetime) -> None:
    switches = world.switches()
    told: list[Event] = []
    groups: dict[tuple[str, str, int], list[int]] = defaultdict(list)
    for message in due:
        event = None if message.next_status == HELD else _event_of(message)
        told += [event] if event else []
        following, after_ms = _following(message, switches)
        groups[message.next_status, following, after_ms].append(message.pk)
    packing.take(told, now)
    for (name, following, after_ms), ids in groups.items():
        Message.objects.filter(id__in=ids).update(
            **({} if name == HELD else {"status": name}),
            next_status=following,
            next_status_at=now + timedelta(milliseconds=after_ms) if following else None,
            changed_at=now,
        )


def _event_of(message: Message) -> Event | None:
    if message.next_status != Status.FAILED:
        return events.status_event(message, message.next_status)
    problem = errors.in_webhook(message.fails_with or 131000, message.fails_because)
    return events.status_event(message, Status.FAILED, errors=[problem])


def _following(message: Message, switches: Switches) -> tuple[str, int]:
    """The status after the one that is now taken, and in how many milliseconds; "": none."""
    customer = message.chat.customer if message.chat else None
    if message.next_status == HELD:
        return (Status.FAILED if message.fails_with else Status.SENT), 0
    if message.next_status == Status.SENT and message.type != "reaction":
        waits = switches.drop_delivered or customer is None or customer.phone_is_off
        return ("", 0) if waits else (Status.DELIVERED, switches.delivered_after_ms)
    if message.next_status == Status.DELIVERED and switches.auto_read:
        reads = customer is not None and customer.sends_read_receipts
        return (Status.READ, switches.read_after_ms) if reads else ("", 0)
    return "", 0
