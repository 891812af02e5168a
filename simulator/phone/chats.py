"""What the phone page asks for: the list of customers, and one chat with what changed in it."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Q
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


def listing(number: Number) -> list[dict[str, Any]]:
    """Every customer, those who spoke last first, then by name."""
    chats = {chat.customer_id: chat for chat in Chat.objects.filter(number=number)}
    newest = _newest(number)
    unread = _unread(number)
    rows = [
        _row(customer, chats.get(customer.pk), newest, unread)
        for customer in Customer.objects.order_by("id")[: SHOWN_CHATS * 5]
    ]
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


def _newest(number: Number) -> dict[int, Message]:
    visible = Q(direction="in") | Q(status__in=bubbles.ON_THE_PHONE)
    ids = (
        Message.objects.filter(visible, number=number, chat__isnull=False)
        .values("chat_id")
        .annotate(newest=Max("id"))
        .values_list("newest", flat=True)
    )
    return {one.chat_id: one for one in Message.objects.filter(id__in=list(ids)) if one.chat_id}


def _unread(number: Number) -> dict[int, int]:
    rows = (
        Message.objects.filter(number=number, direction="out", status__in=bubbles.ON_THE_PHONE)
        .filter(id__gt=F("chat__seen_message_id"))
        .values_list("chat_id")
        .annotate(Count("id"))
    )
    return {chat_id: unread for chat_id, unread in rows if chat_id}


def _row(
    customer: Customer, chat: Chat | None, newest: dict[int, Message], unread: dict[int, int]
) -> dict[str, Any]:
    message = newest.get(chat.pk) if chat else None
    typing = chat is not None and chat.typing_until is not None
    return {
        "wa_id": customer.wa_id,
        "name": customer.name,
        "preview": bubbles.preview(message) if message else "",
        "direction": message.direction if message else "",
        "type": message.type if message else "",
        "status": message.status if message else "",
        "at": message.sent_at.isoformat() if message else "",
        "unread": unread.get(chat.pk, 0) if chat else 0,
        "typing": bool(
            typing and chat and chat.typing_until and chat.typing_until > timezone.now()
        ),
        "off": customer.phone_is_off,
        "order": (message.pk if message else 0, -customer.pk),
    }


def _window(chat: Chat) -> str:
    last: datetime | None = chat.last_inbound_at
    return (last + timedelta(hours=24)).isoformat() if last else ""
