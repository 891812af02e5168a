"""Buttons, lists, links and the other interactive messages, with their limits.

Source: Cloud API, interactive messages; the wording as seen from the API where it was seen.
"""

from collections.abc import Callable
from typing import Any

from simulator.graph import errors
from simulator.graph.checks.content import check_link
from simulator.graph.order import Order

HEADER, BODY, FOOTER = 60, 1024, 60
LIST_BODY = 1024  # the docs say 4096, the OpenAPI file 1024: what passes here must pass there
BUTTON_TITLE, BUTTON_ID, BUTTONS_MOST = 20, 256, 3
LIST_BUTTON, SECTION_TITLE, SECTIONS_MOST = 20, 24, 10
ROWS_MOST, ROW_ID, ROW_TITLE, ROW_DESCRIPTION = 10, 200, 24, 72
FLOW_CTA = 20  # the docs say 30, the API was seen to refuse above 20
MEDIA_HEADERS = ("image", "video", "document")


def check_interactive(order: Order) -> None:
    """131009 with the rule that is broken; other types pass."""
    if order.type != "interactive":
        return
    interactive = order.content
    kind = interactive.get("type")
    if not kind:
        raise errors.required("interactive['type']")
    if not isinstance(kind, str) or kind not in ACTIONS:
        names = ", ".join(name.upper() for name in ACTIONS)
        raise errors.parameter(
            f"Param interactive['type'] must be one of {{{names}}} - got \"{kind}\"."
        )
    _check_header(interactive.get("header"), kind)
    _check_text("body", interactive.get("body"), LIST_BODY if kind == "list" else BODY)
    if interactive.get("footer") is not None:
        _check_text("footer", interactive["footer"], FOOTER)
    action = interactive.get("action")
    if not isinstance(action, dict):
        raise errors.required("interactive['action']")
    ACTIONS[kind](action)


def _check_header(header: Any, kind: str) -> None:
    if header is None:
        return
    form = header.get("type") if isinstance(header, dict) else None
    if kind == "list" and form != "text":
        raise errors.invalid("List header type must be text")
    if form == "text":
        _longest("Header text", header.get("text"), HEADER)
    elif form not in MEDIA_HEADERS:
        raise errors.invalid("Header type is not valid. Use text, image, video or document")
    else:
        _check_file(form, header.get(form))


def _check_file(form: str, file: Any) -> None:
    if not isinstance(file, dict) or not (file.get("id") or file.get("link")):
        raise errors.required(f"interactive['header']['{form}']")


def _check_text(part: str, given: Any, longest: int) -> None:
    text = given.get("text") if isinstance(given, dict) else None
    if not text:
        raise errors.required(f"interactive['{part}']['text']")
    _longest(f"{part.title()} text", text, longest)


def _longest(what: str, text: Any, longest: int) -> None:
    if not text or not isinstance(text, str):
        raise errors.invalid(f"{what} is required")
    if len(text) > longest:
        raise errors.invalid(f"{what} is too long. Max length is {longest}")


def _different(what: str, values: list[str]) -> None:
    if len(set(values)) < len(values):
        raise errors.invalid(f"Duplicated {what} found")


def _check_buttons(action: dict[str, Any]) -> None:
    buttons = action.get("buttons")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= BUTTONS_MOST:
        raise errors.invalid(
            f"Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: {BUTTONS_MOST}"
        )
    replies = [one.get("reply") if isinstance(one, dict) else None for one in buttons]
    for reply in replies:
        if not isinstance(reply, dict):
            raise errors.invalid("Button reply is required")
        _longest("Button label", reply.get("title"), BUTTON_TITLE)
        _longest("Button id", reply.get("id"), BUTTON_ID)
    _different("button title", [str(reply["title"]) for reply in replies if reply])
    _different("button id", [str(reply["id"]) for reply in replies if reply])


def _check_list(action: dict[str, Any]) -> None:
    _longest("Button label", action.get("button"), LIST_BUTTON)
    sections = action.get("sections")
    if not isinstance(sections, list) or not 1 <= len(sections) <= SECTIONS_MOST:
        raise errors.invalid(
            "Invalid sections count. Min allowed sections: 1, "
            f"Max allowed sections: {SECTIONS_MOST}"
        )
    for section in sections:
        _check_section(section, needs_title=len(sections) > 1)
    rows = [row for section in sections for row in section["rows"]]
    if len(rows) > ROWS_MOST:
        raise errors.invalid(f"Total row count exceed max allowed count: {ROWS_MOST}")
    _different("row id", [str(row["id"]) for row in rows])


def _check_section(section: Any, *, needs_title: bool) -> None:
    if not isinstance(section, dict) or not isinstance(section.get("rows"), list):
        raise errors.invalid("Section rows are required")
    if not section["rows"]:
        raise errors.invalid("Section rows cannot be empty")
    if needs_title or section.get("title"):
        _longest("Section title", section.get("title"), SECTION_TITLE)
    for row in section["rows"]:
        if not isinstance(row, dict):
            raise errors.invalid("Row is not valid")
        _longest("Row title", row.get("title"), ROW_TITLE)
        _longest("Row id", row.get("id"), ROW_ID)
        if row.get("description"):
            _longest("Row description", row["description"], ROW_DESCRIPTION)


def _check_link_button(action: dict[str, Any]) -> None:
    parameters = action.get("parameters")
    if action.get("name") != "cta_url" or not isinstance(parameters, dict):
        raise errors.required("interactive['action']['parameters']")
    _longest("Display text", parameters.get("display_text"), BUTTON_TITLE)
    check_link("interactive['action']['parameters']['url']", parameters.get("url"))


def _check_flow(action: dict[str, Any]) -> None:
    parameters = action.get("parameters")
    if action.get("name") != "flow" or not isinstance(parameters, dict):
        raise errors.required("interactive['action']['parameters']")
    if not parameters.get("flow_id") and not parameters.get("flow_name"):
        raise errors.required("flow_id")
    _longest("Flow CTA", parameters.get("flow_cta"), FLOW_CTA)


def _named(name: str) -> Callable[[dict[str, Any]], None]:
    def check(action: dict[str, Any]) -> None:
        if action.get("name") != name:
            raise errors.invalid(f"Action name must be {name}")

    return check


ACTIONS: dict[str, Callable[[dict[str, Any]], None]] = {
    "button": _check_buttons,
    "list": _check_list,
    "cta_url": _check_link_button,
    "flow": _check_flow,
    "location_request_message": _named("send_location"),
    "request_contact_info": _named("request_contact_info"),
}
