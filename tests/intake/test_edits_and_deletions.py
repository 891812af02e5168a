"""Edits and deletions: the message shows them, says what it first said, and nobody else's does."""

from itertools import permutations
from typing import Any

import pytest

from conversations.models import Change, Message, Thread
from tests import webhooks
from tests.intake.samples import THANDI, arrive, changed, speak

AT = 1_749_416_383
FIRST, SECOND, THIRD = "I owe nothing", "I owe R 5", "I owe R 50"
WAMID = "wamid.original"


def original(text: str = FIRST) -> Any:
    return webhooks.text(THANDI, text, at=AT - 60) | {"id": WAMID}


def edit(text: str, *, at: int = AT, who: str = THANDI) -> Any:
    content = {
        "original_message_id": WAMID,
        "message": {"type": "text", "text": {"body": text}},
    }
    return webhooks.message(who, "edit", content, at=at)


def revoke(*, at: int = AT, who: str = THANDI) -> Any:
    return webhooks.message(who, "revoke", {"original_message_id": WAMID}, at=at)


def the_original() -> Message:
    return Message.objects.get(wamid=WAMID)


def test_an_edit_gives_the_message_its_new_words_and_marks_it() -> None:
    speak(original())
    arrive("messages__edit")
    message = the_original()
    assert message.text == message.content["text"]["body"] == "Do I owe you anything now?"
    assert message.edited_at is not None
    assert message.edited_at.timestamp() == AT


def test_what_it_said_first_is_kept() -> None:
    speak(original())
    speak(edit(SECOND, at=AT))
    speak(edit(THIRD, at=AT + 5))
    assert the_original().trace == {"first_text": FIRST}


def test_the_intent_follows_the_new_words() -> None:
    speak(original("Hello"))
    assert the_original().intent == "general"
    speak(edit("How much do I still owe on my invoice?"))
    assert the_original().intent == "invoice"


def test_the_list_shows_the_new_words() -> None:
    speak(original())
    speak(edit(SECOND))
    assert Thread.objects.get().preview == SECOND


def test_the_list_keeps_the_words_of_a_newer_message() -> None:
    speak(original(), webhooks.text(THANDI, "And?", at=AT - 1))
    speak(edit(SECOND))
    assert Thread.objects.get().preview == "And?"


def test_a_deletion_marks_the_message_and_keeps_its_words_for_staff() -> None:
    speak(original())
    arrive("messages__revoke")
    message = the_original()
    assert message.revoked_at is not None
    assert (message.revoked_at.timestamp(), message.text) == (AT, FIRST)


def test_open_inboxes_draw_the_message_again() -> None:
    speak(original())
    Change.objects.all().delete()
    arrive("messages__revoke")
    assert Change.objects.filter(message=the_original()).exists()


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_every_order_gives_the_same_message(order: tuple[int, ...]) -> None:
    said = [original(), edit(SECOND, at=AT), edit(THIRD, at=AT + 5), revoke(at=AT + 9)]
    for place in order:
        speak(said[place])
    message = the_original()
    assert (message.text, message.trace) == (THIRD, {"first_text": FIRST})
    assert [at and at.timestamp() for at in (message.edited_at, message.revoked_at)] == [
        AT + 5,
        AT + 9,
    ]
    assert Thread.objects.get().preview == THIRD


def test_nobody_changes_what_another_customer_said() -> None:
    speak(original())
    speak(edit(SECOND, who="27830000000"), revoke(who="27830000000"))
    message = the_original()
    assert (message.text, message.edited_at, message.revoked_at) == (FIRST, None, None)


def test_an_edit_that_cannot_be_read_marks_the_message_and_keeps_its_words() -> None:
    speak(original())
    arrive(changed("messages__edit", edit={"original_message_id": WAMID}))
    message = the_original()
    assert (message.text, message.edited_at is not None) == (FIRST, True)


def test_they_are_no_news_in_the_list() -> None:
    speak(original())
    before = Thread.objects.values("unread_count", "last_message_at", "last_inbound_at").get()
    arrive("messages__edit", "messages__revoke")
    now = Thread.objects.values("unread_count", "last_message_at", "last_inbound_at").get()
    assert now == before


def test_staff_edit_and_delete_from_the_phone() -> None:
    arrive("smb_message_echoes__text", "smb_message_echoes__edit", "smb_message_echoes__revoke")
    message = Message.objects.get(wamid="wamid.echo.text")
    assert (message.text, message.trace["first_text"]) == (
        "We will call you today.",
        "We will call you.",
    )
    assert message.edited_at is not None
    assert message.revoked_at is not None


PHOTO = {"id": "1003", "mime_type": "image/jpeg", "sha256": "aa", "caption": "The chair"}


@pytest.mark.parametrize(
    ("now", "caption"),
    [
        ({"caption": "The table"}, "The table"),
        ({**PHOTO, "id": "2006", "sha256": "bb", "caption": "The table"}, "The table"),
        ({"id": "2006"}, ""),
        ({}, "The chair"),
    ],
)
def test_a_caption_is_changed_and_never_the_file(now: dict[str, Any], caption: str) -> None:
    """What was sent is fetched by its own id, and checked by its own digest."""
    speak(webhooks.message(THANDI, "image", PHOTO, at=AT - 60) | {"id": WAMID})
    content = {"original_message_id": WAMID, "message": {"type": "image", "image": now}}
    speak(webhooks.message(THANDI, "edit", content, at=AT))
    message = the_original()
    file = message.content["image"]
    assert (file["id"], file["sha256"], file.get("caption", "")) == ("1003", "aa", caption)
    assert message.text == (f"📷 Photo: {caption}" if caption else "📷 Photo")
    assert message.media.media_id == "1003"
