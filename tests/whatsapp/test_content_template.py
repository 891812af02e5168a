"""Templates as they are sent: every kind of header, body value and button."""

from typing import Any

import pytest

from conversations.whatsapp.content import (
    Body,
    ContentError,
    CopyCodeButton,
    Currency,
    DateTime,
    Document,
    FlowButton,
    HeaderLocation,
    HeaderMedia,
    HeaderText,
    Image,
    Location,
    MediaSource,
    Parameter,
    QuickReplyButton,
    Sticker,
    Template,
    UrlButton,
    Video,
    from_wire,
)

LINK = MediaSource(link="https://example.com/a")
SHOP = Location(-33.9, 18.4, "Shop", "1 Long St")


def test_a_template_with_body_values_is_written_as_meta_wants_it() -> None:
    """Source: Cloud API, template messages, positional parameters."""
    assert Template.with_body("invoice_overdue", "en_ZA", "Thandi", "INV-7").to_wire() == {
        "type": "template",
        "template": {
            "name": "invoice_overdue",
            "language": {"code": "en_ZA"},
            "components": [
                {
                    "type": "body",
                    "parameters": [
                        {"type": "text", "text": "Thandi"},
                        {"type": "text", "text": "INV-7"},
                    ],
                }
            ],
        },
    }


def test_a_fixed_template_carries_no_components() -> None:
    wire = Template.with_body("hello", "en").to_wire()
    assert wire["template"] == {"name": "hello", "language": {"code": "en"}}


@pytest.mark.parametrize(
    ("component", "wire"),
    [
        (
            HeaderText(Parameter("INV-7")),
            {"type": "header", "parameters": [{"type": "text", "text": "INV-7"}]},
        ),
        (
            HeaderText(Parameter("INV-7", "no")),
            {
                "type": "header",
                "parameters": [{"type": "text", "parameter_name": "no", "text": "INV-7"}],
            },
        ),
        (
            HeaderMedia(Image(LINK)),
            {"type": "header", "parameters": [{"type": "image", "image": {"link": LINK.link}}]},
        ),
        (
            HeaderMedia(Video(LINK)),
            {"type": "header", "parameters": [{"type": "video", "video": {"link": LINK.link}}]},
        ),
        (
            HeaderMedia(Document(MediaSource(id="7"), filename="INV-7.pdf")),
            {
                "type": "header",
                "parameters": [
                    {"type": "document", "document": {"id": "7", "filename": "INV-7.pdf"}}
                ],
            },
        ),
        (
            HeaderLocation(SHOP),
            {
                "type": "header",
                "parameters": [
                    {
                        "type": "location",
                        "location": {
                            "latitude": -33.9,
                            "longitude": 18.4,
                            "name": "Shop",
                            "address": "1 Long St",
                        },
                    }
                ],
            },
        ),
        (
            Body((Parameter("Thandi", "first_name"),)),
            {
                "type": "body",
                "parameters": [{"type": "text", "parameter_name": "first_name", "text": "Thandi"}],
            },
        ),
        (
            Body((Currency("R 10.99", "ZAR", 10990), DateTime("1 May 2026"))),
            {
                "type": "body",
                "parameters": [
                    {
                        "type": "currency",
                        "currency": {
                            "fallback_value": "R 10.99",
                            "code": "ZAR",
                            "amount_1000": 10990,
                        },
                    },
                    {"type": "date_time", "date_time": {"fallback_value": "1 May 2026"}},
                ],
            },
        ),
        (
            QuickReplyButton(1, "YES"),
            {
                "type": "button",
                "sub_type": "quick_reply",
                "index": "1",
                "parameters": [{"type": "payload", "payload": "YES"}],
            },
        ),
        (
            UrlButton(0, "abc123"),
            {
                "type": "button",
                "sub_type": "url",
                "index": "0",
                "parameters": [{"type": "text", "text": "abc123"}],
            },
        ),
        (
            CopyCodeButton(2, "SAVE10"),
            {
                "type": "button",
                "sub_type": "copy_code",
                "index": "2",
                "parameters": [{"type": "coupon_code", "coupon_code": "SAVE10"}],
            },
        ),
        (
            FlowButton(0, "token", {"a": 1}),
            {
                "type": "button",
                "sub_type": "flow",
                "index": "0",
                "parameters": [
                    {
                        "type": "action",
                        "action": {"flow_token": "token", "flow_action_data": {"a": 1}},
                    }
                ],
            },
        ),
    ],
)
def test_every_component_is_written_and_read_back(component: Any, wire: dict[str, Any]) -> None:
    """Source: Cloud API, template messages, component and parameter objects."""
    assert component.to_wire() == wire
    template = Template("t", "en", (component,))
    assert from_wire(template.to_wire()) == template


