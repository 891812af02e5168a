"""Header, body and footer: what all interactive messages share."""

from collections.abc import Mapping
from typing import Any

from conversations.whatsapp.content.media import Document, Image, Video
from conversations.whatsapp.content.rules import (
    ContentError,
    Wire,
    check_optional,
    check_text,
    entry,
    optional,
    text_at,
)

HEADER_MAX = 60  # Cloud API, interactive messages, text header
BODY_MAX = (
    1024  # Cloud API, interactive messages. Lists: 4096 in the guide, 1024 in the OpenAPI file
)
FOOTER_MAX = 60  # Cloud API, interactive messages

MediaHeader = Image | Video | Document
Header = str | MediaHeader
MEDIA_HEADERS: dict[str, type[MediaHeader]] = {"image": Image, "video": Video, "document": Document}


def check_frame(header: object, body: object, footer: object) -> None:
    check_header(header)
    check_text("body", body, limit=BODY_MAX)
    check_optional("footer", footer, limit=FOOTER_MAX)


def check_header(header: object) -> None:
    """Refuse headers Meta has no place for; a file in a header has no caption."""
    if isinstance(header, Image | Video | Document):
        if header.caption is not None:
            raise ContentError("header.caption", "has no place in a header", advice="Use the body.")
        return
    check_optional("header", header, limit=HEADER_MAX, one_line=True)


def frame_wire(kind: str, header: Header | None, body: str, footer: str | None) -> Wire:
    """Return the interactive object without its action."""
    wire: Wire = {"type": kind, "body": {"text": body}}
    if header is not None:
        wire["header"] = header_wire(header)
    if footer is not None:
        wire["footer"] = {"text": footer}
    return wire


def header_wire(header: Header) -> Wire:
    return {"type": "text", "text": header} if isinstance(header, str) else header.to_wire()


def read_header(interactive: object) -> Header | None:
    header = optional(interactive, "header")
    if header is None:
        return None
    kind = text_at(header, "type", "header")
    if kind == "text":
        return text_at(header, "text", "header")
    if kind not in MEDIA_HEADERS:
        raise ContentError("header.type", "is none of text, image, video, document")
    return MEDIA_HEADERS[kind].from_wire(header)


def read_body(interactive: object) -> Any:
    return entry(entry(interactive, "body", "interactive"), "text", "body")


def read_footer(interactive: object) -> Any:
    footer = optional(interactive, "footer")
    return None if footer is None else entry(footer, "text", "footer")


def action_of(wire: Mapping[str, Any]) -> Any:
    return entry(entry(wire, "interactive", ""), "action", "interactive")
