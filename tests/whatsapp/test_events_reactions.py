"""Emoji on messages. Source: Cloud API, webhooks, `reaction`; both removals seen in the field."""

import pytest

from conversations.whatsapp import events
from conversations.whatsapp.events import ReactionTo
from tests.whatsapp.samples import data, inbound


def test_a_reaction_names_its_message() -> None:
    message = inbound("reaction")
    assert message.kind == "reaction"
    assert message.reaction == ReactionTo(target="wamid.ours", emoji="👍")
    assert message.text == "Reaction: 👍"


@pytest.mark.parametrize("name", ["reaction_removed_by_empty", "reaction_removed_by_absence"])
def test_a_reaction_can_be_taken_away(name: str) -> None:
    message = inbound(name)
    assert message.reaction == ReactionTo(target="wamid.ours", emoji=None)
    assert message.text == "Reaction: taken away"


def test_a_reaction_opens_no_window() -> None:
    """Not documented; taken as not opening, for a refused message is worse than a template."""
    assert not inbound("reaction").opens_window


def test_a_reaction_to_nothing_is_broken() -> None:
    sample = data("messages__reaction")
    del sample["entry"][0]["changes"][0]["value"]["messages"][0]["reaction"]["message_id"]
    (event,) = events.parse(sample)
    assert isinstance(event, events.Broken)
    assert event.reason == "message_id is missing"
