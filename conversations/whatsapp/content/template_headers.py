"""What a template's header takes: a value for its gap, a file, or a place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from conversations.whatsapp.content.frame import (
    HEADER_MAX,
    MEDIA_HEADERS,
    MediaHeader,
    check_header,
)
from conversations.whatsapp.content.location import Location
from conversations.whatsapp.content.media import Document, Image, Video
from conversations.whatsapp.content.parameters import Parameter, check_parameter, read_parameter
from conversations.whatsapp.content.rules import ContentError, Wire, entries, text_at


@dataclass(frozen=True)
class HeaderText:
    """The value of the one gap a text header may have."""

    parameter: Parameter

    def __post_init__(self) -> None:
        if not isinstance(self.parameter, Parameter):
            raise ContentError("header", "is not a Parameter")
        check_parameter("header", self.parameter.text, limit=HEADER_MAX)

    def to_wire(self) -> Wire:
        return {"type": "header", "parameters": [self.parameter.to_wire()]}


@dataclass(frozen=True)
class HeaderMedia:
    """The file in the header; the sample of the approved template is never sent by itself."""

    media: MediaHeader

    def __post_init__(self) -> None:
        if not isinstance(self.media, Image | Video | Document):
            raise ContentError("header", "is no image, video or document")
        check_header(self.media)

    def to_wire(self) -> Wire:
        return {"type": "header", "parameters": [self.media.to_wire()]}


@dataclass(frozen=True)
class HeaderLocation:
    """The place in the header. Meta wants all four of its parts."""

    location: Location

    def __post_init__(self) -> None:
        if not isinstance(self.location, Location):
            raise ContentError("header", "is no location")
        if not self.location.name or not self.location.address:
            raise ContentError("header.location", "needs a name and an address")

    def to_wire(self) -> Wire:
        return {"type": "header", "parameters": [self.location.to_wire()]}

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        return cls(Location.from_wire(wire))


TemplateHeader = HeaderText | HeaderMedia | HeaderLocation


def read_template_header(wire: object) -> TemplateHeader:
    found = entries(wire, "parameters", "header", _read)
    if len(found) != 1:
        raise ContentError("header.parameters", "does not hold exactly one entry")
    return found[0]


def _read(wire: Any) -> TemplateHeader:
    kind = text_at(wire, "type", "header")
    if kind in MEDIA_HEADERS:
        return HeaderMedia(MEDIA_HEADERS[kind].from_wire(wire))
    if kind == "location":
        return HeaderLocation.from_wire(wire)
    text = read_parameter(wire)
    if not isinstance(text, Parameter):
        raise ContentError("header.type", "is none of text, image, video, document, location")
    return HeaderText(text)
