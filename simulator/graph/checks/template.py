"""A template send: the template is there and approved, and its parameters are what it wants.

Source: Cloud API, templates and error codes 132000 to 132018.
"""

import re
from typing import Any

from simulator.graph import errors, filling
from simulator.graph.order import Order
from simulator.models import Template

BODY_LONGEST = 1024
LAST_VERSION_WITHOUT_132018 = 22
BROKEN = re.compile(r"[\n\r\t]| {5,}")
BODY_TYPES = ("text", "currency", "date_time")
BROKEN_WORDS = "Param text cannot have new-line/tab characters or more than 4 consecutive spaces"


def check_known(order: Order) -> None:
    """Name and language, exactly, of an approved template; it stands in the order then."""
    if order.type != "template":
        return
    name, language = order.content.get("name"), order.content.get("language")
    if not name:
        raise errors.required("template['name']")
    code = language.get("code") if isinstance(language, dict) else None
    if not code:
        raise errors.required("template['language']['code']")
    template = Template.objects.filter(
        waba_id=order.number.waba_id, name=name, language=code, deleted_at__isnull=True
    ).first()
    refusal = {"PAUSED": 132015, "DISABLED": 132016}.get(template.status if template else "")
    if refusal:
        raise errors.known(refusal)
    if template is None or template.status != "APPROVED":
        raise errors.known(132001, f"template name ({name}) does not exist in {code}")
    order.template = template
    order.parts = filling.sort(order.content.get("components"))


def check_counts(order: Order) -> None:
    """132000: as many values as the template has variables, in header and body each."""
    if order.template is None:
        return
    for kind in ("header", "body"):
        wanted = filling.variables(filling.component(order.template, kind))
        given = [one for one in filling.parameters(order.parts, kind) if _fills_text(one, kind)]
        if len(given) != len(wanted):
            raise errors.known(
                132000,
                f"{kind}: number of localizable_params ({len(given)}) does not match the expected "
                f"number of params ({len(wanted)})",
            )
        if order.template.parameter_format == "NAMED":
            _check_names(given, wanted)


def check_values(order: Order) -> None:
    """The values are of the right kind and break no layout; then they are filled in."""
    if order.template is None:
        return
    _check_header(order.template, filling.parameters(order.parts, "header"))
    for one in filling.parameters(order.parts, "body"):
        if one.get("type") not in BODY_TYPES:
            raise errors.known(
                132012, f"body: Format mismatch, expected TEXT, received {_kind(one)}"
            )
    for kind in ("header", "body"):
        for one in filling.parameters(order.parts, kind):
            _check_words(one, order.version)
    _check_buttons(order.template, order.parts)
    order.shown = filling.fill(order.template, order.parts)
    if len(order.shown["text"]) > BODY_LONGEST:
        raise errors.known(132005, "Translated text too long")


def check_by_user_id(order: Order) -> None:
    """131062: one-time codes go to phone numbers only."""
    if order.by_user_id and order.template and order.template.category == "AUTHENTICATION":
        raise errors.known(131062)


def _fills_text(one: dict[str, Any], kind: str) -> bool:
    return kind == "body" or one.get("type") == "text"


def _check_names(given: list[dict[str, Any]], wanted: list[str]) -> None:
    names = [one.get("parameter_name") for one in given]
    if not all(name and isinstance(name, str) for name in names):
        raise errors.parameter("Invalid parameter: Parameter name is missing or empty")
    if set(names) != set(wanted):
        raise errors.parameter(f"Invalid parameter: expected {', '.join(sorted(wanted))}")


def _check_header(template: Template, given: list[dict[str, Any]]) -> None:
    header = filling.component(template, "header")
    wanted = str((header or {}).get("format", "")).upper()
    if wanted in ("", "TEXT"):
        return
    received = _kind(given[0]) if given else "UNKNOWN"
    if received != wanted:
        raise errors.known(
            132012, f"header: Format mismatch, expected {wanted}, received {received}"
        )
    value = given[0].get(wanted.lower())
    if not isinstance(value, dict) or not value:
        raise errors.known(131008, f"Parameter of type {wanted.lower()} is missing its value")


def _check_words(one: dict[str, Any], version: int) -> None:
    if one.get("type") != "text":
        return
    text = one.get("text")
    if not text or not str(text).strip():
        raise errors.known(131008, "Parameter of type text is missing text value")
    if BROKEN.search(str(text)):
        if version <= LAST_VERSION_WITHOUT_132018:
            raise errors.GraphError("(#100) Invalid parameter", code=100, details=BROKEN_WORDS)
        raise errors.known(132018, BROKEN_WORDS)


def _check_buttons(template: Template, parts: dict[str, Any]) -> None:
    buttons = filling.buttons(template)
    for index, button in enumerate(buttons):
        if "{{" in button.get("url", "") and not filling.button_parameters(parts, index):
            raise errors.known(
                131008, f"Buttons: Button at index {index} of type Url requires a parameter"
            )
    for index in parts.get("button", {}):
        if not index.isdigit() or int(index) >= len(buttons):
            raise errors.known(132000, f"Buttons: there is no button at index {index}")


def _kind(one: dict[str, Any]) -> str:
    return str(one.get("type", "unknown")).upper()
