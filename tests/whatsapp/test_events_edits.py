"""Messages that customers change or delete. Source: Cloud API, coexistence, `edit` and `revoke`."""

import pytest

from conversations.whatsapp.events import read_said
from tests.whatsapp.samples import inbound


def test_an_edit_names_its_message_and_brings_the_new_text() -> None:
    message = inbound("edit")
    assert (message.kind, message.edits) == ("edit", "wamid.original")
    assert message.text == "Do I owe you anything now?"


def test_an_edited_caption_brings_its_file() -> None:
    image = {"type": "image", "image": {"id": "7", "caption": "New"}}
    edit = {"original_message_id": "wamid.1", "message": image}
    said = read_said({"type": "edit", "edit": edit})
    assert said.text == "📷 Photo: New"
    assert said.media is not None
    assert said.media.media_id == "7"


@pytest.mark.parametrize("inner", [None, {}, {"type": "edit", "edit": {}}])
def test_an_edit_to_nothing_readable_is_still_an_edit(inner: object) -> None:
    edit = {"original_message_id": "wamid.1", "message": inner}
    said = read_said({"type": "edit", "edit": edit})
    assert (said.kind, said.edits, said.text) == ("edit", "wamid.1", "Unsupported message")


def test_a_revoke_names_its_message() -> None:
    message = inbound("revoke")
    assert (message.kind, message.revokes) == ("revoke", "wamid.original")
    assert message.text == "Deleted a message"


@pytest.mark.parametrize("name", ["edit", "revoke"])
def test_neither_opens_the_window(name: str) -> None:
    assert not inbound(name).opens_window
