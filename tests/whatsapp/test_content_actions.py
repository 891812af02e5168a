"""A link to open, a location to send, a form to fill in."""

from typing import Any

import pytest

from conversations.whatsapp.content import CallToAction, ContentError, Flow, LocationRequest


def test_a_link_is_written_as_meta_wants_it() -> None:
    """Source: Cloud API, interactive call-to-action URL button messages."""
    wire = CallToAction(
        "Pay online", "Pay now", "https://pay.example.com/7", footer="Safe"
    ).to_wire()
    assert wire == {
        "type": "interactive",
        "interactive": {
            "type": "cta_url",
            "body": {"text": "Pay online"},
            "footer": {"text": "Safe"},
            "action": {
                "name": "cta_url",
                "parameters": {"display_text": "Pay now", "url": "https://pay.example.com/7"},
            },
        },
    }


def test_a_location_request_is_written_as_meta_wants_it() -> None:
    """Source: Cloud API, location request messages."""
    assert LocationRequest("Where shall we deliver?").to_wire() == {
        "type": "interactive",
        "interactive": {
            "type": "location_request_message",
            "body": {"text": "Where shall we deliver?"},
            "action": {"name": "send_location"},
        },
    }


def test_a_form_is_written_as_meta_wants_it() -> None:
    """Source: WhatsApp Flows, sending a flow; flow_action navigate."""
    flow = Flow("Book", "Book now", flow_id="1", flow_token="t", screen="DATES", data={"a": 1})
    assert flow.to_wire()["interactive"]["action"] == {
        "name": "flow",
        "parameters": {
            "flow_message_version": "3",
            "flow_id": "1",
            "flow_cta": "Book now",
            "flow_token": "t",
            "flow_action": "navigate",
            "flow_action_payload": {"screen": "DATES", "data": {"a": 1}},
        },
    }


def test_a_form_without_a_first_screen_asks_its_own_server() -> None:
    parameters = Flow("Book", "Book", flow_name="booking", draft=True).to_wire()["interactive"][
        "action"
    ]["parameters"]
    assert parameters["flow_action"] == "data_exchange"
    assert parameters["mode"] == "draft"
    assert "flow_action_payload" not in parameters


@pytest.mark.parametrize(
    "content",
    [
        CallToAction("Read me", "Open", "https://example.com"),
        LocationRequest("Read me"),
        Flow("Read me", "Open", flow_id="1"),
    ],
)
def test_people_read_the_body(content: Any) -> None:
    assert content.text_for_people() == "Read me"


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: CallToAction("Body", "x" * 21, "https://example.com"), "display_text"),
        (lambda: CallToAction("Body", "Open", "tel:+27821234567"), "url"),
        (lambda: CallToAction("", "Open", "https://example.com"), "body"),
        (lambda: LocationRequest("x" * 1025), "body"),
        (lambda: Flow("Body", "x" * 21, flow_id="1"), "cta"),
        (lambda: Flow("Body", "Go 🚀", flow_id="1"), "cta"),
        (lambda: Flow("Body", "Go 1️⃣", flow_id="1"), "cta"),
        (lambda: Flow("Body", "Go ↔️", flow_id="1"), "cta"),
        (lambda: Flow("Body", "Go"), "flow"),
        (lambda: Flow("Body", "Go", flow_id="1", flow_name="n"), "flow"),
        (lambda: Flow("Body", "Go", flow_id=""), "flow_id"),
        (lambda: Flow("Body", "Go", flow_id="1", flow_token=" "), "flow_token"),
        (lambda: Flow("Body", "Go", flow_id="1", data={"a": 1}), "data"),
        (lambda: Flow("Body", "Go", flow_id="1", screen="A", data={}), "data"),
        (lambda: Flow("Body", "Go", flow_id="1", screen="A", data={"a": {1}}), "data"),
        (lambda: Flow("Body", "Go", flow_id="1", screen="A", data={"a": float("nan")}), "data"),
        (lambda: Flow("Body", "Go", flow_id="1", screen="A", data=[1]), "data"),  # type: ignore[arg-type]  # misuse
    ],
)
def test_it_refuses_what_meta_refuses(make: Any, field: str) -> None:
    with pytest.raises(ContentError) as refused:
        make()
    assert refused.value.field == field
