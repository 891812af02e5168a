"""Samples of Meta's webhooks, sent through the real door and taken in.

Payloads of v21 to v26; where each is from stands in `sources.csv` beside them.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from conversations import intake
from conversations.models import WebhookEvent
from tests import webhooks

FOLDER = Path(__file__).parent.parent / "fixtures" / "webhooks"
NUMBER = "106540352242922"
ACCOUNT = "102290129340398"
THANDI = "27821234567"
THANDIS_ID = "ZA.13491208655302741918"

Webhook = dict[str, Any]


def names(prefix: str = "") -> list[str]:
    """The samples whose name begins like this."""
    return sorted(path.stem for path in FOLDER.glob(f"{prefix}*.json"))


def load(name: str) -> Webhook:
    """One sample, a fresh copy of it."""
    webhook: Webhook = json.loads((FOLDER / f"{name}.json").read_text())
    return webhook


def value_of(webhook: Webhook) -> dict[str, Any]:
    """The value of its only change."""
    value: dict[str, Any] = webhook["entry"][0]["changes"][0]["value"]
    return value


def changed(name: str, **fields: Any) -> Webhook:
    """The sample with these fields of its only message, status or value changed."""
    webhook = load(name)
    value = value_of(webhook)
    for key in ("messages", "statuses", "message_echoes", "user_preferences"):
        if key in value:
            value[key][0].update(copy.deepcopy(fields))
            return webhook
    value.update(copy.deepcopy(fields))
    return webhook


def arrive(*samples: str | Webhook) -> WebhookEvent:
    """Each through the door, signed, and taken in, one after the other; the event of the last."""
    for sample in samples:
        webhook = load(sample) if isinstance(sample, str) else sample
        assert webhooks.post(webhook) == 200
        intake.drain()
    event = WebhookEvent.objects.order_by("-pk").first()
    assert event is not None
    return event


def speak(
    *messages: Any, contacts: list[dict[str, Any]] | None = None, number: str = NUMBER
) -> WebhookEvent:
    """These messages in one webhook, with these `contacts` beside them."""
    value = webhooks.value(messages=list(messages), number=number)
    value["contacts"] = contacts or []
    return arrive(webhooks.envelope(value))
