"""The block list of a number. Source: Cloud API, block users."""

from typing import Any

from simulator import clock, people
from simulator.graph import errors
from simulator.graph.call import Call
from simulator.graph.order import WINDOW
from simulator.models import Chat, Number


def listing(call: Call, number: Number) -> dict[str, Any]:
    """Who is blocked."""
    blocked = Chat.objects.filter(number=number, blocked_at__isnull=False).select_related(
        "customer"
    )
    return {
        "data": [
            {
                "messaging_product": "whatsapp",
                "input": chat.customer.wa_id,
                "wa_id": chat.customer.wa_id,
            }
            for chat in blocked.order_by("id")
        ],
        "paging": {},
    }


def block(call: Call, number: Number) -> dict[str, Any]:
    """Nothing comes from them, and sends to them are refused with 130403.

    Only users who wrote within 24 hours can be blocked. Raises: GraphError 139100 with both lists
    where some could not be.
    """
    return _each(call, number, "added_users", _block_one)


def unblock(call: Call, number: Number) -> dict[str, Any]:
    """They may write again. Raises: as `block`."""
    return _each(call, number, "removed_users", _unblock_one)


def _each(call: Call, number: Number, name: str, act: Any) -> dict[str, Any]:
    done: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    for written in _wanted(call):
        digits = people.digits_of(written)
        found = people.by_phone(number, digits or written)
        chat = found.chat or people.by_user_id(number, written)
        problem = act(chat) if chat else "The user is not on WhatsApp."
        who = {"wa_id": found.wa_id} if digits else {"user_id": written}
        row = {"input": written, **who}
        if problem:
            failed.append({**row, "errors": [{"code": 139100, "message": problem}]})
        else:
            done.append(row)
    lists = {name: done, **({"failed_users": failed} if failed else {})}
    if failed:
        refusal = errors.known(139100, "Some users could not be changed.")
        refusal.beside = {"messaging_product": "whatsapp", "block_users": lists}
        raise refusal
    return {"messaging_product": "whatsapp", "block_users": lists}


def _wanted(call: Call) -> list[str]:
    given = call.body.get("block_users")
    if call.body.get("messaging_product") != "whatsapp":
        raise errors.required("messaging_product")
    if not isinstance(given, list) or not given:
        raise errors.required("block_users")
    return [
        str(one.get("user") or one.get("user_id") or "") for one in given if isinstance(one, dict)
    ]


def _block_one(chat: Chat) -> str:
    last = chat.last_inbound_at
    if last is None or clock.now() > last + WINDOW:
        return "The user has not messaged the business in the last 24 hours."
    Chat.objects.filter(pk=chat.pk).update(blocked_at=clock.now())
    return ""


def _unblock_one(chat: Chat) -> str:
    Chat.objects.filter(pk=chat.pk).update(blocked_at=None)
    return ""
