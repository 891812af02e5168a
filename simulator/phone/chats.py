"""What the phone page asks for: the list of customers, and one chat with what changed in it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from simulator import clock, world
from simulator.models import Chat, Customer, Message, Number
from simulator.phone import bubbles

# Rows are stamped before they are committed: what was stamped shortly before the last look may
# have become visible after it.
OVERLAP = timedelta(seconds=2)
SHOWN_MESSAGES = 200
SHOWN_CHATS = 200
UNREAD_COUNTED = 100


def listing(number: Number) -> list[dict[str, Any]]:
    """Every customer, those who spoke last first, then in the order they were added."""
    chats = list(_chats(number))
    newest = Message.objects.in_bulk([chat.newest_id for chat in chats if chat.newest_id])
    rows = [_row(chat.customer, chat, newest.get(chat.newest_id)) for chat in chats]
    rows += [_row(customer) for customer in _silent(number)]
    rows.sort(key=lambda row: row["order"], reverse=True)
    return rows[:SHOWN_CHATS]


def conversation(chat: Chat, after: str = "") -> dict[str, Any]:
    """The chat's messages that changed since `after` (an earlier `cursor`), reactions, typing."""
    cursor = timezone.now()
    messages = list(chat.messages.select_related("media").order_by("-id")[:SHOWN_MESSAGES])
    since = parse_datetime(after) if after else None
    changed = [one for one in messages if since is None or one.changed_at > since - OVERLAP]
    others = {one.wamid: one for one in messages}
    return {
        "id": chat.pk,
        "cursor": cursor.isoformat(),
        "messages": [
            bubbles.bubble(one, others)
            for one in reversed(changed)
            if bubbles.is_on_the_phone(one) and one.type != "reaction"
        ],
        "reactions": reactions(messages),
        "typing": chat.typing_until is not None and chat.typing_until > cursor,
        "blocked": chat.blocked_at is not None,
        "window_closes_at": _window(chat),
    }


def reactions(messages: list[Message]) -> dict[str, list[str]]:
    """`{wamid: [emoji, ...]}`: the newest of each side counts, an empty one takes it back."""
    latest: dict[tuple[str, str], str] = {}
    for message in reversed(messages):
        if message.type == "reaction" and message.status != Message.Status.FAILED:
            target = str(message.content.get("message_id"))
            latest[target, message.direction] = str(message.content.get("emoji") or "")
    shown: dict[str, list[str]] = {}
    for (target, _), emoji in latest.items():
        if emoji:
            shown.setdefault(target, []).append(emoji)
    return shown


def about_world(number: Number) -> dict[str, Any]:
    """The simulated time, and what is switched away from a good day."""
    return {
        "now": clock.now().isoformat(),
        "offset_seconds": world.current().offset_seconds,
        "switched": world.switches().not_default(),
        "business": number.verified_name,
    }


def _chats(number: Number) -> Iterable[Any]:
    """The chats with the id of their newest message and the ids of some unread ones.

    Each is looked up by its chat's index: a count over all messages would take the page longer
    with each load test.
    """
    visible = Q(direction="in") | Q(status__in=bubbles.ON_THE_PHONE)
    ours = Message.objects.filter(chat=OuterRef("pk")).order_by("-id").values("id")
    unseen = ours.filter(direction="out", status__in=bubbles.ON_THE_PHONE)
    return (
        Chat.objects.filter(number=number)
        .select_related("customer")
        .annotate(newest_id=Subquery(ours.filter(visible)[:1]))
        .annotate(
            unread=ArraySubquery(unseen.filter(id__gt=OuterRef("seen_message_id"))[:UNREAD_COUNTED])
        )
    )


def _silent(number: Number) -> Iterable[Customer]:
    spoken = Chat.objects.filter(number=number, customer=OuterRef("pk"))
    return Customer.objects.filter(~Exists(spoken)).order_by("id")[:SHOWN_CHATS]


def _row(
    customer: Customer, chat: Any | None = None, message: Message | None = None
) -> dict[str, Any]:
    typing = chat is not None and chat.typing_until is not None
    return {
        "wa_id": customer.wa_id,
        "name": customer.name,
        "preview": bubbles.preview(message) if message else "",
        "direction": message.direction if message else "",
        "type": message.type if message else "",
        "status": message.status if message else "",
        "at": message.sent_at.isoformat() if message else "",
        "unread": len(chat.unread) if chat else 0,
        "typing": bool(typing and chat and chat.typing_until > timezone.now()),
        "off": customer.phone_is_off,
        "order": (message.sent_at.timestamp() if message else 0, -customer.pk),
    }


def _window(chat: Chat) -> str:
    last: datetime | None = chat.last_inbound_at
    return (last + timedelta(hours=24)).isoformat() if last else ""
