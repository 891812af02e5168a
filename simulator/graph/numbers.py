"""A phone number: its fields, registration and settings.

Source: Cloud API, phone number node, register and settings edges.
"""

from typing import Any

from simulator import world
from simulator.graph import errors, overrides
from simulator.graph.call import Call
from simulator.models import Number

PIN_DIGITS = 6
BY_DEFAULT = ("verified_name", "code_verification_status", "display_phone_number", "quality_rating")


def node(number: Number) -> dict[str, Any]:
    """Every field that a good number has, with those that were changed under /control/."""
    return {
        "verified_name": number.verified_name,
        "display_phone_number": _written(number.display_phone_number),
        "quality_rating": "GREEN",
        "status": "CONNECTED" if number.is_registered else "DISCONNECTED",
        "name_status": "APPROVED",
        "new_name_status": "NONE",
        "code_verification_status": "VERIFIED",
        "throughput": {"level": "STANDARD"},
        "platform_type": "CLOUD_API" if number.is_registered else "NOT_APPLICABLE",
        "account_mode": "LIVE",
        "is_official_business_account": False,
        "is_on_biz_app": False,
        "is_pin_enabled": bool(number.pin),
        "health_status": _health(number),
        "webhook_configuration": _webhooks(number),
        "whatsapp_business_manager_messaging_limit": "TIER_10K",
        "messaging_limit_tier": "TIER_10K",
        "quality_score": {"score": "GREEN"},
        "is_preverified_number": False,
        "search_visibility": "VISIBLE",
        "eligibility_for_api_business_global_search": "NON_ELIGIBLE_UNDEFINED_COUNTRY",
        "certificate": "",
        "new_certificate": "",
        "last_onboarded_time": "2026-01-05T08:00:00+0000",
        "country_code": "ZA",
        "country_dial_code": "27",
        "conversational_automation": {
            "id": number.phone_number_id,
            "enable_welcome_message": False,
        },
        **number.fields,
        "id": number.phone_number_id,
    }


def show(call: Call, number: Number) -> dict[str, Any]:
    """The fields that were asked for, else the usual few; always the id."""
    asked = [
        name.partition("{")[0] for name in str(call.body.get("fields") or "").split(",") if name
    ]
    every = node(number)
    unknown = [name for name in asked if name.strip() not in every]
    if unknown:
        raise errors.parameter(
            f"Tried accessing nonexisting field ({unknown[0]}) on node type "
            "(WhatsAppBusinessPhoneNumber)"
        )
    names = [name.strip() for name in asked] or list(BY_DEFAULT)
    return {**{name: every[name] for name in names}, "id": number.phone_number_id}


def change(call: Call, number: Number) -> dict[str, Any]:
    """Set the PIN, or this number's own webhook address."""
    if "pin" in call.body:
        return _save(number, pin=_pin(call))
    wanted = call.body.get("webhook_configuration")
    if isinstance(wanted, dict):
        url = str(wanted.get("override_callback_uri") or "")
        if url:
            overrides.check(url, str(wanted.get("verify_token") or ""))
        return _save(number, webhook_url=url)
    raise errors.parameter("Invalid parameter")


def register(call: Call, number: Number) -> dict[str, Any]:
    """The number can send. The PIN is set by the first registration and asked for by the next."""
    if call.body.get("messaging_product") != "whatsapp":
        raise errors.required("messaging_product")
    pin = _pin(call)
    if number.pin and number.pin != pin:
        raise errors.known(133005)
    return _save(number, is_registered=True, pin=pin)


def deregister(call: Call, number: Number) -> dict[str, Any]:
    """Sends are refused with 133010 until it is registered again."""
    return _save(number, is_registered=False)


def request_code(call: Call, number: Number) -> dict[str, Any]:
    """A code would be sent by SMS or voice; here any code will do."""
    if call.body.get("code_method") not in ("SMS", "VOICE"):
        raise errors.parameter("Param code_method must be one of {SMS, VOICE}.")
    return {"success": True}


def verify_code(call: Call, number: Number) -> dict[str, Any]:
    """The code that came by SMS or voice."""
    if not str(call.body.get("code") or "").replace("-", "").isdigit():
        raise errors.required("code")
    return {"success": True}


def show_settings(call: Call, number: Number) -> dict[str, Any]:
    """What was last set."""
    return {"storage_configuration": {"status": "DEFAULT"}, **number.settings}


def change_settings(call: Call, number: Number) -> dict[str, Any]:
    """Calling, storage and identity check settings are kept, and change nothing here."""
    known = ("calling", "storage_configuration", "user_identity_change")
    wanted = {name: call.body[name] for name in known if name in call.body}
    if not wanted:
        raise errors.parameter("Invalid parameter")
    return _save(number, settings={**number.settings, **wanted})


def _pin(call: Call) -> str:
    pin = str(call.body.get("pin") or "")
    if not pin:
        raise errors.required("pin")
    if len(pin) != PIN_DIGITS or not pin.isdigit():
        raise errors.parameter(f"Param pin must be {PIN_DIGITS} digits.")
    return pin


def _save(number: Number, **values: Any) -> dict[str, Any]:
    Number.objects.filter(pk=number.pk).update(**values)
    world.forget()
    return {"success": True}


def _health(number: Number) -> dict[str, Any]:
    unpaid = world.switches().payment_problem
    able = "BLOCKED" if unpaid or not number.is_registered else "AVAILABLE"
    own: dict[str, Any] = {
        "entity_type": "PHONE_NUMBER",
        "id": number.phone_number_id,
        "can_send_message": "AVAILABLE" if number.is_registered else "BLOCKED",
    }
    account: dict[str, Any] = {
        "entity_type": "WABA",
        "id": number.waba_id,
        "can_send_message": "BLOCKED" if unpaid else "AVAILABLE",
    }
    if unpaid:
        account["errors"] = [
            {
                "error_code": 141006,
                "error_description": "There is an error with the payment method.",
                "possible_solution": "Add a valid payment method to the account.",
            }
        ]
    return {"can_send_message": able, "entities": [own, account]}


def _webhooks(number: Number) -> dict[str, str]:
    own = {"phone_number": number.webhook_url} if number.webhook_url else {}
    account = world.current().subscribed.get(number.waba_id)
    if account is not None and account.webhook_url:
        own["whatsapp_business_account"] = account.webhook_url
    return own


def _written(digits: str) -> str:
    """`27875500100` -> `+27 87 550 0100`, as Meta shows numbers of this country."""
    if digits.startswith("27") and len(digits) == 11:
        return f"+27 {digits[2:4]} {digits[4:7]} {digits[7:]}"
    return f"+{digits}"
