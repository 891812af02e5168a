"""Buttons and lists: what Meta gets, and every limit of it."""

from typing import Any

import pytest

from conversations.whatsapp.content import (
    Button,
    Buttons,
    ContentError,
    Document,
    Image,
    ListMenu,
    MediaSource,
    Row,
    Section,
    Video,
)

YES, NO = Button("yes", "Yes"), Button("no", "No")
LINK = MediaSource(link="https://example.com/file")
ROW = Row("track_order", "Track an order", "Where is my parcel?")


def rows(count: int, *, start: int = 0) -> tuple[Row, ...]:
    return tuple(Row(f"row{n}", f"Row {n}") for n in range(start, start + count))


def test_buttons_are_written_as_meta_wants_them() -> None:
    """Source: Cloud API, interactive reply buttons messages."""
    wire = Buttons("Paid?", (YES, NO), header="Invoice", footer="Karoo").to_wire()
    assert wire == {
        "type": "interactive",
        "interactive": {
            "type": "button",
            "header": {"type": "text", "text": "Invoice"},
            "body": {"text": "Paid?"},
            "footer": {"text": "Karoo"},
            "action": {
                "buttons": [
                    {"type": "reply", "reply": {"id": "yes", "title": "Yes"}},
                    {"type": "reply", "reply": {"id": "no", "title": "No"}},
                ]
            },
        },
    }


def test_a_list_is_written_as_meta_wants_it() -> None:
    """Source: Cloud API, interactive list messages."""
    section = Section("Orders", (ROW, Row("new_order", "New order")))
    wire = ListMenu("How can we help?", "View options", (section,)).to_wire()
    assert wire["interactive"]["action"] == {
        "button": "View options",
        "sections": [
            {
                "title": "Orders",
                "rows": [
                    {
                        "id": "track_order",
                        "title": "Track an order",
                        "description": "Where is my parcel?",
                    },
                    {"id": "new_order", "title": "New order"},
                ],
            }
        ],
    }
    assert "header" not in wire["interactive"]
    assert "footer" not in wire["interactive"]


@pytest.mark.parametrize(
    ("header", "wire"),
    [
        (Image(LINK), {"type": "image", "image": {"link": LINK.link}}),
        (Video(MediaSource(id="7")), {"type": "video", "video": {"id": "7"}}),
        (
            Document(LINK, filename="invoice.pdf"),
            {"type": "document", "document": {"link": LINK.link, "filename": "invoice.pdf"}},
        ),
    ],
)
def test_buttons_take_a_file_as_header(header: Any, wire: dict[str, Any]) -> None:
    assert Buttons("Paid?", (YES,), header=header).to_wire()["interactive"]["header"] == wire


def test_people_read_the_body() -> None:
    assert Buttons("Paid?", (YES, NO)).text_for_people() == "Paid?"
    assert ListMenu("Choose", "Open", (Section(None, (ROW,)),)).text_for_people() == "Choose"


@pytest.mark.parametrize(
    ("make", "field", "limit"),
    [
        (lambda: Button("yes", "x" * 21), "button.title", 20),
        (lambda: Button("yes", "😀" * 11), "button.title", 20),
        (lambda: Button("y" * 257, "Yes"), "button.id", 256),
        (lambda: Button(" yes", "Yes"), "button.id", None),
        (lambda: Button("", "Yes"), "button.id", 256),
        (lambda: Button("yes", "two\nlines"), "button.title", None),
        (lambda: Buttons("Paid?", ()), "buttons", 1),
        (lambda: Buttons("Paid?", (YES, NO, Button("a", "A"), Button("b", "B"))), "buttons", 3),
        (lambda: Buttons("Paid?", (YES, Button("no", "Yes"))), "buttons' titles", None),
        (lambda: Buttons("Paid?", (YES, Button("yes", "No"))), "buttons' ids", None),
        (lambda: Buttons("Paid?", [YES]), "buttons", None),  # type: ignore[arg-type]  # misuse
        (lambda: Buttons("Paid?", ("yes",)), "buttons[0]", None),  # type: ignore[arg-type]  # too
        (lambda: Buttons("", (YES,)), "body", 1024),
        (lambda: Buttons("x" * 1025, (YES,)), "body", 1024),
        (lambda: Buttons("Paid?", (YES,), header="x" * 61), "header", 60),
        (lambda: Buttons("Paid?", (YES,), header=""), "header", 60),
        (lambda: Buttons("Paid?", (YES,), footer="x" * 61), "footer", 60),
        (
            lambda: Buttons("Paid?", (YES,), header=Image(LINK, caption="no")),
            "header.caption",
            None,
        ),
        (lambda: Row("r" * 201, "Row"), "row.id", 200),
        (lambda: Row("r", "x" * 25), "row.title", 24),
        (lambda: Row("r", "Row", "x" * 73), "row.description", 72),
        (lambda: Section("x" * 25, (ROW,)), "section.title", 24),
        (lambda: Section("Orders", ()), "section.rows", 1),
        (lambda: ListMenu("Body", "x" * 21, (Section(None, (ROW,)),)), "button", 20),
        (lambda: ListMenu("Body", "Open", ()), "sections", 1),
        (
            lambda: ListMenu(
                "Body", "Open", tuple(Section(f"S{n}", rows(1, start=n)) for n in range(11))
            ),
            "sections",
            10,
        ),
        (
            lambda: ListMenu(
                "Body", "Open", (Section("A", rows(6)), Section("B", rows(5, start=6)))
            ),
            "rows",
            10,
        ),
        (
            lambda: ListMenu("Body", "Open", (Section("A", (ROW,)), Section("B", (ROW,)))),
            "rows' ids",
            None,
        ),
        (
            lambda: ListMenu("Body", "Open", (Section("A", (ROW,)), Section(None, rows(1)))),
            "section.title",
            None,
        ),
        (
            lambda: ListMenu("Body", "Open", (Section(None, (ROW,)),), header=Image(LINK)),  # type: ignore[arg-type]  # a file has no place there
            "header",
            None,
        ),
    ],
)
def test_it_refuses_what_meta_refuses(make: Any, field: str, limit: int | None) -> None:
    with pytest.raises(ContentError) as refused:
        make()
    assert (refused.value.field, refused.value.limit) == (field, limit)
    assert str(refused.value).startswith(f"{field}: ")


def test_it_takes_exactly_the_limits() -> None:
    buttons = tuple(Button(f"{n}" * 256, f"{n}" * 20) for n in range(3))
    Buttons("x" * 1024, buttons, header="x" * 60, footer="x" * 60)
    full = tuple(Row(f"{n}" * 200, "x" * 24, "x" * 72) for n in range(10))
    ListMenu("x" * 1024, "x" * 20, (Section("x" * 24, full),), header="x" * 60)


def test_ten_sections_of_one_row_each_are_a_full_list() -> None:
    sections = tuple(Section(f"S{n}", rows(1, start=n)) for n in range(10))
    assert len(ListMenu("Body", "Open", sections).to_wire()["interactive"]["action"]) == 2


def test_rows_may_share_a_title() -> None:
    ListMenu("Body", "Open", (Section(None, (Row("a", "Same"), Row("b", "Same"))),))
