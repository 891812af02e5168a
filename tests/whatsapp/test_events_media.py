"""Files that customers send. Source: Cloud API, webhooks reference, `messages`, by type."""

import pytest

from conversations.whatsapp.events import MediaRef, read_said
from tests.whatsapp.samples import inbound

SHA256 = "29ed500fa64eb55fc19dc4124acb300e5dcca0f822a301ae99944db"
FILE_ID = "1003383421387256"


@pytest.mark.parametrize(
    ("name", "kind", "mime_type", "text"),
    [
        ("image", "image", "image/jpeg", "📷 Photo: My receipt"),
        ("video", "video", "video/mp4", "🎥 Video"),
        ("audio", "audio", "audio/mpeg", "🎵 Audio"),
        ("audio_voice", "voice", "audio/ogg; codecs=opus", "🎤 Voice message"),
        ("document", "document", "application/pdf", "📄 Document: ../proof of payment.pdf – Paid"),
        ("sticker", "sticker", "image/webp", "Sticker"),
    ],
)
def test_a_file_is_named_for_people_and_kept_for_fetching(
    name: str, kind: str, mime_type: str, text: str
) -> None:
    message = inbound(name)
    assert (message.kind, message.text) == (kind, text)
    assert message.media is not None
    assert (message.media.media_id, message.media.mime_type) == (FILE_ID, mime_type)
    assert message.media.sha256 == SHA256
    assert message.opens_window


def test_a_document_keeps_the_name_its_sender_gave() -> None:
    assert inbound("document").media == MediaRef(
        media_id=FILE_ID,
        mime_type="application/pdf",
        sha256=SHA256,
        filename="../proof of payment.pdf",
        caption="Paid",
    )


def test_a_sticker_says_whether_it_moves() -> None:
    media = inbound("sticker").media
    assert media is not None
    assert media.is_animated


def test_a_voice_message_is_told_from_a_sound_file() -> None:
    assert (inbound("audio").raw_type, inbound("audio_voice").raw_type) == ("audio", "audio")


@pytest.mark.parametrize("file", [{}, {"id": ""}, {"id": None, "caption": "Mine"}, "7", None])
def test_a_file_without_an_id_cannot_be_had(file: object) -> None:
    said = read_said({"type": "image", "image": file})
    assert (said.kind, said.text, said.media) == ("image", "📷 Photo: not available", None)


def test_a_file_that_whatsapp_lost_says_so() -> None:
    """Source: Cloud API, error 131052, told in the message's own errors."""
    message = inbound("image_not_fetched")
    assert (message.kind, message.text) == ("image", "📷 Photo: not available")
    assert message.media is None
    assert [error.code for error in message.errors] == [131052]
    assert message.errors[0].explanation.title == "Customer's file not available"
