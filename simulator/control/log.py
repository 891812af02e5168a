"""The log of both directions: Graph API calls that came in, webhooks that went out."""

import json
from typing import Any

from simulator import journal
from simulator.asking import Refused
from simulator.models import Call, Webhook

AT_MOST = 2000
LATEST = 30


def since(cursor: str, limit: int = AT_MOST) -> dict[str, Any]:
    """Calls and webhooks after the cursor (`<call>-<webhook>`, or one call id), oldest first.

    Raises: Refused for a cursor that is neither.
    """
    journal.flush()
    call_id, webhook_id = _parsed(cursor)
    calls = list(Call.objects.filter(id__gt=call_id).order_by("id")[:limit])
    webhooks = list(Webhook.objects.filter(id__gt=webhook_id).order_by("id")[:limit])
    last_call = calls[-1].pk if calls else call_id
    last_webhook = webhooks[-1].pk if webhooks else webhook_id
    return {
        "calls": [_call(one) for one in calls],
        "webhooks": [_webhook(one) for one in webhooks],
        "cursor": f"{last_call}-{last_webhook}",
    }


def latest() -> dict[str, Any]:
    """The newest few of both, newest first, for the drawer of the phone page."""
    journal.flush()
    return {
        "calls": [_call(one) for one in Call.objects.order_by("-id")[:LATEST]],
        "webhooks": [_webhook(one) for one in Webhook.objects.order_by("-id")[:LATEST]],
    }


def _parsed(cursor: str) -> tuple[int, int]:
    first, _, second = (cursor or "0").partition("-")
    if not first.isdigit() or (second and not second.isdigit()):
        raise Refused("after is a cursor from an earlier answer.")
    return int(first), int(second or 0)


def _call(call: Call) -> dict[str, Any]:
    names = ("id", "method", "path", "body", "status", "answer", "milliseconds")
    return {**{name: getattr(call, name) for name in names}, "at": call.at.isoformat()}


def _webhook(webhook: Webhook) -> dict[str, Any]:
    return {
        "id": webhook.pk,
        "body": json.loads(webhook.body),
        "attempts": webhook.attempts,
        "status": webhook.answer_status,
        "error": webhook.error,
        "taken": webhook.answer_status == 200,
        "at": webhook.created_at.isoformat(),
        "answered_at": webhook.answered_at.isoformat() if webhook.answered_at else None,
        "next_at": webhook.next_at.isoformat() if webhook.next_at else None,
    }
