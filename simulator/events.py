"""Putting down what Meta has to tell; the pump packs and sends it.

Nothing is put down for an account that no app has subscribed to: Meta drops it.
"""

import random
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model
from django.utils import timezone

from simulator import clock, wire, world
from simulator.models import Event, Message, Number, Webhook
from simulator.wakeup import wake

LANES = 4


def lane_of(chat: Model | None) -> int:
    """One customer's events share a lane, so that they arrive in order on a good day."""
    return (chat.pk or 0) % LANES if chat else 0


def tell_message(message: Message) -> None:
    """The customer's message will be told."""
    if message.chat is None:
        return
    switches = world.switches()
    customer = message.chat.customer
    _tell(
        message.number,
        kind=Event.Kind.MESSAGE,
        payload=wire.inbound(message, customer, switches),
        contact=wire.contact(customer, switches) if message.type != "system" else None,
        message_id=message.pk,
        lane=lane_of(message.chat),
    )


def status_event(message: Message, name: str, **more: Any) -> Event | None:
    """An unsaved event for one status, for many are written at once; None: nobody listens."""
    snapshot = world.current()
    if message.number.waba_id not in snapshot.subscribed:
        return None
    switches = snapshot.switches
    if message.chat and name != "failed":
        contact = wire.contact(message.chat.customer, switches)
    else:
        contact = wire.unreached(message, switches)
    return Event(
        number=message.number,
        kind=Event.Kind.STATUS,
        payload=wire.status(message, name, clock.now(), switches, **more),
        contact=contact,
        lane=_lane(lane_of(message.chat)),
        due_at=due_at(),
    )


def tell_value(number: Number, field: str, value: dict[str, Any]) -> None:
    """A whole `value` under any field, as it stands, will be told."""
    _tell(number, kind=Event.Kind.VALUE, field=field, payload=value)


def due_at() -> datetime:
    """Now, or later by what the switches ask for; in real time."""
    switches = world.switches()
    late = switches.delay_seconds + random.uniform(0, switches.reorder_seconds)
    return timezone.now() + timedelta(seconds=late)


def _tell(number: Number, *, lane: int = 0, **row: Any) -> None:
    if number.waba_id not in world.current().subscribed:
        return
    Event.objects.create(number=number, lane=_lane(lane), due_at=due_at(), **row)
    wake()


def _lane(usual: int) -> int:
    switches = world.switches()
    if switches.batch > 1:
        return 0
    return random.randrange(LANES) if switches.reorder_seconds else usual


def unsent() -> int:
    """How many events and POSTs are still on their way."""
    return Event.objects.count() + Webhook.objects.filter(next_at__isnull=False).count()
