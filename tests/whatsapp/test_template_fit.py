"""Values that do not fit a stored template are refused by name."""

from typing import Any

import pytest

from conversations.whatsapp.content import (
    Body,
    CopyCodeButton,
    FlowButton,
    HeaderMedia,
    HeaderText,
    Image,
    MediaSource,
    Parameter,
    QuickReplyButton,
    Template,
    TemplateError,
    TemplateShape,
    UrlButton,
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


@pytest.mark.parametrize(
    ("values", "variable", "problem"),
    [
        (["Thandi"], "2", "is missing"),
        (["Thandi", ""], "2", "is missing"),
        ([], "1", "is missing"),
        (["Thandi", "R 5", "more"], "3", "has no place"),
        ({"1": "Thandi", "2": "R 5", "day": "x"}, "day", "has no place"),
        ({"1": "Thandi", "2": "R 5", "header.image": "7"}, "header.image", "has no place"),
        ({"1": "Thandi", "2": INVOICE}, "2", "needs a text"),
        (["Thandi", "x" * 1020], "body", "at most 1024"),
    ],
)
def test_an_error_names_the_value_that_is_wrong(values: Any, variable: str, problem: str) -> None:
    with pytest.raises(TemplateError, match=problem) as refused:
        shape(OVERDUE).build("t", "en", values)
    assert refused.value.variable == variable


@pytest.mark.parametrize(
    ("kind", "value"),
    [("IMAGE", INVOICE), ("DOCUMENT", Image(MediaSource(id="1"))), ("LOCATION", "Shop")],
)
def test_a_file_of_another_kind_is_refused(kind: str, value: Any) -> None:
    with pytest.raises(TemplateError, match=f"header.{kind.lower()}"):
        with_header(kind).build("t", "en", {f"header.{kind.lower()}": value})


def test_a_header_that_grows_too_long_with_its_value_is_refused() -> None:
    values = {"header.order_no": "x" * 55, "first_name": "T", "day": "D"}
    with pytest.raises(TemplateError, match="header: is 61 characters long") as refused:
        shape(NAMED).build("t", "en", values)
    assert refused.value.limit == 60


@pytest.mark.parametrize(
    ("built", "values", "variable", "limit"),
    [
        (shape(OVERDUE), ["Thandi", "two\nlines"], "2", None),
        (shape(OVERDUE), ["x" * 1025, "R 5"], "1", 1024),
        (
            shape(NAMED),
            {"header.order_no": "4", "first_name": "T\t", "day": "D"},
            "first_name",
            None,
        ),
        (
            shape(NAMED),
            {"header.order_no": "4\n", "first_name": "T", "day": "D"},
            "header.order_no",
            None,
        ),
        (shape(FULL), {**FULL_VALUES, "button.3": "x" * 21}, "button.3", 20),
        (shape(FULL), {**FULL_VALUES, "button.2": "a     b"}, "button.2", None),
        (with_header("IMAGE"), {"header.image": "https://"}, "header.image", None),
    ],
)
def test_a_value_that_no_template_takes_is_told_with_its_gap(
    built: TemplateShape, values: Any, variable: str, limit: int | None
) -> None:
    with pytest.raises(TemplateError) as refused:
        built.build("t", "en", values)
    assert (refused.value.variable, refused.value.limit) == (variable, limit)


CODE = [
    {"type": "BODY", "text": "*{{1}}* is your code."},
    {"type": "BUTTONS", "buttons": [{"type": "OTP", "text": "Copy code"}]},
]


def test_a_one_time_code_is_the_same_in_both_places() -> None:
    with pytest.raises(TemplateError, match=r"button\.0: is not the code"):
        shape(CODE).build("t", "en", {"1": "123456", "button.0": "654321"})


@pytest.mark.parametrize("button", [{"type": "OTP"}, {"type": "FLOW"}])
def test_a_made_template_without_what_its_button_always_carries_is_refused(
    button: dict[str, Any],
) -> None:
    made = Template.with_body("t", "en", "123456")
    with pytest.raises(TemplateError, match=r"button\.0: is missing"):
        shape([CODE[0], {"type": "BUTTONS", "buttons": [button]}]).check(made)


@pytest.mark.parametrize(
    "template",
    [
        Template.with_body("t", "en"),
        Template.with_body("t", "en", "Thandi"),
        Template.with_body("t", "en", "Thandi", "R 5", "more"),
        Template("t", "en", (Body((Parameter("T", "first_name"), Parameter("R", "sum"))),)),
        Template("t", "en", (HeaderMedia(INVOICE), Body((Parameter("T"), Parameter("R"))))),
        Template("t", "en", (HeaderText(Parameter("x")), Body((Parameter("T"), Parameter("R"))))),
        Template("t", "en", (Body((Parameter("T"), Parameter("R"))), UrlButton(0, "x"))),
    ],
)
def test_a_made_template_that_does_not_fit_is_refused(template: Template) -> None:
    with pytest.raises(TemplateError):
        shape(OVERDUE).check(template)


def test_a_made_template_that_fits_passes_and_reads_well() -> None:
    made = Template.with_body("t", "en", "Thandi", "R 5")
    shape(OVERDUE).check(made)
    assert shape(OVERDUE).text_of(made) == "Hi Thandi, your invoice for R 5 is overdue."
    full = shape(FULL).build("t", "en", {**FULL_VALUES, "button.0": "paid"})
    shape(FULL).check(full)


@pytest.mark.parametrize(
    ("button", "given"),
    [
        ({"type": "URL", "text": "Pay", "url": "https://e.com/{{1}}"}, QuickReplyButton(0, "x")),
        ({"type": "QUICK_REPLY", "text": "Yes"}, UrlButton(0, "x")),
        ({"type": "COPY_CODE", "text": "Copy"}, FlowButton(0)),
        ({"type": "FLOW", "text": "Open"}, CopyCodeButton(0, "x")),
        ({"type": "URL", "text": "Site", "url": "https://e.com"}, UrlButton(0, "x")),
    ],
)
def test_a_value_for_another_kind_of_button_is_refused(button: dict[str, Any], given: Any) -> None:
    with pytest.raises(TemplateError, match=r"button\.0"):
        with_button(**button).check(Template("t", "en", (given,)))


@pytest.mark.parametrize(
    ("components", "reason"),
    [
        ([{"type": "HEADER", "format": "PRODUCT"}], "header of kind product"),
        ([{"type": "HEADER", "format": "GIF"}], "header of kind gif"),
        ([{"type": "CAROUSEL", "cards": []}], "component of kind carousel"),
        ([{"type": "LIMITED_TIME_OFFER"}], "component of kind limited_time_offer"),
        ([{"type": "BUTTONS", "buttons": [{"type": "CATALOG"}]}], "button of kind catalog"),
    ],
)
def test_what_cannot_be_sent_from_here_says_so(components: Any, reason: str) -> None:
    with pytest.raises(TemplateError, match=reason):
        shape(components).build("t", "en")
