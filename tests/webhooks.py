"""Webhooks as Meta sends them, and the way they come in: signed, through the real door.

Shapes: Cloud API, webhooks, v21 to v24.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.test import Client

from conversations import clock, intake
from conversations.whatsapp import signature

URL = "/webhooks/whatsapp/"
NUMBER = "100000000000001"


def envelope(*values: dict[str, Any], field: str = "messages") -> dict[str, Any]:
    """One webhook with a change per value."""
    changes = [{"field": field, "value": value} for value in values]
    entry = {"id": "200000000000001", "changes": changes}
    return {"object": "whatsapp_business_account", "entry": [entry]}


def value(
    *,
    messages: list[dict[str, Any]] | None = None,
    statuses: list[dict[str, Any]] | None = None,
    names: dict[str, str] | None = None,
    number: str = NUMBER,
) -> dict[str, Any]:
    """The value of a change of the field `messages`."""
    made: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "27215550100", "phone_number_id": number},
    }
    if messages is not None:
        senders = {message["from"] for message in messages if message.get("from")}
        made["contacts"] = [
            {"profile": {"name": (names or {}).get(who, "Thandi Nkosi")}, "wa_id": who}
            for who in sorted(senders)
        ]
        made["messages"] = messages
    if statuses is not None:
        made["statuses"] = statuses
    return made


def message(who: str, kind: str, content: Any, *, at: int | None = None, **more: Any) -> Any:
    """One inbound message of any type."""
    return {
        "from": who,
        "id": f"wamid.IN{uuid.uuid4().hex}",
        "timestamp": str(int(clock.now().timestamp()) if at is None else at),
        "type": kind,
        kind: content,
        **more,
    }


def text(who: str, body: str, **more: Any) -> Any:
    return message(who, "text", {"body": body}, **more)


def button_tap(who: str, button_id: str, title: str, **more: Any) -> Any:
    reply = {"type": "button_reply", "button_reply": {"id": button_id, "title": title}}
    return message(who, "interactive", reply, **more)


def list_tap(who: str, row_id: str, title: str, **more: Any) -> Any:
    reply = {"type": "list_reply", "list_reply": {"id": row_id, "title": title}}
    return message(who, "interactive", reply, **more)


def quick_reply(who: str, payload: str, title: str, **more: Any) -> Any:
    return message(who, "button", {"payload": payload, "text": title}, **more)


def status(wamid: str, name: str, *, at: int | None = None, **more: Any) -> dict[str, Any]:
    return {
        "id": wamid,
        "status": name,
        "timestamp": str(int(clock.now().timestamp()) if at is None else at),
        "recipient_id": "27821234567",
        **more,
    }


def failure(code: int, title: str = "Message undeliverable") -> list[dict[str, Any]]:
    return [{"code": code, "title": title, "message": title, "error_data": {"details": title}}]


def post(webhook: dict[str, Any]) -> int:
    """Through the door, signed; the HTTP status."""
    body = json.dumps(webhook).encode()
    signed = signature.sign(body, "demo-app-secret")
    answer = Client().post(
        URL, body, content_type="application/json", HTTP_X_HUB_SIGNATURE_256=signed
    )
    return answer.status_code


def receive(*messages: Any, **more: Any) -> None:
    """These messages in one webhook, through the door, and taken in."""
    assert post(envelope(value(messages=list(messages), **more))) == 200
    intake.drain()


def receive_statuses(*statuses: dict[str, Any]) -> None:
    """These statuses in one webhook, through the door, and taken in."""
    assert post(envelope(value(statuses=list(statuses)))) == 200
    intake.drain()
