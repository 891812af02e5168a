"""One thing to do: open a link, send one's location, fill in a form."""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from conversations.whatsapp.content import frame
from conversations.whatsapp.content.rules import (
    ContentError,
    Wire,
    check_id,
    check_text,
    check_url,
    entry,
    optional,
)

DISPLAY_TEXT_MAX = 20  # Cloud API, call-to-action URL messages
FLOW_CTA_MAX = 20  # Cloud API, flows: the guide says 30, what is accepted everywhere is 20
EMOJI_SIGNS = "\ufe0f\u20e3\u25fd\u25fe"  # what makes an emoji of a digit; two small squares
FLOW_MESSAGE_VERSION = "3"  # Cloud API, flows


@dataclass(frozen=True)
class CallToAction:
    """A text with one button that opens `url`."""

    body: str
    display_text: str
    url: str
    header: frame.Header | None = None
    footer: str | None = None

    kind: ClassVar[str] = "cta_url"

    def __post_init__(self) -> None:
        frame.check_frame(self.header, self.body, self.footer)
        check_text("display_text", self.display_text, limit=DISPLAY_TEXT_MAX, one_line=True)
        check_url("url", self.url)

    def to_wire(self) -> Wire:
        framed = frame.frame_wire("cta_url", self.header, self.body, self.footer)
        parameters = {"display_text": self.display_text, "url": self.url}
        action = {"name": "cta_url", "parameters": parameters}
        return {"type": "interactive", "interactive": {**framed, "action": action}}

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        inner = entry(wire, "interactive", "")
        parameters = entry(frame.action_of(wire), "parameters", "action")
        return cls(
            frame.read_body(inner),
            entry(parameters, "display_text", "parameters"),
            entry(parameters, "url", "parameters"),
            header=frame.read_header(inner),
            footer=frame.read_footer(inner),
        )

    def text_for_people(self) -> str:
        return self.body


@dataclass(frozen=True)
class LocationRequest:
    """A text with a button "Send location"."""

    body: str

    kind: ClassVar[str] = "location_request"

    def __post_init__(self) -> None:
        check_text("body", self.body, limit=frame.BODY_MAX)

    def to_wire(self) -> Wire:
        framed = frame.frame_wire("location_request_message", None, self.body, None)
        inner = {**framed, "action": {"name": "send_location"}}
        return {"type": "interactive", "interactive": inner}

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        return cls(frame.read_body(entry(wire, "interactive", "")))

    def text_for_people(self) -> str:
        return self.body


@dataclass(frozen=True)
class Flow:
    """A text with a button that opens a form (a WhatsApp Flow), named by its id or its name.

    With `screen` the form opens there, filled with `data`; without it its own server is asked.
    `flow_token` comes back with the answers.
    """

    body: str
    cta: str
    flow_id: str | None = None
    flow_name: str | None = None
    flow_token: str | None = None
    screen: str | None = None
    data: dict[str, Any] | None = None
    draft: bool = False
    header: frame.Header | None = None
    footer: str | None = None

    kind: ClassVar[str] = "flow"

    def __post_init__(self) -> None:
        frame.check_frame(self.header, self.body, self.footer)
        check_text("cta", self.cta, limit=FLOW_CTA_MAX, one_line=True)
        if any(mark in EMOJI_SIGNS or unicodedata.category(mark) == "So" for mark in self.cta):
            raise ContentError("cta", "holds an emoji", advice="Use words only.")
        if (self.flow_id is None) == (self.flow_name is None):
            raise ContentError(
                "flow", "needs either its id or its name", advice="Give one of them."
            )
        for field in ("flow_id", "flow_name", "flow_token", "screen"):
            if getattr(self, field) is not None:
                check_id(field, getattr(self, field))
        self._check_data()

    def _check_data(self) -> None:
        if self.data is None:
            return
        if self.screen is None:
            raise ContentError("data", "has no screen to go to", advice="Name the screen.")
        data: object = self.data
        if not isinstance(data, dict) or not data:
            raise ContentError("data", "is not an object with entries", advice="Leave it out.")
        try:
            json.dumps(data, allow_nan=False)
        except (TypeError, ValueError, RecursionError):
            raise ContentError("data", "cannot be written as JSON") from None

    def to_wire(self) -> Wire:
        framed = frame.frame_wire("flow", self.header, self.body, self.footer)
        action = {"name": "flow", "parameters": self._parameters()}
        return {"type": "interactive", "interactive": {**framed, "action": action}}

    def _parameters(self) -> Wire:
        named = {
            "flow_message_version": FLOW_MESSAGE_VERSION,
            "flow_id": self.flow_id,
            "flow_name": self.flow_name,
            "flow_cta": self.cta,
            "flow_token": self.flow_token,
            "mode": "draft" if self.draft else None,
            "flow_action": "data_exchange" if self.screen is None else "navigate",
            "flow_action_payload": self._payload(),
        }
        return {key: value for key, value in named.items() if value is not None}

    def _payload(self) -> Wire | None:
        if self.screen is None:
            return None
        return {"screen": self.screen, **({} if self.data is None else {"data": self.data})}

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        inner = entry(wire, "interactive", "")
        parameters = entry(frame.action_of(wire), "parameters", "action")
        payload = optional(parameters, "flow_action_payload")
        return cls(
            frame.read_body(inner),
            entry(parameters, "flow_cta", "parameters"),
            flow_id=optional(parameters, "flow_id"),
            flow_name=optional(parameters, "flow_name"),
            flow_token=optional(parameters, "flow_token"),
            screen=optional(payload, "screen"),
            data=optional(payload, "data"),
            draft=optional(parameters, "mode") == "draft",
            header=frame.read_header(inner),
            footer=frame.read_footer(inner),
        )

    def text_for_people(self) -> str:
        return self.body
