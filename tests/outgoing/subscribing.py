"""Subscriptions and announcements for the tests of outgoing webhooks, and a courier's turns."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import Any

from django.db.models.functions import Now

from conversations import outgoing
from conversations.models import Announcement, WebhookDelivery, WebhookSubscription
from tests.outgoing.receiver import Receiver

State = WebhookDelivery.State


def a_subscription(url: str | Receiver, **fields: Any) -> WebhookSubscription:
    """One that is told of everything, unless `fields` say otherwise."""
    given = {"name": "ERP", "url": url if isinstance(url, str) else url.url}
    return outgoing.create(**(given | fields))[0]


def announce(type_: str = "thread.taken", count: int = 1, **payload: Any) -> None:
    """So many announcements, in the feed and before whoever waits for them."""
    Announcement.objects.bulk_create(
        Announcement(type=type_, payload={"n": n, **payload}) for n in range(count)
    )
    outgoing.tell_new()


def deliver(turns: int = 200) -> None:
    """A courier at work until nothing is due and nothing is on its way."""
    courier = outgoing.Courier()
    for _ in range(turns):
        if not courier.turn():
            return
        time.sleep(0.01)
    raise AssertionError("it does not come to an end")


def due_again(**more: Any) -> None:
    """Whatever waits for its next try is due now."""
    waiting = WebhookDelivery.objects.filter(state=State.WAITING)
    waiting.update(next_at=Now(), claimed_until=None, **more)
    WebhookSubscription.objects.update(held_until=None)


def failing_for(subscription: WebhookSubscription, duration: timedelta) -> None:
    """As if it had failed since then."""
    WebhookSubscription.objects.filter(pk=subscription.pk).update(
        failures=9, failing_since=Now() - duration, is_slow=True
    )


def events(receiver: Receiver) -> list[dict[str, Any]]:
    """What the receiver was told, in the order it came."""
    return [json.loads(body) for body in receiver.bodies]


def ids(receiver: Receiver) -> list[str]:
    return [event["id"] for event in events(receiver)]
