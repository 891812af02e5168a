"""Sending templates: known and approved, as many values as variables, and of the right kind.

Cloud API, templates; error codes 132000 to 132018.
"""

from typing import Any

import pytest

from simulator.models import Customer, Template
from simulator.world import current
from tests.simulator.conftest import NUMBER, THANDI, WABA, Control, Graph


def body(*values: str) -> dict[str, Any]:
    """A body component with these texts."""
    return {"type": "body", "parameters": [{"type": "text", "text": one} for one in values]}


def template(name: str, *components: dict[str, Any], language: str = "en_ZA") -> dict[str, Any]:
    """The keys of a template message."""
    content: dict[str, Any] = {"name": name, "language": {"code": language}}
    if components:
        content["components"] = list(components)
    return {"type": "template", "template": content}


def a_template(name: str, components: list[dict[str, Any]], **more: Any) -> Template:
    """An approved template of the simulated account."""
    from simulator import clock, ids

    return Template.objects.create(
        **{
            "template_id": ids.numeric(),
            "waba_id": WABA,
            "name": name,
            "language": "en_ZA",
            "category": "UTILITY",
            "status": "APPROVED",
            "components": components,
            "created_at": clock.now(),
            **more,
        }
    )


def refused(graph: Graph, answer: Any) -> tuple[int, str, str]:
    """HTTP status, message and details."""
    error = graph.error(answer)
    return answer.status_code, error["message"], error.get("error_data", {}).get("details", "")


def test_an_approved_template_goes_out_without_a_window(graph: Graph, control: Control) -> None:
    answer = graph.send(**template("invoice_overdue", body("Thandi", "R 1 250.00")))
    assert answer.status_code == 200
    assert answer.json()["messages"][0]["message_status"] == "accepted"
    [shown] = control.chat()
    assert shown["text"] == "Hi Thandi, your invoice for R 1 250.00 is overdue."


@pytest.mark.parametrize(
    ("name", "language"),
    [("invoice_overdue", "en_US"), ("nonsense", "en_ZA"), ("win_a_prize", "en_ZA")],
)
def test_an_unknown_or_unapproved_template_is_132001(
    graph: Graph, name: str, language: str
) -> None:
    answer = graph.send(**template(name, language=language))
    assert refused(graph, answer) == (
        404,
        "(#132001) Template name does not exist in the translation",
        f"template name ({name}) does not exist in {language}",
    )


@pytest.mark.parametrize(("status", "code"), [("PAUSED", 132015), ("DISABLED", 132016)])
def test_a_paused_or_disabled_template_has_its_own_code(
    graph: Graph, status: str, code: int
) -> None:
    Template.objects.filter(name="invoice_overdue").update(status=status)
    answer = graph.send(**template("invoice_overdue", body("a", "b")))
    assert (answer.status_code, graph.error(answer)["code"]) == (400, code)


@pytest.mark.parametrize("values", [(), ("a",), ("a", "b", "c")])
def test_too_few_or_too_many_values_are_132000(graph: Graph, values: tuple[str, ...]) -> None:
    answer = graph.send(**template("invoice_overdue", body(*values)))
    assert refused(graph, answer) == (
        400,
        "(#132000) Number of parameters does not match the expected number of params",
        f"body: number of localizable_params ({len(values)}) does not match the expected number "
        "of params (2)",
    )


def test_values_of_the_header_are_counted_too(graph: Graph) -> None:
    head = {"type": "HEADER", "format": "TEXT", "text": "Order {{1}}"}
    a_template("order", [head, {"type": "BODY", "text": "Ready"}])
    assert refused(graph, graph.send(**template("order")))[2] == (
        "header: number of localizable_params (0) does not match the expected number of params (1)"
    )


@pytest.mark.parametrize("broken", ["a\nb", "a\tb", "a     b"])
def test_a_value_that_breaks_the_layout_is_132018(graph: Graph, broken: str) -> None:
    answer = graph.send(**template("invoice_overdue", body(broken, "b")))
    assert refused(graph, answer) == (
        400,
        "(#132018) There was an issue with the parameters in your template",
        "Param text cannot have new-line/tab characters or more than 4 consecutive spaces",
    )


def test_four_spaces_break_nothing(graph: Graph) -> None:
    assert graph.send(**template("invoice_overdue", body("a    b", "c"))).status_code == 200


def test_up_to_v22_it_was_100(graph: Graph) -> None:
    graph.version = "v22.0"
    answer = graph.send(**template("invoice_overdue", body("a\nb", "b")))
    assert refused(graph, answer)[1] == "(#100) Invalid parameter"


def test_an_empty_value_is_missing(graph: Graph) -> None:
    answer = graph.send(**template("invoice_overdue", body("", "b")))
    assert refused(graph, answer) == (
        400,
        "(#131008) Required parameter is missing",
        "Parameter of type text is missing text value",
    )


def test_a_value_of_another_kind_is_132012(graph: Graph) -> None:
    picture = {"type": "image", "image": {"link": "http://127.0.0.1:9/x.jpg"}}
    answer = graph.send(
        **template("payment_received", {"type": "body", "parameters": [picture, picture]})
    )
    assert refused(graph, answer)[1:] == (
        "(#132012) Parameter format does not match format in the created template",
        "body: Format mismatch, expected TEXT, received IMAGE",
    )


