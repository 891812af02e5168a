"""The WhatsApp Business Account: its numbers, and whether the app listens to it.

Source: Cloud API, subscribed_apps and phone_numbers edges.
"""

from typing import Any

from simulator import configuration, world
from simulator.graph import numbers, overrides
from simulator.graph.call import Call
from simulator.models import Number, Subscription

APP = {"id": "300000000000001", "name": "Simulated app", "link": "https://www.facebook.com/games/"}
SCOPES = ["whatsapp_business_management", "whatsapp_business_messaging"]


def show(call: Call, waba_id: str) -> dict[str, Any]:
    """The account's own fields."""
    return {
        "id": waba_id,
        "name": configuration.current().business_name,
        "currency": "ZAR",
        "timezone_id": "141",
        "message_template_namespace": "5f1c7a70_simulated",
    }


def phone_numbers(call: Call, waba_id: str) -> dict[str, Any]:
    """Every number of the account."""
    ours = Number.objects.filter(waba_id=waba_id).order_by("id")
    return {"data": [numbers.node(one) for one in ours], "paging": {}}


def subscriptions(call: Call, waba_id: str) -> dict[str, Any]:
    """The apps that listen: ours, or nobody."""
    row = Subscription.objects.filter(waba_id=waba_id).first()
    if row is None:
        return {"data": []}
    override = {"override_callback_uri": row.webhook_url} if row.webhook_url else {}
    return {"data": [{"whatsapp_business_api_data": APP, **override}]}


def subscribe(call: Call, waba_id: str) -> dict[str, Any]:
    """From now on webhooks are sent. A bare call takes an override of the address back."""
    override = str(call.body.get("override_callback_uri") or "")
    if override:
        overrides.check(override, str(call.body.get("verify_token") or ""))
    Subscription.objects.update_or_create(waba_id=waba_id, defaults={"webhook_url": override})
    world.forget()
    return {"success": True}


def unsubscribe(call: Call, waba_id: str) -> dict[str, Any]:
    """Nothing that happens from now on is told."""
    Subscription.objects.filter(waba_id=waba_id).delete()
    world.forget()
    return {"success": True}


def debug_token(call: Call) -> dict[str, Any]:
    """What the token may do; it never expires."""
    is_ours = call.body.get("input_token") == configuration.current().token
    return {
        "data": {
            "app_id": APP["id"],
            "type": "SYSTEM_USER",
            "application": APP["name"],
            "is_valid": is_ours,
            "expires_at": 0,
            "scopes": SCOPES if is_ours else [],
        }
    }
