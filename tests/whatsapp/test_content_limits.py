"""Every limit of Meta's at its edge: as much is taken, one more is refused by field and limit."""

from collections.abc import Callable
from typing import Any

import pytest

from conversations.whatsapp import content as c
from tests.whatsapp.stored_templates import shape

FILE = c.MediaSource(id="7")
YES = c.Button("yes", "Yes")
ROW = c.Row("r", "Row")
SECTION = (c.Section(None, (ROW,)),)
CARD = c.Card("Thandi Nkosi", first_name="Thandi")
URL = "https://example.com"
HEADED = shape(
    [{"type": "HEADER", "format": "TEXT", "text": "No {{1}}"}, {"type": "BODY", "text": "Hi"}]
)
BODIED = shape([{"type": "BODY", "text": "Hi {{1}}"}])
CODED = shape(
    [
        {"type": "BODY", "text": "*{{1}}* is your code."},
        {"type": "BUTTONS", "buttons": [{"type": "OTP", "text": "Copy code"}]},
    ]
)


def buttons(count: int) -> c.Buttons:
    return c.Buttons("Hi", tuple(c.Button(f"b{n}", f"B{n}") for n in range(count)))


def sections(count: int) -> c.ListMenu:
    found = (c.Section(f"S{n}", (c.Row(f"r{n}", "Row"),)) for n in range(count))
    return c.ListMenu("Hi", "Open", tuple(found))


def rows_in_two_sections(count: int) -> c.ListMenu:
    rows = [c.Row(f"r{n}", "Row") for n in range(count)]
    return c.ListMenu(
        "Hi", "Open", (c.Section("A", tuple(rows[:5])), c.Section("B", tuple(rows[5:])))
    )


# Source: Cloud API, messages: the objects of each type, and their limits.
LIMITS: list[tuple[str, int, Callable[[int], Any]]] = [
    ("body", 4096, lambda n: c.Text("x" * n)),
    *(
        ("caption", 1024, lambda n, kind=kind: kind(FILE, caption="x" * n))
        for kind in (c.Image, c.Video, c.Document)
    ),
    ("body", 1024, lambda n: c.Buttons("x" * n, (YES,))),
    ("header", 60, lambda n: c.Buttons("Hi", (YES,), header="x" * n)),
    ("footer", 60, lambda n: c.Buttons("Hi", (YES,), footer="x" * n)),
    ("button.title", 20, lambda n: c.Button("b", "x" * n)),
    ("button.id", 256, lambda n: c.Button("x" * n, "B")),
    ("buttons", 3, buttons),
    ("body", 1024, lambda n: c.ListMenu("x" * n, "Open", SECTION)),
    ("header", 60, lambda n: c.ListMenu("Hi", "Open", SECTION, header="x" * n)),
    ("footer", 60, lambda n: c.ListMenu("Hi", "Open", SECTION, footer="x" * n)),
    ("button", 20, lambda n: c.ListMenu("Hi", "x" * n, SECTION)),
    ("sections", 10, sections),
    ("rows", 10, rows_in_two_sections),
    ("section.title", 24, lambda n: c.Section("x" * n, (ROW,))),
    ("row.id", 200, lambda n: c.Row("x" * n, "Row")),
    ("row.title", 24, lambda n: c.Row("r", "x" * n)),
    ("row.description", 72, lambda n: c.Row("r", "Row", "x" * n)),
    ("body", 1024, lambda n: c.CallToAction("x" * n, "Open", URL)),
    ("header", 60, lambda n: c.CallToAction("Hi", "Open", URL, header="x" * n)),
    ("footer", 60, lambda n: c.CallToAction("Hi", "Open", URL, footer="x" * n)),
    ("display_text", 20, lambda n: c.CallToAction("Hi", "x" * n, URL)),
    ("body", 1024, lambda n: c.LocationRequest("x" * n)),
    ("body", 1024, lambda n: c.Flow("x" * n, "Open", flow_id="1")),
    ("header", 60, lambda n: c.Flow("Hi", "Open", flow_id="1", header="x" * n)),
    ("footer", 60, lambda n: c.Flow("Hi", "Open", flow_id="1", footer="x" * n)),
    ("cta", 20, lambda n: c.Flow("Hi", "x" * n, flow_id="1")),
    ("contacts", 5, lambda n: c.Contacts((CARD,) * n)),
    *(
        (name, 20, lambda n, name=name, one=one: c.Card("T", "T", **{name: (one,) * n}))
        for name, one in [
            *((name, c.Entry("x")) for name in ("phones", "emails", "urls")),
            ("addresses", c.Address(zip="1")),
        ]
    ),
    ("template.name", 512, lambda n: c.Template("x" * n, "en")),
    ("header", 60, lambda n: c.HeaderText(c.Parameter("x" * n))),
    ("value", 1024, lambda n: c.Parameter("x" * n)),
    ("button.index", 9, lambda n: c.UrlButton(n, "a")),
    ("button.coupon_code", 20, lambda n: c.CopyCodeButton(0, "x" * n)),
    # With its values filled in. Source: Cloud API, template components; error 132005.
    ("header", 60, lambda n: HEADED.build("t", "en", {"header.1": "x" * (n - len("No "))})),
    ("body", 1024, lambda n: BODIED.build("t", "en", ["x" * (n - len("Hi "))])),
    # Source: Cloud API, authentication templates.
    ("button.0", 15, lambda n: CODED.build("t", "en", ["1" * n])),
]


@pytest.mark.parametrize(("field", "limit", "make"), LIMITS)
def test_as_much_is_taken_and_one_more_is_refused(
    field: str, limit: int, make: Callable[[int], Any]
) -> None:
    assert make(limit)
    with pytest.raises(c.ContentError) as refused:
        make(limit + 1)
    assert (refused.value.field, refused.value.limit) == (field, limit)
    assert str(limit) in str(refused.value)


@pytest.mark.parametrize(
    "make",
    [
        lambda text: c.Button("b", text),
        lambda text: c.Row("r", text),
        lambda text: c.Section(text, (ROW,)),
        lambda text: c.ListMenu("Hi", text, SECTION),
        lambda text: c.CallToAction("Hi", text, URL),
        lambda text: c.Flow("Hi", text, flow_id="1"),
        lambda text: c.Buttons("Hi", (YES,), header=text),
        lambda text: c.Document(FILE, filename=text),
    ],
)
@pytest.mark.parametrize("text", ["Yes\n", "\nYes", "Y\r\nes", "Yes\u2028"])
def test_what_stands_on_one_line_has_no_break_at_its_end_either(make: Any, text: str) -> None:
    with pytest.raises(c.ContentError, match="has a line break"):
        make(text)
