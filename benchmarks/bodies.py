"""Webhook bodies as Meta sends them: distinct, 700 to 1500 bytes, one text to three statuses.

The same seed and time give the same bodies in every process, so that what a load process sent can
be looked up afterwards without handing it over. `at` is the time of the items, in Unix seconds.
"""

import json
import random
from typing import Any

NUMBER = "100000000000001"
ACCOUNT = "200000000000001"
APP_SECRET = "demo-app-secret"

CUSTOMERS = 2_000  # who write
KNOWN_SENDS = 20_000  # messages of ours that the statuses speak of
STATUSES = ("sent", "delivered", "read")
SHORTEST, LONGEST = 700, 1500


def wa_id_of(customer: int) -> str:
    """The number of the customer with this serial number, counted from 0."""
    return f"2782{customer:07}"


def wamid_of(send: int) -> str:
    """Meta's id of our send with this serial number, counted from 0."""
    return f"wamid.SENT{send:020}"


def single(seed: int, index: int, at: int) -> bytes:
    """The webhook number `index`: every fourth is a text, the others are statuses."""
    chance = random.Random(seed << 32 | index)
    return _padded(_envelope([_item(seed, index, at, chance)]), chance)


def many(seed: int, index: int, events: int, at: int) -> bytes:
    """A webhook with so many events in it, a quarter of them texts."""
    chance = random.Random(seed << 32 | index)
    first = index * events
    items = [_item(seed, one, at, chance) for one in range(first, first + events)]
    return json.dumps(_envelope(items)).encode()


Item = tuple[str, dict[str, Any], str]  # "messages" or "statuses", the item, the customer


def _item(seed: int, index: int, at: int, chance: random.Random) -> Item:
    return _status(index, at, chance) if index % 4 else _text(seed, index, at, chance)


def _text(seed: int, index: int, at: int, chance: random.Random) -> Item:
    customer = wa_id_of(chance.randrange(CUSTOMERS))
    text = " ".join(chance.choices(WORDS, k=chance.randint(3, 20)))
    message = {
        "from": customer,
        "from_user_id": f"ZA.{customer}",
        "id": f"wamid.IN{seed:04}{index:016}",
        "timestamp": str(at),
        "text": {"body": text},
        "type": "text",
    }
    return "messages", message, customer


def _status(index: int, at: int, chance: random.Random) -> Item:
    send, step = divmod(index, 4)
    send %= KNOWN_SENDS
    customer = wa_id_of(send % CUSTOMERS)
    status = {
        "id": wamid_of(send),
        "status": STATUSES[step - 1],
        "timestamp": str(at),
        "recipient_id": customer,
        "recipient_user_id": f"ZA.{customer}",
        "conversation": {"id": f"{chance.getrandbits(128):032x}", "origin": {"type": "service"}},
        "pricing": {"billable": False, "pricing_model": "PMP", "category": "service"},
    }
    return "statuses", status, customer


def _envelope(items: list[Item]) -> dict[str, Any]:
    value: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "27875500100", "phone_number_id": NUMBER},
    }
    for kind, item, customer in items:
        value.setdefault(kind, []).append(item)
        if kind == "messages":
            contact = {"profile": {"name": f"Customer {customer[-7:]}"}, "wa_id": customer}
            value.setdefault("contacts", []).append({**contact, "user_id": f"ZA.{customer}"})
    change = {"value": value, "field": "messages"}
    return {"object": "whatsapp_business_account", "entry": [{"id": ACCOUNT, "changes": [change]}]}


def _padded(webhook: dict[str, Any], chance: random.Random) -> bytes:
    """With a field that nobody reads, as Meta adds them, so that the length varies."""
    body = json.dumps(webhook)
    wanted = chance.randint(SHORTEST, LONGEST)
    if len(body) >= wanted:
        return body.encode()
    webhook["entry"][0]["id_hint"] = "x" * max(0, wanted - len(body) - 15)
    return json.dumps(webhook).encode()


WORDS = ("hello", "please", "where", "is", "my", "order", "invoice", "desk", "chair", "delivery")
