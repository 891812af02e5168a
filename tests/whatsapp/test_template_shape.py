"""What a stored template needs, and whether given values fit it."""

from typing import Any

import pytest

from conversations.whatsapp.content import (
    Body,
    CopyCodeButton,
    FlowButton,
    HeaderLocation,
    HeaderMedia,
    HeaderText,
    Image,
    Location,
    MediaSource,
    Parameter,
    QuickReplyButton,
    Template,
    UrlButton,
    Video,
)
from tests.whatsapp.stored_templates import (
    FULL,
    FULL_VALUES,
    INVOICE,
    NAMED,
    OVERDUE,
    shape,
    with_button,
    with_header,
)


def test_it_knows_what_has_to_be_filled_in() -> None:
    needed = [(slot.key, slot.kind, slot.example) for slot in shape(OVERDUE).variables]
    assert needed == [("1", "text", "Thandi"), ("2", "text", "R 1 200")]
    assert shape(OVERDUE).body_variables == ("1", "2")


def test_it_knows_values_by_name_each_once_in_reading_order() -> None:
    needed = [(slot.key, slot.place, slot.example) for slot in shape(NAMED).variables]
    assert needed == [
        ("header.order_no", "header", "42"),
        ("first_name", "body", "Thandi"),
        ("day", "body", "Monday"),
    ]


def test_it_knows_files_links_and_codes() -> None:
    full = shape(FULL)
    assert [slot.key for slot in full.variables] == ["header.document", "1", "button.2", "button.3"]
    assert [slot.example for slot in full.variables][2:] == ["https://example.com/7", "SAVE10"]
    assert full.url_variables == (2,)
    assert full.header_kind == "document"
    assert [(button.kind, button.text) for button in full.buttons][:2] == [
        ("quick_reply", "Paid already"),
        ("url", "Website"),
    ]


def test_values_by_position_are_counted_not_read() -> None:
    assert shape([{"type": "BODY", "text": "{{2}} then {{1}} then {{10}}"}]).body_variables == (
        "1",
        "2",
        "10",
    )


def test_it_reads_as_the_customer_will_see_it() -> None:
    text = shape(OVERDUE).render(["Thandi", "R 1 200"])
    assert text == "Hi Thandi, your invoice for R 1 200 is overdue."
    named = shape(NAMED).render({"header.order_no": "42", "first_name": "Thandi", "day": "Monday"})
    assert named == "Order 42\nHello Thandi, Thandi: it comes on Monday.\nKaroo Office Supplies"


def test_gaps_stay_visible_until_they_are_filled() -> None:
    assert shape(OVERDUE).render(["Thandi"]) == "Hi Thandi, your invoice for {{2}} is overdue."
    assert shape(OVERDUE).render() == OVERDUE[0]["text"]


def test_a_value_that_looks_like_a_gap_is_not_filled_again() -> None:
    text = shape(OVERDUE).render(["{{2}}", "R 5"])
    assert text == "Hi {{2}}, your invoice for R 5 is overdue."


def test_a_file_in_the_header_is_named() -> None:
    assert shape(FULL).render(FULL_VALUES).startswith("📄 Document: INV-7.pdf\nYour invoice INV-7.")
    assert shape(FULL).render(["INV-7"]).startswith("📄 Document\n")
    assert shape(FULL).render({"header.document": "7"}).startswith("📄 Document\n")


def test_it_builds_what_is_sent() -> None:
    assert shape(OVERDUE).build("invoice_overdue", "en_ZA", ["Thandi", "R 5"]) == (
        Template.with_body("invoice_overdue", "en_ZA", "Thandi", "R 5")
    )
    built = shape(NAMED).build(
        "t", "en", {"day": "Monday", "first_name": "Thandi", "header.order_no": "42"}
    )
    assert built.components == (
        HeaderText(Parameter("42", "order_no")),
        Body((Parameter("Thandi", "first_name"), Parameter("Monday", "day"))),
    )


