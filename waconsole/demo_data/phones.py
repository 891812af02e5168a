"""Gives the simulated phones the same past as the demo's conversations.

The command `demo` comes in once the simulator answers. Without this a customer's phone would be
empty beside a full conversation, and the simulator would refuse a reply: it knows of no window.
"""

from __future__ import annotations

from typing import Any

import requests

from conversations.models import Message
from waconsole.demo_data.chat import WAMID_PREFIX

TIMEOUT_SECONDS = 20
FILES = ("image", "voice")


def tell(simulator_url: str) -> int:
    """Every simulated phone has its part of the demo; return how many phones were told now.

    Twice: a phone that was told already is left as it is.
    Raises: requests.RequestException where the simulator does not answer or refuses.
    """
    with requests.Session() as session:
        session.trust_env = False  # no proxy stands between two processes of one machine
        told = [_tell(session, simulator_url, *one) for one in histories().items()]
    return sum(told)


def _tell(session: requests.Session, url: str, wa_id: str, lines: list[dict[str, Any]]) -> bool:
    phone = f"{url.rstrip('/')}/control/customers/{wa_id}"
    shown = session.get(f"{phone}/messages/", timeout=TIMEOUT_SECONDS)
    shown.raise_for_status()
    if {line["wamid"] for line in lines} & {message["wamid"] for message in shown.json()}:
        return False
    session.post(f"{phone}/history/", json=lines, timeout=TIMEOUT_SECONDS).raise_for_status()
    return True


def histories() -> dict[str, list[dict[str, Any]]]:
    """What each customer's phone shows, oldest first, by wa_id; as /control/ takes it.

    Messages that did not arrive are not on the phone.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    rows = Message.objects.filter(wamid__startswith=WAMID_PREFIX)
    rows = rows.exclude(status=Message.Status.FAILED).select_related("thread__contact")
    for message in rows.order_by("sent_at", "pk"):
        found.setdefault(message.thread.contact.wa_id or "", []).append(_line(message))
    return found


def _line(message: Message) -> dict[str, Any]:
    is_ours = message.direction == Message.Direction.OUT
    return {
        "from": "business" if is_ours else "customer",
        "wamid": message.wamid,
        "timestamp": message.sent_at.timestamp(),
        **({"context": message.quotes} if message.quotes else {}),
        **_said(message),
    }


def _said(message: Message) -> dict[str, Any]:
    """As on the wire, but a template by its words, and a file by a sample of the simulator's."""
    if message.kind == "template":
        return {"type": "text", "text": {"body": message.text}}
    if message.kind in FILES:
        file = message.content[message.content["type"]]
        return {"type": message.kind, "caption": file.get("caption", "")}
    return dict(message.content)
