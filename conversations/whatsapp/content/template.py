"""Approved templates: the name, the language, and what goes into their gaps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from conversations.whatsapp import labels
from conversations.whatsapp.content.parameters import Currency, DateTime, Parameter, read_parameter
from conversations.whatsapp.content.rules import (
    ContentError,
    Wire,
    check_count,
    check_id,
    check_kinds,
    check_unique,
    entries,
    entry,
    optional,
    text_at,
)
from conversations.whatsapp.content.template_buttons import (
    BUTTONS,
    CopyCodeButton,
    FlowButton,
    QuickReplyButton,
    TemplateButton,
    UrlButton,
)
from conversations.whatsapp.content.template_headers import (
    HeaderLocation,
    HeaderMedia,
    HeaderText,
    TemplateHeader,
    read_template_header,
)

NAME_MAX = 512  # Cloud API, template name
PARAMETERS_MAX = 100  # not documented; far above what 1024 characters of body have room for


@dataclass(frozen=True)
class Body:
    """The gaps of the body: all by position, in their order, or all by name, in any order."""

    parameters: tuple[Parameter | Currency | DateTime, ...]

    def __post_init__(self) -> None:
        check_count("body", self.parameters, least=1, most=PARAMETERS_MAX)
        check_kinds("body", self.parameters, (Parameter, Currency, DateTime))
        names = [p.name for p in self.parameters if isinstance(p, Parameter) and p.name is not None]
        if names and len(names) < len(self.parameters):
            raise ContentError("body", "mixes values by name with values by position")
        check_unique("body's names", names)

    def to_wire(self) -> Wire:
        return {"type": "body", "parameters": [value.to_wire() for value in self.parameters]}

    @classmethod
    def from_wire(cls, wire: object) -> Self:
        return cls(entries(wire, "parameters", "body", read_parameter))


Component = TemplateHeader | Body | TemplateButton


@dataclass(frozen=True)
class Template:
    """A message that may be sent outside the window too, once Meta has approved its text.

    `language` is the exact code of the translation: "en" is not "en_US". Only what varies is given;
    a file in the header counts as varying and is needed on every send.
    """

    name: str
    language: str
    components: tuple[Component, ...] = ()

    kind: ClassVar[str] = "template"

    def __post_init__(self) -> None:
        check_id("template.name", self.name, limit=NAME_MAX)
        check_id("template.language", self.language)
        check_count("components", self.components, least=0, most=12)
        check_kinds("components", self.components, _COMPONENTS)
        check_unique("components", [place_of(component) for component in self.components])

    @classmethod
    def with_body(cls, name: str, language: str, *values: str) -> Self:
        """Return a template whose body takes these texts by position; none for a fixed text."""
        body = (Body(tuple(Parameter(value) for value in values)),) if values else ()
        return cls(name, language, body)

    def to_wire(self) -> Wire:
        template: Wire = {"name": self.name, "language": {"code": self.language}}
        if self.components:
            template["components"] = [component.to_wire() for component in self.components]
        return {"type": "template", "template": template}

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        template = entry(wire, "template", "")
        code = entry(entry(template, "language", "template"), "code", "template.language")
        components: tuple[Component, ...] = ()
        if optional(template, "components") is not None:
            components = entries(template, "components", "template", _read_component)
        return cls(entry(template, "name", "template"), code, components)

    def text_for_people(self) -> str:
        """Return name and body values; the words themselves are known only to `TemplateShape`."""
        bodies = [part for part in self.components if isinstance(part, Body)]
        values = ", ".join(value.text_for_people() for part in bodies for value in part.parameters)
        return labels.label(self.kind, f"{self.name} ({values})" if values else self.name)


_HEADERS = (HeaderText, HeaderMedia, HeaderLocation)
_BUTTONS = (QuickReplyButton, UrlButton, CopyCodeButton, FlowButton)
_COMPONENTS = (*_HEADERS, Body, *_BUTTONS)


def place_of(component: Component) -> str:
    """Return what there is only one of: header, body, and each button by its index."""
    if isinstance(component, _BUTTONS):
        return f"button {component.index}"
    return "body" if isinstance(component, Body) else "header"


def _read_component(wire: object) -> Component:
    kind = text_at(wire, "type", "component").lower()
    if kind == "header":
        return read_template_header(wire)
    if kind == "body":
        return Body.from_wire(wire)
    button = BUTTONS.get(text_at(wire, "sub_type", "button").lower()) if kind == "button" else None
    if button is None:
        raise ContentError("component.type", "is none that can be sent")
    return button.from_wire(wire)
