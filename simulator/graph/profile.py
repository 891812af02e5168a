"""The business profile that customers see. Source: Cloud API, business profiles."""

from typing import Any

from simulator import world
from simulator.graph import errors
from simulator.graph.call import Call
from simulator.models import Number

LONGEST = {"about": 139, "address": 256, "description": 512, "email": 128}
VERTICALS = (
    "UNDEFINED, OTHER, AUTO, BEAUTY, APPAREL, EDU, ENTERTAIN, EVENT_PLAN, FINANCE, GROCERY, GOVT, "
    "HOTEL, HEALTH, NONPROFIT, PROF_SERVICES, RETAIL, TRAVEL, RESTAURANT, NOT_A_BIZ"
)
WEBSITES_MOST, WEBSITE_LONGEST = 2, 256
FIELDS = (*LONGEST, "websites", "vertical", "profile_picture_url")


def show(call: Call, number: Number) -> dict[str, Any]:
    """`{"data": [{...}]}` with the fields that were asked for; those never set are left out."""
    asked = [name.strip() for name in str(call.body.get("fields") or "").split(",") if name.strip()]
    kept = {"vertical": "UNDEFINED", **number.profile}
    profile = {name: kept[name] for name in asked or FIELDS if name in kept}
    return {"data": [{**profile, "messaging_product": "whatsapp"}]}


def change(call: Call, number: Number) -> dict[str, Any]:
    """The given fields are changed, the others stay."""
    if call.body.get("messaging_product") != "whatsapp":
        raise errors.required("messaging_product")
    wanted = {name: call.body[name] for name in FIELDS if name in call.body}
    for name, longest in LONGEST.items():
        if len(str(wanted.get(name, ""))) > longest:
            raise errors.parameter(f"Param {name} must be at most {longest} characters long.")
    if wanted.get("about") == "":
        raise errors.parameter("Param about must be at least 1 characters long.")
    if "vertical" in wanted and wanted["vertical"] not in VERTICALS.split(", "):
        raise errors.parameter(f"Param vertical must be one of {{{VERTICALS}}}.")
    _check_websites(wanted.get("websites", []))
    Number.objects.filter(pk=number.pk).update(profile={**number.profile, **wanted})
    world.forget()
    return {"success": True}


def _check_websites(websites: Any) -> None:
    if not isinstance(websites, list) or len(websites) > WEBSITES_MOST:
        raise errors.parameter(f"Param websites must have at most {WEBSITES_MOST} elements.")
    for one in websites:
        if len(str(one)) > WEBSITE_LONGEST:
            raise errors.parameter(
                f"Param websites must be at most {WEBSITE_LONGEST} characters long."
            )
