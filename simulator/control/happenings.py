"""/control/happenings/ and the page /faults: what can be switched or made to happen."""

from dataclasses import fields
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from simulator import burst, happenings, world
from simulator.asking import Refused, chat_of, json_view, number_of, object_of
from simulator.models import Customer, Template
from simulator.reviews import set_status
from simulator.switches import Switches


def page(request: HttpRequest) -> HttpResponse:
    """Every switch by group, and every happening."""
    context = {
        "groups": _groups(),
        "happenings": happenings.HAPPENINGS,
        "customers": Customer.objects.order_by("id")[:200],
    }
    return render(request, "simulator/faults.html", context)


def _listing(request: HttpRequest) -> dict[str, Any]:
    """What can happen, by name."""
    return {name: one.label for name, one in happenings.HAPPENINGS.items()}


def _happen(request: HttpRequest, name: str) -> dict[str, Any]:
    """It happens now, to `{"wa_id": ...}` or the first customer, who may have a new number then."""
    one = happenings.HAPPENINGS.get(name)
    if one is None:
        raise Refused(f"There is no happening {name}.", 404)
    wa_id = object_of(request).get("wa_id")
    if not wa_id:
        first = Customer.objects.order_by("id").first()
        wa_id = first.wa_id if first else ""
    chat = chat_of(request, str(wa_id))
    try:
        one.act(number_of(request), chat)
    except happenings.NothingToHappenTo as problem:
        raise Refused(str(problem), 409) from problem
    return {"happened": one.label, "wa_id": Customer.objects.get(pk=chat.customer_id).wa_id}


def _burst(request: HttpRequest) -> dict[str, Any]:
    """`{"count": n}` messages from all customers at once."""
    count = object_of(request).get("count", 100)
    if not isinstance(count, int) or not 0 < count <= burst.AT_MOST:
        raise Refused(f"count is a number up to {burst.AT_MOST}.")
    return {"written": burst.burst(number_of(request), count)}


def _decide(request: HttpRequest, name: str) -> dict[str, Any]:
    """Meta's verdict on a template: `{"status": "REJECTED", "reason": ..., "language": ...}`."""
    given = object_of(request)
    status = str(given.get("status") or "")
    found = Template.objects.filter(name=name, deleted_at__isnull=True)
    if given.get("language"):
        found = found.filter(language=given["language"])
    if not status or not found.exists():
        raise Refused("Name a template that there is, and a status.")
    for template in found:
        set_status(template, status.upper(), reason=str(given.get("reason") or "NONE"))
    return {"decided": found.count()}


def _groups() -> dict[str, list[dict[str, Any]]]:
    state = world.as_dict()
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in fields(Switches):
        row = {
            **one.metadata,
            "name": one.name,
            "value": state[one.name],
            "kind": _kind(one.default, bool(one.metadata["choices"])),
            "step": "any" if isinstance(one.default, float) else "1",
            "is_usual": state[one.name] == one.default,
        }
        groups.setdefault(one.metadata["group"], []).append(row)
    return groups


def _kind(default: Any, has_choices: bool) -> str:
    if isinstance(default, bool):
        return "yes"
    return "choice" if has_choices else "number"


listing = json_view(get=_listing)
happen = json_view(post=_happen)
many = json_view(post=_burst)
decide = json_view(post=_decide)