def test_people_read_name_and_values() -> None:
    assert Template("hello", "en").text_for_people() == "Template: hello"
    template = Template("t", "en", (Body((Parameter("Thandi"), Currency("R 1", "ZAR", 1000))),))
    assert template.text_for_people() == "Template: t (Thandi, R 1)"
    assert Body((DateTime("1 May"),)).parameters[0].text_for_people() == "1 May"


@pytest.mark.parametrize(
    "text", ["a\nb", "a\tb", "a     b", "a\r\nb", "a\vb", "a\x85b", "a\u2028b", "", "   "]
)
def test_it_refuses_values_that_meta_refuses(text: str) -> None:
    """Source: Cloud API, error 132018."""
    with pytest.raises(ContentError):
        Template.with_body("t", "en", text)


def test_it_takes_four_spaces_in_a_row() -> None:
    Template.with_body("t", "en", "a    b")


def test_an_error_names_the_value_by_its_name() -> None:
    with pytest.raises(ContentError, match="value of first_name"):
        Parameter("a\nb", "first_name")


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Template("", "en"), "template.name"),
        (lambda: Template("t", ""), "template.language"),
        (lambda: Template("x" * 513, "en"), "template.name"),
        (lambda: Template("t", "en", ("x",)), "components[0]"),  # type: ignore[arg-type]  # misuse
        (lambda: Template("t", "en", (UrlButton(0, "a"), UrlButton(0, "b"))), "components"),
        (
            lambda: Template("t", "en", (HeaderText(Parameter("a")), HeaderMedia(Image(LINK)))),
            "components",
        ),
        (lambda: Body(()), "body"),
        (lambda: Body((Parameter("a"), Parameter("b", "name"))), "body"),
        (lambda: Body((DateTime("a"), Parameter("b", "name"))), "body"),
        (lambda: Body((Parameter("a", "n"), Parameter("b", "n"))), "body's names"),
        (lambda: Parameter("a", " n"), "parameter_name"),
        (lambda: Currency("R 1", "RAND", 1), "currency.code"),
        (lambda: Currency("R 1", "ZAR", 1.5), "currency.amount_1000"),  # type: ignore[arg-type]  # misuse
        (lambda: HeaderText("x"), "header"),  # type: ignore[arg-type]  # misuse
        (lambda: HeaderText(Parameter("x" * 61)), "header"),
        (lambda: HeaderMedia(Sticker(LINK)), "header"),  # type: ignore[arg-type]  # misuse
        (lambda: HeaderMedia(Image(LINK, caption="x")), "header.caption"),
        (lambda: HeaderLocation("x"), "header"),  # type: ignore[arg-type]  # misuse
        (lambda: HeaderLocation(Location(0, 0, "Shop")), "header.location"),
        (lambda: UrlButton(10, "a"), "button.index"),
        (lambda: UrlButton(-1, "a"), "button.index"),
        (lambda: UrlButton("0", "a"), "button.index"),  # type: ignore[arg-type]  # misuse
        (lambda: UrlButton(0, ""), "button.text"),
        (lambda: CopyCodeButton(0, "x" * 21), "button.coupon_code"),
        (lambda: QuickReplyButton(0, "x" * 257), "button.payload"),
        (lambda: FlowButton(0, ""), "button.flow_token"),
        (lambda: FlowButton(0, "t", [1]), "button.flow_action_data"),  # type: ignore[arg-type]  # misuse
    ],
)
def test_it_refuses_what_meta_refuses(make: Any, field: str) -> None:
    with pytest.raises(ContentError) as refused:
        make()
    assert refused.value.field == field