def test_it_builds_files_links_and_codes() -> None:
    assert shape(FULL).build("t", "en", FULL_VALUES).components == (
        HeaderMedia(INVOICE),
        Body((Parameter("INV-7"),)),
        UrlButton(2, "p/7"),
        CopyCodeButton(3, "SAVE10"),
    )


def test_a_quick_reply_gets_a_payload_only_where_one_is_given() -> None:
    built = shape(FULL).build("t", "en", {**FULL_VALUES, "button.0": "paid"})
    assert QuickReplyButton(0, "paid") in built.components


@pytest.mark.parametrize(
    ("value", "source"),
    [
        ("https://example.com/a.png", MediaSource(link="https://example.com/a.png")),
        ("http://example.com/a.png", MediaSource(link="http://example.com/a.png")),
        ("1013859600285441", MediaSource(id="1013859600285441")),
        (MediaSource(id="7"), MediaSource(id="7")),
        (Image(MediaSource(id="8")), MediaSource(id="8")),
    ],
)
def test_a_file_may_be_given_in_several_ways(value: Any, source: MediaSource) -> None:
    built = with_header("IMAGE").build("t", "en", {"header.image": value})
    assert built.components == (HeaderMedia(Image(source)),)


def test_a_film_in_the_header_is_given_as_any_file() -> None:
    built = with_header("VIDEO").build("t", "en", {"header.video": "7"})
    assert built.components == (HeaderMedia(Video(MediaSource(id="7"))),)


@pytest.mark.parametrize("kind", ["PHONE_NUMBER", "VOICE_CALL", "REQUEST_CONTACT_INFO"])
def test_a_button_that_takes_nothing_is_sent_as_it_stands(kind: str) -> None:
    assert with_button(type=kind, text="Call").build("t", "en").components == ()


def test_a_place_in_the_header_is_given_as_a_location() -> None:
    shop = Location(-33.9, 18.4, "Shop", "1 Long St")
    built = with_header("LOCATION").build("t", "en", {"header.location": shop})
    assert built.components == (HeaderLocation(shop),)
    assert with_header("LOCATION").text_of(built) == "📍 Location: Shop, 1 Long St\nHello."


@pytest.mark.parametrize(
    "button",
    [
        {"type": "OTP", "otp_type": "COPY_CODE", "text": "Copy code"},
        {
            "type": "URL",
            "text": "Copy code",
            "url": "https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}",
        },
    ],
)
def test_a_one_time_code_goes_into_body_and_button(button: dict[str, Any]) -> None:
    """Source: Cloud API, authentication templates: the code is sent twice."""
    parts = [
        {"type": "BODY", "text": "*{{1}}* is your code."},
        {"type": "BUTTONS", "buttons": [button]},
    ]
    built = shape(parts).build("login", "en", ["123456"])
    assert built.components == (Body((Parameter("123456"),)), UrlButton(0, "123456"))
    shape(parts).check(built)


def test_a_form_button_always_carries_a_token() -> None:
    form = with_button(type="FLOW", text="Open", flow_id=1)
    assert form.build("t", "en").components == (FlowButton(0, "unused"),)
    assert form.build("t", "en", {"button.0": "tok"}).components == (FlowButton(0, "tok"),)


@pytest.mark.parametrize(
    "garbage",
    [
        None,
        "BODY",
        {},
        [None, 5, "x"],
        [{"type": 5}],
        [{"type": "BODY", "text": None, "example": 7}],
        [{"type": "BUTTONS", "buttons": {"type": "URL"}}],
    ],
)
def test_garbage_has_no_gaps(garbage: Any) -> None:
    assert shape(garbage).variables == ()
    assert shape(garbage).render() == ""


@pytest.mark.parametrize(
    "example",
    [
        {"body_text": ["Thandi"]},
        {"body_text": [["Thandi"]]},
        {"body_text_named_params": [{"param_name": "1", "example": "Thandi"}]},
    ],
)
def test_samples_are_found_in_each_shape_that_meta_uses(example: dict[str, Any]) -> None:
    found = shape([{"type": "BODY", "text": "Hi {{1}}, {{2}}", "example": example}]).variables
    assert [slot.example for slot in found] == ["Thandi", ""]
