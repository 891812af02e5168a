"""Reading a stored template: which gaps its components have. Tolerates what Meta stores there."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

GAP = re.compile(r"\{\{\s*(\w+)\s*\}\}")
MEDIA_HEADERS = ("image", "video", "document")
# Buttons that take nothing on a send. Everything else not handled below cannot be sent from here.
PLAIN_BUTTONS = ("PHONE_NUMBER", "VOICE_CALL", "REQUEST_CONTACT_INFO")
TEXT_COMPONENTS = ("HEADER", "BODY", "FOOTER", "BUTTONS")


@dataclass(frozen=True)
class Variable:
    """One gap of a stored template."""

    key: str  # what its value is called: "1", "first_name", "header.1", "header.image", "button.0"
    place: str  # header, body, button
    kind: str  # text, image, video, document, location, url, otp, copy_code, quick_reply, flow
    label: str  # for the field of a form: "Body {{1}}", "Button “Track”"
    example: str = ""  # Meta's sample, "" where there is none
    index: int = -1  # buttons: place among all buttons, from 0
    required: bool = True


@dataclass(frozen=True)
class ButtonShape:
    """One button of a stored template, as a preview shows it."""

    kind: (
        str  # Meta's type in lower case: quick_reply, url, phone_number, copy_code, otp, flow, ...
    )
    text: str
    url: str = ""


@dataclass(frozen=True)
class Parts:
    """A stored template by its parts; "" and () where it has none."""

    header: Mapping[str, Any]
    body: Mapping[str, Any]
    footer: Mapping[str, Any]
    buttons: tuple[Mapping[str, Any], ...]
    others: tuple[str, ...]  # component types that cannot be sent from here


def read_parts(components: object) -> Parts:
    found = {kind: part for part in _objects(components) if (kind := _upper(part, "type"))}
    buttons = tuple(_objects(found.get("BUTTONS", {}).get("buttons")))
    others = tuple(kind.lower() for kind in found if kind not in TEXT_COMPONENTS)
    empty: dict[str, Any] = {}
    header, body = found.get("HEADER", empty), found.get("BODY", empty)
    return Parts(header, body, found.get("FOOTER", empty), buttons, others)


def gaps(text: str) -> tuple[str, ...]:
    """Return the names of the gaps: numbers in their order, names as they come, each once."""
    names = tuple(dict.fromkeys(GAP.findall(text)))
    return tuple(sorted(names, key=int)) if is_positional(names) else names


def is_positional(names: Iterable[str]) -> bool:
    return all(name.isascii() and name.isdigit() for name in names)


def text_of(part: Mapping[str, Any], key: str = "text") -> str:
    value = part.get(key)
    return value if isinstance(value, str) else ""


def header_kind(header: Mapping[str, Any]) -> str | None:
    """Return text, image, video, document, location, or what else Meta calls it; None without."""
    if not header:
        return None
    return _upper(header, "format").lower() or "text"


def header_variables(header: Mapping[str, Any]) -> Iterator[Variable]:
    kind = header_kind(header)
    if kind == "text":
        for name in gaps(text_of(header)):
            example = _example(header, "header_text", name)
            yield Variable(f"header.{name}", "header", "text", f"Header {{{{{name}}}}}", example)
    elif kind in (*MEDIA_HEADERS, "location"):
        yield Variable(f"header.{kind}", "header", str(kind), f"Header: {kind}")


def body_variables(body: Mapping[str, Any]) -> Iterator[Variable]:
    for name in gaps(text_of(body)):
        label = f"Body {{{{{name}}}}}"
        yield Variable(name, "body", "text", label, _example(body, "body_text", name))


def button_variables(buttons: tuple[Mapping[str, Any], ...]) -> Iterator[Variable]:
    for index, button in enumerate(buttons):
        kind, title = _upper(button, "type"), f"Button “{text_of(button)}”"
        key = f"button.{index}"
        if kind == "OTP" or (kind == "URL" and "/otp/" in text_of(button, "url")):
            yield Variable(key, "button", "otp", title, index=index, required=False)
        elif kind == "URL" and gaps(text_of(button, "url")):
            yield Variable(key, "button", "url", title, _first(button.get("example")), index)
        elif kind == "COPY_CODE":
            yield Variable(key, "button", "copy_code", title, _first(button.get("example")), index)
        elif kind in ("QUICK_REPLY", "FLOW"):
            yield Variable(key, "button", kind.lower(), title, index=index, required=False)


def obstacle(parts: Parts) -> str:
    """Return why this template cannot be sent from here, "" where it can."""
    kind = header_kind(parts.header)
    if kind not in (None, "text", "location", *MEDIA_HEADERS):
        return f"has a header of kind {kind}, which cannot be sent from here"
    for button in parts.buttons:
        kind = _upper(button, "type")
        if kind not in (*PLAIN_BUTTONS, "QUICK_REPLY", "URL", "COPY_CODE", "OTP", "FLOW"):
            return f"has a button of kind {kind.lower()}, which cannot be sent from here"
    if parts.others:
        return f"has a component of kind {parts.others[0]}, which cannot be sent from here"
    return ""


def read_buttons(parts: Parts) -> tuple[ButtonShape, ...]:
    return tuple(
        ButtonShape(_upper(button, "type").lower(), text_of(button), text_of(button, "url"))
        for button in parts.buttons
    )


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list | tuple):
        yield from (item for item in value if isinstance(item, Mapping))


def _upper(part: Mapping[str, Any], key: str) -> str:
    return text_of(part, key).upper()


def _first(value: object) -> str:
    """Return the first text in nested lists: Meta writes samples as "x", ["x"] and [["x"]]."""
    while isinstance(value, list) and value:
        value = value[0]
    return value if isinstance(value, str) else ""


def _example(part: Mapping[str, Any], key: str, name: str) -> str:
    """Return Meta's sample for one gap, from either of its two shapes."""
    example = part.get("example")
    if not isinstance(example, Mapping):
        return ""
    for named in _objects(example.get(f"{key}_named_params")):
        if named.get("param_name") == name:
            return text_of(named, "example")
    samples = example.get(key)
    if isinstance(samples, list) and samples and isinstance(samples[0], list):
        samples = samples[0]
    place = int(name) - 1 if is_positional([name]) else -1
    if isinstance(samples, list) and 0 <= place < len(samples):
        return _first(samples[place])
    return ""
