"""POST /{phone-number-id}/messages: sends, read receipts, typing.

Source: Cloud API, messages reference, v21 to v26.
"""

import time
from datetime import timedelta
from typing import Any

from django.utils import timezone

from simulator import outcomes, webhooks, world
from simulator.graph import errors, sending
from simulator.graph.call import Call
from simulator.models import Chat, Message, Number, Template
from simulator.wakeup import wake

TYPING_LASTS = timedelta(seconds=25)
STATUS_FIRST_SECONDS = 5


def post(call: Call, number: Number) -> dict[str, Any]:
    """Send a message, or mark one as read. Raises: GraphError, and then nothing has happened."""
    if call.body.get("status") == "read":
        return _mark_as_read(call, number)
    if world.use_up("timeouts_before_send"):
        return _hang(call, {})
    accepted = sending.send(call, number)
    wake()
    if world.use_up("timeouts_after_send"):
        return _hang(call, accepted)
    if call.switches.status_before_answer:
        _answer_after_webhook(call, accepted)
    elif call.switches.answer_after_ms:
        call.hold = lambda: time.sleep(call.switches.answer_after_ms / 1000)
    return accepted


def post_marketing(call: Call, number: Number) -> dict[str, Any]:
    """The Marketing Messages API: the same payload, for marketing templates alone (134100)."""
    content = call.body.get("template")
    name = content.get("name") if isinstance(content, dict) else None
    found = Template.objects.filter(waba_id=number.waba_id, name=name, deleted_at__isnull=True)
    if call.body.get("type") != "template" or found.exclude(category="MARKETING").exists():
        raise errors.known(134100)
    return post(call, number)


def _hang(call: Call, answer: dict[str, Any]) -> dict[str, Any]:
    """The caller's patience ends first; what it would have read is in the log."""
    call.hold = lambda: time.sleep(call.switches.timeout_seconds)
    return answer


def _answer_after_webhook(call: Call, accepted: dict[str, Any]) -> None:
    told = webhooks.expect(accepted["messages"][0]["id"])
    call.hold = lambda: told.wait(STATUS_FIRST_SECONDS)


def _mark_as_read(call: Call, number: Number) -> dict[str, Any]:
    if call.body.get("messaging_product") != "whatsapp":
        raise errors.required("messaging_product")
    wamid = call.body.get("message_id")
    if not wamid:
        raise errors.required("message_id")
    message = _inbound(number, str(wamid))
    if message.chat is not None:
        outcomes.marked_as_read(message.chat, message)
        _type(message.chat, call.body.get("typing_indicator"))
    return {"success": True}


def _inbound(number: Number, wamid: str) -> Message:
    message = (
        Message.objects.select_related("chat")
        .filter(wamid=wamid, number=number, direction=Message.Direction.IN)
        .first()
    )
    if message is None:
        raise errors.invalid(f"Message ID {wamid} is not a message of a user to this number.")
    return message


def _type(chat: Chat, indicator: Any) -> None:
    if indicator is None:
        return
    if not isinstance(indicator, dict) or indicator.get("type") != "text":
        raise errors.parameter("Param typing_indicator['type'] must be one of {TEXT}.")
    now = timezone.now()
    Chat.objects.filter(pk=chat.pk).update(typing_until=now + TYPING_LASTS, changed_at=now)
