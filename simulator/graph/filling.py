"""A template's components and the values for them, put together to what the customer sees."""

import re
from typing import Any

from simulator.graph import errors
from simulator.models import Template

VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def sort(components: Any) -> dict[str, Any]:
    """`{"header": [...], "body": [...], "button": {"0": [...]}}` from what a send carries.

    Raises: GraphError where it is no list of components.
    """
    if components is None:
        return {}
    if not isinstance(components, list) or not all(isinstance(one, dict) for one in components):
        raise errors.parameter("Param template['components'] must be an array.")
    parts: dict[str, Any] = {"button": {}}
    for one in components:
        kind = str(one.get("type", "")).lower()
        values = one.get("parameters") or []
        if not isinstance(values, list):
            raise errors.parameter("Param template['components']['parameters'] must be an array.")
        given = [value for value in values if isinstance(value, dict)]
        if kind == "button":
            parts["button"][str(one.get("index", ""))] = given
        elif kind in ("header", "body", "limited_time_offer", "carousel"):
            parts[kind] = given
        else:
            raise errors.parameter(f"Param template['components'] has an unknown type \"{kind}\".")
    return parts


def parameters(parts: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """The values given for header or body."""
    given: list[dict[str, Any]] = parts.get(kind, [])
    return given


def button_parameters(parts: dict[str, Any], index: int) -> list[dict[str, Any]]:
    """The values given for the button at this position."""
    given: list[dict[str, Any]] = parts.get("button", {}).get(str(index), [])
    return given


def component(template: Template, kind: str) -> dict[str, Any] | None:
    """The template's header, body, footer or buttons, or None."""
    found = (one for one in template.components if str(one.get("type", "")).lower() == kind)
    return next(found, None)


def buttons(template: Template) -> list[dict[str, Any]]:
    """The template's buttons, by position."""
    return list((component(template, "buttons") or {}).get("buttons", []))


def variables(part: dict[str, Any] | None) -> list[str]:
    """The names or numbers of the variables in a component's text, each once."""
    return list(dict.fromkeys(VARIABLE.findall((part or {}).get("text") or "")))


def fill(template: Template, parts: dict[str, Any]) -> dict[str, Any]:
    """What the customer sees: `header`, `text`, `footer`, `buttons`, as the phone draws them."""
    footer = component(template, "footer")
    return {
        "template": template.name,
        "header": _header(template, parameters(parts, "header")),
        "text": _filled(component(template, "body"), parameters(parts, "body")),
        "footer": (footer or {}).get("text", ""),
        "buttons": [
            _button(one, button_parameters(parts, index))
            for index, one in enumerate(buttons(template))
        ],
    }


def _filled(part: dict[str, Any] | None, given: list[dict[str, Any]]) -> str:
    names = variables(part)
    values = dict(zip(names, (_words(one) for one in given), strict=False))
    values |= {str(one["parameter_name"]): _words(one) for one in given if "parameter_name" in one}
    return VARIABLE.sub(lambda hit: values.get(hit.group(1), ""), (part or {}).get("text") or "")


def _words(one: dict[str, Any]) -> str:
    if one.get("type") == "text":
        return str(one.get("text", ""))
    value = one.get(str(one.get("type")))
    return str(value.get("fallback_value", "")) if isinstance(value, dict) else ""


def _header(template: Template, given: list[dict[str, Any]]) -> dict[str, Any] | None:
    part = component(template, "header")
    if part is None:
        return None
    form = str(part.get("format", "TEXT")).lower()
    if form == "text":
        return {"kind": "text", "text": _filled(part, given)}
    return {"kind": form, **(given[0].get(form) or {} if given else {})}


def _button(button: dict[str, Any], given: list[dict[str, Any]]) -> dict[str, Any]:
    kind, text = str(button.get("type", "")).lower(), str(button.get("text", ""))
    first = given[0] if given else {}
    if kind == "quick_reply":
        return {"kind": kind, "text": text, "payload": str(first.get("payload") or text)}
    if kind == "url":
        url = VARIABLE.sub(lambda _: str(first.get("text", "")), button.get("url", ""))
        return {"kind": kind, "text": text, "url": url}
    if kind == "phone_number":
        return {"kind": kind, "text": text, "phone": button.get("phone_number", "")}
    if kind == "copy_code":
        return {"kind": kind, "text": text or "Copy code", "code": first.get("coupon_code", "")}
    return {"kind": kind, "text": text}
