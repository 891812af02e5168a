"""/control/ beyond the customers: clock, log, messages, switches, webhooks of any kind, reset."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest

from simulator import clock, configuration, events, resetting, switches, world
from simulator.asking import Refused, json_view, number_of, object_of
from simulator.control import log
from simulator.models import Message, Number, Subscription
from simulator.phone import bubbles

AT_MOST = 5000


def _log(request: HttpRequest) -> dict[str, Any]:
    """Graph API calls and webhooks, oldest first."""
    limit = request.GET.get("limit", "")
    return log.since(request.GET.get("after", ""), int(limit) if limit.isdigit() else log.AT_MOST)


def _messages(request: HttpRequest) -> list[Any]:
    """All messages of all chats after an id, oldest first; `?direction=out` for what was sent."""
    after = request.GET.get("after", "0")
    if not after.isdigit():
        raise Refused("after is the id of a message.")
    found = Message.objects.filter(id__gt=int(after)).select_related("media", "chat__customer")
    if request.GET.get("direction"):
        found = found.filter(direction=request.GET["direction"])
    rows = found.order_by("id")[:AT_MOST]
    return [{**bubbles.bubble(one), "wa_id": _wa_id(one)} for one in rows]


def _switches(request: HttpRequest) -> dict[str, Any]:
    """Every switch as it stands."""
    return dict(world.as_dict())


def _usual(request: HttpRequest) -> dict[str, Any]:
    """Every switch as on a good day."""
    return dict(asdict(switches.Switches()))


def _switch(request: HttpRequest) -> dict[str, Any]:
    """Change some; an unknown name or a wrong value changes none."""
    wanted = object_of(request)
    try:
        world.change_switches(lambda old: old.changed(wanted))
    except switches.SwitchError as problem:
        raise Refused(str(problem)) from problem
    return dict(world.as_dict())


def _all_good(request: HttpRequest) -> dict[str, Any]:
    """Every switch back to a good day."""
    world.set_switches(switches.Switches())
    return dict(world.as_dict())


def _webhook(request: HttpRequest) -> dict[str, Any]:
    """Any `{"field": ..., "value": {...}}` is told as if Meta had something to say."""
    given = object_of(request)
    value = given.get("value")
    if not isinstance(given.get("field"), str) or not isinstance(value, dict):
        raise Refused("Send a field and a value object.")
    events.tell_value(number_of(request), given["field"], value)
    return {"unsent": events.unsent()}


def _numbers(request: HttpRequest) -> list[Any]:
    """The business numbers of the simulated world."""
    return [_number(one) for one in Number.objects.order_by("id")]


def _add_number(request: HttpRequest) -> dict[str, Any]:
    """One more number, or a change of one: `fields` are what the node shows, as quality_rating."""
    given = object_of(request)
    phone_number_id = str(given.get("phone_number_id") or "")
    if not phone_number_id.isdigit() or not isinstance(given.get("fields", {}), dict):
        raise Refused("phone_number_id is digits, fields is an object.")
    names = ("waba_id", "display_phone_number", "verified_name", "is_registered", "fields")
    first = world.current().numbers[configuration.current().phone_number_id]
    usual = {"waba_id": first.waba_id, "display_phone_number": f"27{phone_number_id[-9:]}"}
    wanted = {name: given[name] for name in names if name in given}
    number, _ = Number.objects.update_or_create(
        phone_number_id=phone_number_id, defaults=wanted, create_defaults={**usual, **wanted}
    )
    Subscription.objects.get_or_create(waba_id=number.waba_id)
    world.forget()
    return _number(number)


def _number(number: Number) -> dict[str, Any]:
    names = ("phone_number_id", "waba_id", "display_phone_number", "verified_name", "fields")
    return {name: getattr(number, name) for name in names}


def _state(request: HttpRequest) -> dict[str, Any]:
    """The clock, and how much is still to be sent: 0 means that all is quiet."""
    snapshot = world.current()
    return {
        "now": clock.now().isoformat(),
        "offset_seconds": snapshot.offset_seconds,
        "unsent": events.unsent(),
        "numbers": list(snapshot.numbers),
        "subscribed": list(snapshot.subscribed),
    }


def _reset(request: HttpRequest) -> dict[str, Any]:
    """The world as on its first day; the console's clock is put right, too."""
    resetting.reset()
    return {"console": clock.tell_console()}


def _wa_id(message: Message) -> str:
    return message.chat.customer.wa_id if message.chat else message.recipient.lstrip("+")


the_log = json_view(get=_log)
all_messages = json_view(get=_messages)
usual = json_view(get=_usual)
faults = json_view(get=_switches, patch=_switch, post=_switch, delete=_all_good)
webhooks = json_view(post=_webhook)
numbers = json_view(get=_numbers, post=_add_number)
state = json_view(get=_state)
reset = json_view(post=_reset)
