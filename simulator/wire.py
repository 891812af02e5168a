"""The JSON that webhooks carry: contacts, messages, statuses, and the bytes they are sent as.

Source: Cloud API, webhooks reference, payloads of v21 to v26.
"""

import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

from simulator import clock
from simulator.models import Customer, Message, Number
from simulator.switches import Switches

LAST_VERSION_WITH_CONVERSATION = 23
CONVERSATION_LIVES = timedelta(hours=24)


def encode(payload: dict[str, Any]) -> str:
    """As Meta writes it: non-ASCII as lowercase `\\uXXXX`, `/` as `\\/`, no spaces."""
    return json.dumps(payload, ensure_ascii=True, separators=(",", ":")).replace("/", "\\/")


def signature(body: bytes, secret: str) -> str:
    """The value of X-Hub-Signature-256 for exactly these bytes."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def hides_number(customer: Customer, switches: Switches) -> str:
    """`""`, `absent` or `empty`: how this customer's phone number is kept from the business."""
    return switches.user_id_only or ("absent" if customer.hides_number else "")


def phone_key(key: str, customer: Customer, switches: Switches) -> dict[str, str]:
    """`{key: wa_id}`, or what stands there for somebody who hides the number."""
    hidden = hides_number(customer, switches)
    if hidden:
        return {key: ""} if hidden == "empty" else {}
    return {key: customer.wa_id}


def contact(customer: Customer, switches: Switches) -> dict[str, Any] | None:
    """One element of `contacts[]`; None where the world leaves them out."""
    if switches.without_contacts:
        return None
    profile = {"name": customer.name}
    if customer.username:
        profile["username"] = "@" + customer.username
    return {
        **({} if switches.without_profile else {"profile": profile}),
        **phone_key("wa_id", customer, switches),
        "user_id": customer.bsuid,
    }


def unreached(message: Message, switches: Switches) -> dict[str, Any] | None:
    """As `contact`, for a message that failed: the ids that are known, and never a profile.

    Source: real webhooks, in the issues of pywa (227). The documents say that there is none.
    """
    if switches.without_contacts:
        return None
    customer = message.chat.customer if message.chat else None
    if customer is None:
        return {"wa_id": message.recipient.strip("+")}
    return {**phone_key("wa_id", customer, switches), "user_id": customer.bsuid}


def inbound(message: Message, customer: Customer, switches: Switches) -> dict[str, Any]:
    """One element of `messages[]`."""
    return {
        **phone_key("from", customer, switches),
        "from_user_id": customer.bsuid,
        "id": message.wamid,
        "timestamp": clock.unix(message.sent_at),
        "type": message.type,
        **({message.type: message.content} if message.content else {}),
        **({"context": message.context} if message.context else {}),
        **(message.beside or {}),
    }


def status(
    message: Message, name: str, moment: datetime, switches: Switches, **more: Any
) -> dict[str, Any]:
    """One element of `statuses[]`; `more` holds `errors` where it failed."""
    customer = message.chat.customer if message.chat else None
    who = {"recipient_id": message.recipient.strip("+")}
    if customer is not None:
        who = phone_key("recipient_id", customer, switches)
        who["recipient_user_id"] = customer.bsuid
    item: dict[str, Any] = {
        "id": message.wamid,
        "status": name,
        "timestamp": clock.unix(moment),
        **who,
    }
    if message.callback:
        item["biz_opaque_callback_data"] = message.callback
    if message.pricing and _is_priced(message, name):
        if switches.webhook_version <= LAST_VERSION_WITH_CONVERSATION:
            item["conversation"] = _conversation(message, name)
        item["pricing"] = message.pricing
    return {**item, **more}


def _is_priced(message: Message, name: str) -> bool:
    """`sent`, and one of the two after it: `read` where `delivered` never came."""
    was_delivered = message.status != Message.Status.SENT
    return name in ("sent", "delivered") or (name == "read" and not was_delivered)


def _conversation(message: Message, name: str) -> dict[str, Any]:
    """Under per-message pricing its id is new for each message; `sent` alone has the end."""
    digest = hashlib.sha256(message.wamid.encode()).hexdigest()[:32]
    shown: dict[str, Any] = {"id": digest}
    if name == "sent":
        shown["expiration_timestamp"] = clock.unix(message.sent_at + CONVERSATION_LIVES)
    return {**shown, "origin": {"type": (message.pricing or {}).get("category", "service")}}


def metadata(number: Number) -> dict[str, str]:
    """Which business number a value speaks of."""
    return {
        "display_phone_number": number.display_phone_number,
        "phone_number_id": number.phone_number_id,
    }
