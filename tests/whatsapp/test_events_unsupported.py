"""What WhatsApp will not show us, and what nobody has heard of yet: a labelled placeholder.

Source: Cloud API, webhooks, messages, `unsupported`, error 131051; the future type is made up.
"""

from typing import Any

import pytest

from conversations.whatsapp.events import read_said
from tests.whatsapp.samples import inbound


@pytest.mark.parametrize(
    ("name", "kind", "raw_type", "text"),
    [
        ("unsupported", "unsupported", "unsupported", "Unsupported message"),
        ("unsupported_poll", "unsupported", "unsupported", "Unsupported message (poll)"),
        ("unknown_alias", "unsupported", "unknown", "Unsupported message"),
        ("future_type", "unknown", "hologram", "Unsupported message (hologram)"),
    ],
)
def test_it_is_labelled_and_opens_the_window(
    name: str, kind: str, raw_type: str, text: str
) -> None:
    message = inbound(name)
    assert (message.kind, message.raw_type, message.text) == (kind, raw_type, text)
    assert message.opens_window


def test_a_future_type_keeps_its_object() -> None:
    expected = {"type": "hologram", "hologram": {"id": "5", "depth": 3}}
    assert inbound("future_type").content == expected


def test_its_errors_are_kept() -> None:
    (error,) = inbound("unsupported").errors
    assert (error.code, error.title) == (131051, "Message type unknown")
    assert error.details == "Message type is currently not supported."


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ({}, "unknown"),
        ({"type": None}, "unknown"),
        ({"type": ["text"]}, "unknown"),
        ({"type": "text"}, "unknown"),
        ({"type": "text", "text": {}}, "unsupported"),
        ({"type": "text", "text": "Hi"}, "unsupported"),
        ({"type": "text", "errors": [{"code": 131000}]}, "unsupported"),
        ({"errors": [{"code": 131000}]}, "unsupported"),
    ],
)
def test_a_message_without_words_says_so(message: dict[str, Any], kind: str) -> None:
    said = read_said(message)
    assert said.kind == kind
    assert said.text.startswith("Unsupported message")


def test_a_number_in_the_place_of_a_text_is_read_as_one() -> None:
    assert read_said({"type": "text", "text": {"body": 42}}).text == "42"
