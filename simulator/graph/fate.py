"""What will become of an accepted message, as far as that is settled when it is accepted."""

from dataclasses import dataclass

from simulator.graph.order import Order
from simulator.media import carried, links
from simulator.models import Message

Status = Message.Status


@dataclass(frozen=True)
class Fate:
    """The next step and when; `fails_with` a code where it, or the one after it, is a failure."""

    next_status: str
    after_ms: int
    fails_with: int | None = None
    because: str = ""
    link_at_stake: bool = False


def fate_of(order: Order) -> Fate:
    """The first reason to fail in the order of the table, else sent."""
    after_ms = order.switches.sent_after_ms
    for code, because, applies in _reasons(order):
        if applies:
            return Fate(Status.FAILED, after_ms, code, because)
    if order.type == "template" and order.switches.hold_templates:
        fails = 132015 if order.switches.hold_templates == "then fail" else None
        return Fate("held", int(order.switches.hold_seconds * 1000), fails)
    return Fate(Status.SENT, after_ms, link_at_stake=_link_at_stake(order))


def _reasons(order: Order) -> list[tuple[int, str, bool]]:
    customer = order.chat.customer if order.chat else None
    category = order.template.category if order.template else ""
    marketing = category == "MARKETING"
    switched = order.switches.fail_sends_with
    return [
        (131026, "", customer is None or not customer.is_reachable),
        (131047, "", order.type != "template" and not order.window_is_open),
        (131050, "", marketing and customer is not None and not customer.takes_marketing),
        (131009, "Reaction target is not a message.", _reacts_to_nothing(order)),
        (int(switched or 0), "", switched not in ("", "131049") or (marketing and bool(switched))),
    ]


def _reacts_to_nothing(order: Order) -> bool:
    if order.type != "reaction" or order.chat is None:
        return False
    target = order.chat.messages.filter(wamid=order.content["message_id"])
    return not target.exclude(type="reaction").exists()


def _link_at_stake(order: Order) -> bool:
    file = carried.file_of(order.type, order.content, order.shown)
    link = file.link if file else ""
    return bool(link) and links.is_fetched(link, order.switches)
