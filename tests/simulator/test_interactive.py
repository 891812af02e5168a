"""The limits of buttons, lists and links, one by one. Cloud API, interactive messages."""

from typing import Any

import pytest

from tests.simulator.conftest import Graph

pytestmark = pytest.mark.usefixtures("open_window")


def reply(title: str = "Yes", id_: str = "yes") -> dict[str, Any]:
    """A reply button."""
    return {"type": "reply", "reply": {"id": id_, "title": title}}


def row(number: int = 1, **more: Any) -> dict[str, Any]:
    """A row of a list."""
    return {"id": f"r{number}", "title": f"Row {number}", **more}


def buttons(*given: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An interactive object with these buttons."""
    return {"type": "button", "body": {"text": "?"}, "action": {"buttons": list(given)}, **more}


def rows(*sections: Any, button: str = "Open", **more: Any) -> dict[str, Any]:
    """An interactive object with these sections."""
    action = {"button": button, "sections": list(sections)}
    return {"type": "list", "body": {"text": "?"}, "action": action, **more}


def link(text: str = "Open", url: str = "https://example.com") -> dict[str, Any]:
    """An interactive object with a link button."""
    parameters = {"display_text": text, "url": url}
    return {
        "type": "cta_url",
        "body": {"text": "?"},
        "action": {"name": "cta_url", "parameters": parameters},
    }


GOOD = [
    buttons(reply()),
    buttons(
        reply("A" * 20, "a" * 256), reply("B", "b"), reply("C", "c"), footer={"text": "x" * 60}
    ),
    buttons(reply(), header={"type": "image", "image": {"link": "http://127.0.0.1:9/x.jpg"}}),
    rows(
        {"rows": [row(number) for number in range(10)]}, header={"type": "text", "text": "x" * 60}
    ),
    rows({"title": "A", "rows": [row(1)]}, {"title": "B", "rows": [row(2, description="x" * 72)]}),
    link(),
    {
        "type": "location_request_message",
        "body": {"text": "?"},
        "action": {"name": "send_location"},
    },
    {
        "type": "flow",
        "body": {"text": "?"},
        "action": {"name": "flow", "parameters": {"flow_id": "1", "flow_cta": "Book"}},
    },
    {
        "type": "request_contact_info",
        "body": {"text": "?"},
        "action": {"name": "request_contact_info"},
    },
]


@pytest.mark.parametrize("interactive", GOOD)
def test_it_accepts_what_meta_accepts(graph: Graph, interactive: dict[str, Any]) -> None:
    assert graph.send(type="interactive", interactive=interactive).status_code == 200


COUNT = "Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3"
BAD = [
    (buttons(), COUNT),
    (buttons(*(reply(str(n), str(n)) for n in range(4))), COUNT),
    (buttons(reply("x" * 21)), "Button label is too long. Max length is 20"),
    (buttons(reply("A", "x" * 257)), "Button id is too long. Max length is 256"),
    (buttons(reply("A", "a"), reply("A", "b")), "Duplicated button title found"),
    (buttons(reply("A", "a"), reply("B", "a")), "Duplicated button id found"),
    (buttons(reply(), body={"text": "x" * 1025}), "Body text is too long. Max length is 1024"),
    (buttons(reply(), footer={"text": "x" * 61}), "Footer text is too long. Max length is 60"),
    (
        buttons(reply(), header={"type": "text", "text": "x" * 61}),
        "Header text is too long. Max length is 60",
    ),
    (
        buttons(reply(), header={"type": "sticker"}),
        "Header type is not valid. Use text, image, video or document",
    ),
    (rows({"rows": [row(1, title="x" * 25)]}), "Row title is too long. Max length is 24"),
    (
        rows({"rows": [row(1, description="x" * 73)]}),
        "Row description is too long. Max length is 72",
    ),
    (rows({"rows": [row(1, id="x" * 201)]}), "Row id is too long. Max length is 200"),
    (rows({"rows": [row(n) for n in range(11)]}), "Total row count exceed max allowed count: 10"),
    (rows({"rows": [row(1), row(1)]}), "Duplicated row id found"),
    (rows({"rows": [row(1)]}, button="x" * 21), "Button label is too long. Max length is 20"),
    (rows({"rows": [row(1)]}, {"title": "B", "rows": [row(2)]}), "Section title is required"),
    (
        rows({"title": "x" * 25, "rows": [row(1)]}),
        "Section title is too long. Max length is 24",
    ),
    (rows({"rows": []}), "Section rows cannot be empty"),
    (
        rows(),
        "Invalid sections count. Min allowed sections: 1, Max allowed sections: 10",
    ),
    (
        rows({"rows": [row(1)]}, header={"type": "image", "image": {"id": "1"}}),
        "List header type must be text",
    ),
    (
        {
            "type": "flow",
            "body": {"text": "?"},
            "action": {"name": "flow", "parameters": {"flow_id": "1", "flow_cta": "x" * 21}},
        },
        "Flow CTA is too long. Max length is 20",
    ),
    (link("x" * 21), "Display text is too long. Max length is 20"),
    (
        {"type": "location_request_message", "body": {"text": "?"}, "action": {"name": "x"}},
        "Action name must be send_location",
    ),
]


@pytest.mark.parametrize(("interactive", "details"), BAD)
def test_it_refuses_with_131009_what_breaks_a_limit(
    graph: Graph, interactive: dict[str, Any], details: str
) -> None:
    answer = graph.send(type="interactive", interactive=interactive)
    error = graph.error(answer)
    assert answer.status_code == 400
    assert error["message"] == "(#131009) Parameter value is not valid"
    assert error["error_data"]["details"] == details


MISSING = [
    ({"body": {"text": "?"}}, "interactive['type']"),
    ({"type": "button", "action": {}}, "interactive['body']['text']"),
    ({"type": "button", "body": {"text": "?"}}, "interactive['action']"),
    (link(url="x") | {"body": {}}, "interactive['body']['text']"),
]


@pytest.mark.parametrize(("interactive", "name"), MISSING)
def test_it_names_the_part_that_is_missing(
    graph: Graph, interactive: dict[str, Any], name: str
) -> None:
    answer = graph.send(type="interactive", interactive=interactive)
    assert graph.error(answer)["message"] == f"(#100) The parameter {name} is required."


def test_a_link_button_needs_an_address(graph: Graph) -> None:
    answer = graph.send(type="interactive", interactive=link(url="example.com"))
    assert "is not a valid URI" in graph.error(answer)["message"]
