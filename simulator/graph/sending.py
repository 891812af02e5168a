"""Sending one message: the checks in Meta's order, then the row, then the 200.

A 200 is not a delivery: what becomes of the message is decided here and happens later (outcomes).
"""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from simulator import clock, ids, rows
from simulator.graph import pricing
from simulator.graph.call import Call
from simulator.graph.checks import content, envelope, interactive, limits, recipient, template
from simulator.graph.fate import fate_of
from simulator.graph.order import Order
from simulator.models import Chat, Message, Number

# The order is Meta's as far as it was seen; a program that stops at the first error relies on it.
CHECKS = (
    envelope.check_registered,
    envelope.check_product,
    recipient.check_given,
    envelope.check_type,
    content.check_content,
    interactive.check_interactive,
    content.check_media_id,
    recipient.check_not_oneself,
    recipient.find,
    recipient.check_allow_list,
    recipient.check_not_blocked,
    template.check_known,
    template.check_counts,
    template.check_values,
    # Only now is it known what stands in a template's header.
    content.check_media_id,
    template.check_by_user_id,
    limits.check_throughput,
    limits.check_pair,
    limits.check_payment,
    limits.check_refused_by_switch,
    limits.check_window_at_once,
)


def send(call: Call, number: Number) -> dict[str, Any]:
    """The message is accepted and will be sent; the body of the 200.

    Raises: GraphError from the first check that does not pass; nothing has happened then.
    Twice: sends twice. Meta has no key against it.
    """
    order = Order(number, call.body, call.switches, clock.now(), call.version)
    for check in CHECKS:
        check(order)
    message = _accept(order)
    _stop_typing(order.chat)
    return _answer(order, message)


def _accept(order: Order) -> Message:
    fate = fate_of(order)
    message = Message(
        number=order.number,
        chat=order.chat,
        recipient=order.written,
        direction=Message.Direction.OUT,
        wamid=ids.wamid(),
        type=order.type,
        content=order.content,
        shown=order.shown,
        context=_context(order.payload),
        media=order.media,
        status=Message.Status.ACCEPTED,
        next_status=fate.next_status,
        next_status_at=timezone.now() + timedelta(milliseconds=fate.after_ms),
        fails_with=fate.fails_with,
        fails_because=fate.because,
        link_at_stake=fate.link_at_stake,
        callback=str(order.payload.get("biz_opaque_callback_data") or ""),
        pricing=pricing.of(order),
        sent_at=order.now,
    )
    return rows.insert(message)


def _answer(order: Order, message: Message) -> dict[str, Any]:
    contact: dict[str, Any] = {"input": order.written}
    if order.by_user_id:
        contact["user_id"] = order.written
    else:
        contact["wa_id"] = order.wa_id
    if order.chat is not None:
        contact["user_id"] = order.chat.customer.bsuid
    sent: dict[str, Any] = {"id": message.wamid}
    if order.type == "template":
        held = message.next_status == "held"
        sent["message_status"] = "held_for_quality_assessment" if held else "accepted"
    return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [sent]}


def _context(payload: dict[str, Any]) -> dict[str, Any] | None:
    given = payload.get("context")
    quoted = given.get("message_id") if isinstance(given, dict) else None
    return {"id": str(quoted)} if quoted else None


def _stop_typing(chat: Chat | None) -> None:
    if chat is not None and chat.typing_until is not None:
        Chat.objects.filter(pk=chat.pk).update(typing_until=None, changed_at=timezone.now())