@pytest.mark.parametrize(
    ("components", "received"),
    [([], "UNKNOWN"), ([{"type": "header", "parameters": [{"type": "video"}]}], "VIDEO")],
)
def test_a_media_header_must_come_with_every_send(
    graph: Graph, components: list[dict[str, Any]], received: str
) -> None:
    a_template("photo", [{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "Look"}])
    answer = graph.send(**template("photo", *components))
    details = refused(graph, answer)[2]
    assert details == f"header: Format mismatch, expected IMAGE, received {received}"


def test_a_media_header_is_shown_on_the_phone(graph: Graph, control: Control) -> None:
    a_template("photo", [{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "Look"}])
    image = {"type": "image", "image": {"link": "http://127.0.0.1:9/x.jpg"}}
    assert (
        graph.send(**template("photo", {"type": "header", "parameters": [image]})).status_code
        == 200
    )
    assert control.chat()[0]["shape"]["header"] == {
        "kind": "image",
        "link": "http://127.0.0.1:9/x.jpg",
    }


def test_a_url_button_with_a_variable_wants_its_value(graph: Graph, control: Control) -> None:
    answer = graph.send(**template("order_shipped", body("Thandi", "SO-1")))
    assert (
        refused(graph, answer)[2] == "Buttons: Button at index 0 of type Url requires a parameter"
    )
    button = {
        "type": "button",
        "sub_type": "url",
        "index": "0",
        "parameters": [{"type": "text", "text": "SO-1"}],
    }
    assert (
        graph.send(**template("order_shipped", body("Thandi", "SO-1"), button)).status_code == 200
    )
    assert control.chat()[0]["buttons"] == [
        {"kind": "url", "text": "Track order", "url": "https://example.com/track/SO-1"}
    ]


def test_a_button_that_the_template_has_not_is_132000(graph: Graph) -> None:
    button = {"type": "button", "sub_type": "quick_reply", "index": "7", "parameters": []}
    answer = graph.send(**template("spring_special", body("Thandi"), button))
    assert graph.error(answer)["code"] == 132000


def test_the_payload_of_a_quick_reply_comes_back_with_the_tap(
    graph: Graph, control: Control
) -> None:
    payload = {"type": "payload", "payload": "SHOW-7"}
    button = {"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [payload]}
    wamid = graph.send(**template("spring_special", body("Thandi"), button)).json()["messages"][0][
        "id"
    ]
    tapped = control.say(type="tap", title="Show me")
    assert tapped["type"] == "button"
    assert tapped["content"] == {"payload": "SHOW-7", "text": "Show me"}
    assert tapped["context"] == {
        "from": current().numbers[NUMBER].display_phone_number,
        "id": wamid,
    }


def test_without_a_payload_the_tap_reports_the_text(graph: Graph, control: Control) -> None:
    graph.send(**template("spring_special", body("Thandi")))
    assert control.say(type="tap", title="Stop")["content"] == {"payload": "Stop", "text": "Stop"}


NAMED = [{"type": "BODY", "text": "Hi {{first_name}}, order {{no}} is ready."}]


def named(**values: str) -> dict[str, Any]:
    """A body component with named values."""
    given = [{"type": "text", "parameter_name": name, "text": values[name]} for name in values]
    return {"type": "body", "parameters": given}


def test_named_values_may_come_in_any_order(graph: Graph, control: Control) -> None:
    a_template("ready", NAMED, parameter_format="NAMED")
    graph.send(**template("ready", named(no="7", first_name="Thandi")))
    assert control.chat()[0]["text"] == "Hi Thandi, order 7 is ready."


@pytest.mark.parametrize("component", [body("Thandi", "7"), named(first_name="Thandi", nr="7")])
def test_names_that_are_missing_or_wrong_are_refused(
    graph: Graph, component: dict[str, Any]
) -> None:
    a_template("ready", NAMED, parameter_format="NAMED")
    answer = graph.send(**template("ready", component))
    assert graph.error(answer)["message"].startswith("(#100) Invalid parameter: ")


def test_a_body_that_grows_too_long_is_132005(graph: Graph) -> None:
    answer = graph.send(**template("invoice_overdue", body("x" * 600, "y" * 600)))
    assert refused(graph, answer)[1] == "(#132005) Translated text too long"


def test_one_time_codes_do_not_go_to_user_ids(graph: Graph) -> None:
    a_template("code", [{"type": "BODY", "text": "Your code."}], category="AUTHENTICATION")
    bsuid = Customer.objects.get(wa_id=THANDI).bsuid
    body_ = {"messaging_product": "whatsapp", "recipient": bsuid, **template("code")}
    assert graph.error(graph("POST", f"{NUMBER}/messages", body_))["code"] == 131062


def test_money_and_dates_are_shown_by_their_fallback(graph: Graph, control: Control) -> None:
    amount = {"type": "currency", "currency": {"fallback_value": "R 9.50", "code": "ZAR"}}
    name = {"type": "text", "text": "Thandi"}
    graph.send(**template("payment_received", {"type": "body", "parameters": [name, amount]}))
    assert "R 9.50" in control.chat()[0]["text"]


def test_components_that_are_no_list_are_refused(graph: Graph) -> None:
    content = {"name": "payment_received", "language": {"code": "en_ZA"}, "components": {"a": 1}}
    answer = graph.send(type="template", template=content)
    assert "must be an array" in graph.error(answer)["message"]
