"""What a template's buttons take. `index` is the place among all its buttons, from 0."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from conversations.whatsapp.content.parameters import check_parameter
from conversations.whatsapp.content.rules import (
    ContentError,
    Wire,
    check_id,
    check_text,
    entries,
    entry,
    optional,
)

BUTTONS_MAX = 10  # Cloud API, template components
PAYLOAD_MAX = 256  # as for reply buttons; templates have no figure of their own
URL_SUFFIX_MAX = 2000  # Cloud API, template components, URL button
COPY_CODE_MAX = 20  # Cloud API, coupon code templates, since December 2025 (15 before)
FLOW_TOKEN_UNUSED = "unused"  # noqa: S105  # Cloud API's own default, no secret


@dataclass(frozen=True)
class _Button(ABC):
    index: int

    sub_type: ClassVar[str]

    def __post_init__(self) -> None:
        if isinstance(self.index, bool) or not isinstance(self.index, int):
            raise ContentError("button.index", "is not a whole number")
        if not 0 <= self.index < BUTTONS_MAX:
            raise ContentError("button.index", "is not between 0 and 9", limit=BUTTONS_MAX - 1)
        self._check()

    @abstractmethod
    def _check(self) -> None:
        """Refuse a value that Meta refuses."""

    @abstractmethod
    def _parameter(self) -> Wire:
        """Return the one parameter this kind takes."""

    def to_wire(self) -> Wire:
        # Meta's own samples write the index as text.
        head = {"type": "button", "sub_type": self.sub_type, "index": str(self.index)}
        return {**head, "parameters": [self._parameter()]}


@dataclass(frozen=True)
class QuickReplyButton(_Button):
    """What comes back as payload when the customer taps it, in place of its text."""

    payload: str

    sub_type: ClassVar[str] = "quick_reply"

    def _check(self) -> None:
        check_id("button.payload", self.payload, limit=PAYLOAD_MAX)

    def _parameter(self) -> Wire:
        return {"type": "payload", "payload": self.payload}

    @classmethod
    def from_wire(cls, wire: object) -> Self:
        return cls(_index(wire), entry(_only(wire), "payload", "button"))


@dataclass(frozen=True)
class UrlButton(_Button):
    """The end of the button's address, where the template leaves it open. Also one-time codes."""

    text: str

    sub_type: ClassVar[str] = "url"

    def _check(self) -> None:
        check_parameter("button.text", self.text, limit=URL_SUFFIX_MAX)

    def _parameter(self) -> Wire:
        return {"type": "text", "text": self.text}

    @classmethod
    def from_wire(cls, wire: object) -> Self:
        return cls(_index(wire), entry(_only(wire), "text", "button"))


@dataclass(frozen=True)
class CopyCodeButton(_Button):
    """The coupon code that a tap copies."""

    code: str

    sub_type: ClassVar[str] = "copy_code"

    def _check(self) -> None:
        check_text("button.coupon_code", self.code, limit=COPY_CODE_MAX, one_line=True)

    def _parameter(self) -> Wire:
        return {"type": "coupon_code", "coupon_code": self.code}

    @classmethod
    def from_wire(cls, wire: object) -> Self:
        return cls(_index(wire), entry(_only(wire), "coupon_code", "button"))


@dataclass(frozen=True)
class FlowButton(_Button):
    """Opens a form. `flow_token` comes back with the answers; `data` fills its first screen."""

    flow_token: str = FLOW_TOKEN_UNUSED
    data: dict[str, Any] | None = None

    sub_type: ClassVar[str] = "flow"

    def _check(self) -> None:
        check_id("button.flow_token", self.flow_token)
        if self.data is not None and not isinstance(self.data, dict):
            raise ContentError("button.flow_action_data", "is not an object")

    def _parameter(self) -> Wire:
        data = {} if self.data is None else {"flow_action_data": self.data}
        return {"type": "action", "action": {"flow_token": self.flow_token, **data}}

    @classmethod
    def from_wire(cls, wire: object) -> Self:
        action = entry(_only(wire), "action", "button")
        token = optional(action, "flow_token") or FLOW_TOKEN_UNUSED
        return cls(_index(wire), token, optional(action, "flow_action_data"))


TemplateButton = QuickReplyButton | UrlButton | CopyCodeButton | FlowButton
BUTTONS: dict[str, type[TemplateButton]] = {
    button.sub_type: button for button in (QuickReplyButton, UrlButton, CopyCodeButton, FlowButton)
}


def _index(wire: object) -> int:
    index = str(entry(wire, "index", "button"))
    if not (index.isascii() and index.isdigit()):
        raise ContentError("button.index", "is not a whole number")
    return int(index)


def _only(wire: object) -> object:
    found = entries(wire, "parameters", "button", lambda parameter: parameter)
    if len(found) != 1:
        raise ContentError("button.parameters", "does not hold exactly one entry")
    return found[0]
