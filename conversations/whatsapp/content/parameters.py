"""One value for one gap of a template."""

import re
from dataclasses import dataclass
from typing import Self

from conversations.whatsapp.content.rules import (
    ContentError,
    Wire,
    check_id,
    check_text,
    entry,
    optional,
)

PARAMETER_MAX = 1024  # Cloud API, templates: the longest rendered body
# Cloud API, error 132018: no new-line or tab, not more than 4 consecutive spaces
_REFUSED = re.compile(r"[\n\r\t\v\f\x1c-\x1e\x85\u2028\u2029]| {5}")


def check_parameter(field: str, value: object, *, limit: int = PARAMETER_MAX) -> None:
    """Refuse what Meta answers with 132018 (100 before v23): empty, breaks, tabs, wide gaps."""
    check_text(field, value, limit=limit)
    if isinstance(value, str) and _REFUSED.search(value):
        problem = "has a line break, a tab or more than 4 spaces in a row"
        raise ContentError(field, problem, advice="Write it on one line with single spaces.")


@dataclass(frozen=True)
class Parameter:
    """Text for one gap: the next one, or the one called `name`."""

    text: str
    name: str | None = None

    def __post_init__(self) -> None:
        check_parameter(f"value of {self.name}" if self.name else "value", self.text)
        if self.name is not None:
            check_id("parameter_name", self.name)

    def to_wire(self) -> Wire:
        named = {} if self.name is None else {"parameter_name": self.name}
        return {"type": "text", **named, "text": self.text}

    def text_for_people(self) -> str:
        return self.text


@dataclass(frozen=True)
class Currency:
    """An amount that WhatsApp formats for the reader's phone. `amount_1000`: thousandths."""

    fallback: str
    code: str  # ISO 4217
    amount_1000: int

    def __post_init__(self) -> None:
        check_parameter("currency.fallback_value", self.fallback)
        check_text("currency.code", self.code, limit=3)
        if isinstance(self.amount_1000, bool) or not isinstance(self.amount_1000, int):
            raise ContentError("currency.amount_1000", "is not a whole number")

    def to_wire(self) -> Wire:
        amount = {"code": self.code, "amount_1000": self.amount_1000}
        return {"type": "currency", "currency": {"fallback_value": self.fallback, **amount}}

    @classmethod
    def from_wire(cls, wire: object) -> Self:
        fallback = entry(wire, "fallback_value", "currency")
        return cls(
            fallback, entry(wire, "code", "currency"), entry(wire, "amount_1000", "currency")
        )

    def text_for_people(self) -> str:
        return self.fallback


@dataclass(frozen=True)
class DateTime:
    """A date in words; WhatsApp shows it as it stands."""

    fallback: str

    def __post_init__(self) -> None:
        check_parameter("date_time.fallback_value", self.fallback)

    def to_wire(self) -> Wire:
        return {"type": "date_time", "date_time": {"fallback_value": self.fallback}}

    def text_for_people(self) -> str:
        return self.fallback


def read_parameter(wire: object) -> Parameter | Currency | DateTime:
    kind = entry(wire, "type", "parameter")
    if kind == "text":
        return Parameter(entry(wire, "text", "parameter"), optional(wire, "parameter_name"))
    if kind == "currency":
        return Currency.from_wire(entry(wire, "currency", "parameter"))
    if kind == "date_time":
        when = entry(wire, "date_time", "parameter")
        return DateTime(entry(when, "fallback_value", "date_time"))
    raise ContentError("parameter.type", "is none of text, currency, date_time")
