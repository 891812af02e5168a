"""What customers tap and fill in. Source: Cloud API, webhooks, `button` and `interactive`."""

import json
from typing import Any

import pytest

from conversations.whatsapp.events import Tap, read_said
from tests.whatsapp.samples import inbound


def test_a_quick_reply_of_a_template_is_a_tap() -> None:
    message = inbound("button")
    assert (message.kind, message.text) == ("button", "Paid already")
    assert message.tap == Tap(id="paid_already", title="Paid already")
    assert message.quotes == "wamid.template"


def test_a_tap_may_come_without_the_message_it_answers() -> None:
    """Source: seen in the field: a template button without `context`."""
    message = inbound("button_without_context")
    assert message.tap == Tap(id="Paid already", title="Paid already")
    assert message.quotes is None


def test_a_reply_button_is_a_tap() -> None:
    message = inbound("interactive_button")
    assert (message.kind, message.raw_type) == ("button", "interactive.button_reply")
    assert message.tap == Tap(id="view_invoices", title="View invoices")
    assert message.text == "View invoices"


def test_a_row_of_a_list_is_a_tap() -> None:
    message = inbound("interactive_list")
    assert (message.kind, message.text) == ("list", "Track an order")
    assert message.tap == Tap(id="track_order", title="Track an order")


def test_a_form_is_shown_as_fields_and_answers() -> None:
    message = inbound("interactive_flow")
    assert message.kind == "flow"
    assert message.answers == (
        ("date", "2026-05-01"),
        ("guests", "4"),
        ("wishes", "quiet, window"),
    )
    assert message.text == "📋 Form: flow\ndate: 2026-05-01\nguests: 4\nwishes: quiet, window"


def test_a_form_that_holds_no_json_is_shown_as_it_came() -> None:
    assert inbound("interactive_flow_broken").answers == (("response", "{not json"),)


@pytest.mark.parametrize(
    ("response", "answers"),
    [
        ({"a": None}, (("a", "null"),)),
        ('{"a": {"b": ["é\\u0000"]}}', (("a", '{"b": ["é\ufffd"]}'),)),
        ('{"a": [1, "x"]}', (("a", '[1, "x"]'),)),
        ('{"a": []}', (("a", ""),)),
        ("[1]", ()),
        (None, ()),
        ("", (("response", ""),)),
        ("[" * 99_999, (("response", "[" * 99_999),)),
    ],
)
def test_answers_come_in_every_shape(response: Any, answers: tuple[tuple[str, str], ...]) -> None:
    reply = {"type": "nfm_reply", "nfm_reply": {"response_json": response}}
    assert read_said({"type": "interactive", "interactive": reply}).answers == answers


def test_an_answer_to_a_call_request_is_readable() -> None:
    """Source: Cloud API, Calling, user call permissions."""
    message = inbound("interactive_call_permission")
    assert (message.kind, message.text) == ("unknown", "Answer to a call request: accept")
    assert message.raw_type == "interactive.call_permission_reply"


def test_an_interactive_message_without_its_object_is_unsupported() -> None:
    """Source: seen in the field: errors 131000 in place of the object."""
    message = inbound("interactive_without_object")
    assert (message.kind, message.text) == ("unsupported", "Unsupported message")
    assert [error.code for error in message.errors] == [131000]


def test_an_interactive_reply_nobody_has_heard_of_keeps_its_name() -> None:
    said = read_said({"type": "interactive", "interactive": {"type": "dance_reply"}})
    assert (said.kind, said.text) == ("unknown", "Unsupported message (dance_reply)")
    assert read_said({"type": "interactive", "interactive": {}}).kind == "unknown"


def test_a_tap_without_a_title_shows_its_id() -> None:
    said = read_said({"type": "button", "button": {"payload": "YES"}})
    assert said.text == "YES"


def test_stored_content_reads_the_same_as_the_message_it_came_with() -> None:
    message = inbound("interactive_button")
    stored = json.loads(json.dumps(message.content))
    assert read_said(stored).tap == message.tap
    assert read_said(stored).content == message.content
