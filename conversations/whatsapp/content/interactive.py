"""Questions with answers to tap: up to three buttons, or a list of up to ten rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from conversations.whatsapp.content import frame
from conversations.whatsapp.content.rules import (
    ContentError,
    Wire,
    check_count,
    check_id,
    check_kinds,
    check_optional,
    check_text,
    check_unique,
    entries,
    entry,
    optional,
)

# Cloud API, interactive reply buttons
BUTTONS_MAX = 3
BUTTON_TITLE_MAX = 20
BUTTON_ID_MAX = 256
# Cloud API, interactive lists
LIST_BUTTON_MAX = 20
SECTIONS_MAX = 10
SECTION_TITLE_MAX = 24
ROWS_MAX = 10  # in all sections together
ROW_ID_MAX = 200
ROW_TITLE_MAX = 24
ROW_DESCRIPTION_MAX = 72


@dataclass(frozen=True)
class Button:
    """A reply button. Its `id` comes back when the customer taps it."""

    id: str
    title: str

    def __post_init__(self) -> None:
        check_id("button.id", self.id, limit=BUTTON_ID_MAX)
        check_text("button.title", self.title, limit=BUTTON_TITLE_MAX, one_line=True)

    def to_wire(self) -> Wire:
        return {"type": "reply", "reply": {"id": self.id, "title": self.title}}

    @classmethod
    def from_wire(cls, wire: object) -> Self:
        reply = entry(wire, "reply", "button")
        return cls(entry(reply, "id", "button"), entry(reply, "title", "button"))


@dataclass(frozen=True)
class Buttons:
    """A text with one to three reply buttons under it."""

    body: str
    buttons: tuple[Button, ...]
    header: frame.Header | None = None
    footer: str | None = None

    kind: ClassVar[str] = "buttons"

    def __post_init__(self) -> None:
        frame.check_frame(self.header, self.body, self.footer)
        check_count("buttons", self.buttons, least=1, most=BUTTONS_MAX)
        check_kinds("buttons", self.buttons, Button)
        check_unique("buttons' titles", [button.title for button in self.buttons])
        check_unique("buttons' ids", [button.id for button in self.buttons])

    def to_wire(self) -> Wire:
        framed = frame.frame_wire("button", self.header, self.body, self.footer)
        action = {"buttons": [button.to_wire() for button in self.buttons]}
        return {"type": "interactive", "interactive": {**framed, "action": action}}

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        inner = entry(wire, "interactive", "")
        buttons = entries(frame.action_of(wire), "buttons", "action", Button.from_wire)
        header, footer = frame.read_header(inner), frame.read_footer(inner)
        return cls(frame.read_body(inner), buttons, header=header, footer=footer)

    def text_for_people(self) -> str:
        return self.body


@dataclass(frozen=True)
class Row:
    """One line of a list. Its `id` comes back when the customer picks it."""

    id: str
    title: str
    description: str | None = None

    def __post_init__(self) -> None:
        check_id("row.id", self.id, limit=ROW_ID_MAX)
        check_text("row.title", self.title, limit=ROW_TITLE_MAX, one_line=True)
        check_optional("row.description", self.description, limit=ROW_DESCRIPTION_MAX)

    def to_wire(self) -> Wire:
        more = {} if self.description is None else {"description": self.description}
        return {"id": self.id, "title": self.title, **more}

    @classmethod
    def from_wire(cls, wire: object) -> Self:
        title = entry(wire, "title", "row")
        return cls(entry(wire, "id", "row"), title, optional(wire, "description"))


@dataclass(frozen=True)
class Section:
    """Rows under a title. The title may be None only where there is a single section."""

    title: str | None
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        check_optional("section.title", self.title, limit=SECTION_TITLE_MAX, one_line=True)
        check_count("section.rows", self.rows, least=1, most=ROWS_MAX)
        check_kinds("section.rows", self.rows, Row)

    def to_wire(self) -> Wire:
        titled = {} if self.title is None else {"title": self.title}
        return {**titled, "rows": [row.to_wire() for row in self.rows]}

    @classmethod
    def from_wire(cls, wire: object) -> Self:
        return cls(optional(wire, "title"), entries(wire, "rows", "section", Row.from_wire))


@dataclass(frozen=True)
class ListMenu:
    """A text with a button that opens a menu. The header can only be text."""

    body: str
    button: str
    sections: tuple[Section, ...]
    header: str | None = None
    footer: str | None = None

    kind: ClassVar[str] = "list"

    def __post_init__(self) -> None:
        if self.header is not None and not isinstance(self.header, str):
            raise ContentError("header", "can only be text in a list")
        frame.check_frame(self.header, self.body, self.footer)
        check_text("button", self.button, limit=LIST_BUTTON_MAX, one_line=True)
        check_count("sections", self.sections, least=1, most=SECTIONS_MAX)
        check_kinds("sections", self.sections, Section)
        self._check_rows()

    def _check_rows(self) -> None:
        rows = tuple(row for section in self.sections for row in section.rows)
        check_count("rows", rows, least=1, most=ROWS_MAX)
        check_unique("rows' ids", [row.id for row in rows])
        if len(self.sections) > 1 and any(section.title is None for section in self.sections):
            advice = "With more than one section each needs a title."
            raise ContentError("section.title", "is missing", advice=advice)

    def to_wire(self) -> Wire:
        framed = frame.frame_wire("list", self.header, self.body, self.footer)
        sections = [section.to_wire() for section in self.sections]
        action = {"button": self.button, "sections": sections}
        return {"type": "interactive", "interactive": {**framed, "action": action}}

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        inner, action = entry(wire, "interactive", ""), frame.action_of(wire)
        header = frame.read_header(inner)
        return cls(
            frame.read_body(inner),
            entry(action, "button", "action"),
            entries(action, "sections", "action", Section.from_wire),
            header=header,  # type: ignore[arg-type]  # a file is refused by __post_init__
            footer=frame.read_footer(inner),
        )

    def text_for_people(self) -> str:
        return self.body
