"""Events into POSTs: how many updates share one, and in which order.

Source: Cloud API, webhooks: up to 1000 updates in one POST, often one; at most 3 MB.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db import transaction

from simulator import clock, rows, wire, world
from simulator.events import LANES
from simulator.models import Event, Webhook

AT_ONCE = 2000
STATUSES_TOGETHER = 100
BATCH_WAITS = timedelta(seconds=2)


@transaction.atomic
def pack(now: datetime) -> int:
    """All events that are due stand in a POST; how many POSTs."""
    due = list(
        Event.objects.filter(due_at__lte=now).select_related("number").order_by("id")[:AT_ONCE]
    )
    if not due or _still_gathers(due, now):
        return 0
    posts = [post for group in _groups(due) for post in _posts(group, now)]
    rows.copy_in(posts)
    Event.objects.filter(id__in=[event.pk for event in due]).delete()
    return len(posts)


def take(events: list[Event], now: datetime) -> None:
    """Put these new events down: as POSTs at once where nothing holds them, else as rows."""
    switches = world.switches()
    if switches.batch > 1 or switches.delay_seconds or switches.reorder_seconds:
        rows.copy_in(events)
    else:
        rows.copy_in([post for group in _groups(events) for post in _posts(group, now)])


def body_of(group: list[Event]) -> str:
    """The POST's body: neighbours of one number and one kind share a change."""
    entries: list[dict[str, Any]] = []
    for (waba_id, is_account), ours in groupby(
        group, lambda one: (one.number.waba_id, _is_value(one))
    ):
        entry: dict[str, Any] = {"id": waba_id}
        if is_account:
            entry["time"] = int(clock.now().timestamp())
        entries.append({**entry, "changes": list(_changes(list(ours)))})
    return wire.encode({"object": "whatsapp_business_account", "entry": entries})


def _still_gathers(due: list[Event], now: datetime) -> bool:
    wanted = world.switches().batch
    return wanted > 1 and len(due) < wanted and due[0].due_at > now - BATCH_WAITS


def _groups(due: list[Event]) -> Iterator[list[Event]]:
    size = world.switches().batch
    if size > 1:
        yield from (due[start : start + size] for start in range(0, len(due), size))
        return
    for _, lane in groupby(sorted(due, key=lambda one: one.lane), lambda one: one.lane):
        for kind, run in groupby(lane, lambda one: one.kind):
            events = list(run)
            size = STATUSES_TOGETHER if kind == Event.Kind.STATUS else 1
            yield from (events[start : start + size] for start in range(0, len(events), size))


def _posts(group: list[Event], now: datetime) -> Iterator[Webhook]:
    body = body_of(group)
    message_ids = [event.message_id for event in group if event.message_id]
    for copy in range(world.switches().duplicates + 1):
        yield Webhook(
            number=group[0].number,
            body=body,
            message_ids=message_ids,
            # A copy goes by another lane, so that both may arrive at the same moment.
            lane=(group[0].lane + copy) % LANES,
            next_at=now,
            made_at=clock.now(),
        )


def _is_value(event: Event) -> bool:
    return event.kind == Event.Kind.VALUE and event.field != "messages"


def _changes(group: list[Event]) -> Iterator[dict[str, Any]]:
    for (_, kind, field), run in groupby(group, lambda one: (one.number_id, one.kind, one.field)):
        events = list(run)
        if kind == Event.Kind.VALUE:
            yield from ({"field": field, "value": event.payload} for event in events)
        else:
            yield {"field": field, "value": _value(kind, events)}


def _value(kind: str, events: list[Event]) -> dict[str, Any]:
    contacts: dict[str, dict[str, Any]] = {}
    for one in filter(None, (event.contact for event in events)):
        key = one.get("user_id") or one["wa_id"]
        contacts[key] = {**contacts.get(key, {}), **one}
    return {
        "messaging_product": "whatsapp",
        "metadata": wire.metadata(events[0].number),
        **({"contacts": list(contacts.values())} if contacts else {}),
        kind: [event.payload for event in events],
    }
