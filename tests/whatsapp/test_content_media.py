"""Files: their source, their captions, and what people read in their place."""

from typing import Any

import pytest

from conversations.whatsapp.content import (
    Audio,
    ContentError,
    Document,
    Image,
    MediaSource,
    Sticker,
    Video,
)

UPLOAD = MediaSource(id="1013859600285441")
LINK = MediaSource(link="https://example.com/a.jpg")


@pytest.mark.parametrize(
    ("content", "wire"),
    [
        (Image(UPLOAD), {"type": "image", "image": {"id": UPLOAD.id}}),
        (
            Image(LINK, caption="Us"),
            {"type": "image", "image": {"link": LINK.link, "caption": "Us"}},
        ),
        (
            Video(LINK, caption="Us"),
            {"type": "video", "video": {"link": LINK.link, "caption": "Us"}},
        ),
        (Audio(UPLOAD), {"type": "audio", "audio": {"id": UPLOAD.id}}),
        (Audio(UPLOAD, voice=True), {"type": "audio", "audio": {"id": UPLOAD.id, "voice": True}}),
        (Sticker(UPLOAD), {"type": "sticker", "sticker": {"id": UPLOAD.id}}),
        (
            Document(UPLOAD, caption="Yours", filename="INV-7.pdf"),
            {
                "type": "document",
                "document": {"id": UPLOAD.id, "caption": "Yours", "filename": "INV-7.pdf"},
            },
        ),
    ],
)
def test_files_are_written_as_meta_wants_them(content: Any, wire: dict[str, Any]) -> None:
    """Source: Cloud API, image, video, audio, sticker and document messages."""
    assert content.to_wire() == wire


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (Image(UPLOAD), "📷 Photo"),
        (Image(UPLOAD, caption="Us"), "📷 Photo: Us"),
        (Video(UPLOAD), "🎥 Video"),
        (Audio(UPLOAD), "🎵 Audio"),
        (Audio(UPLOAD, voice=True), "🎤 Voice message"),
        (Document(UPLOAD, filename="INV-7.pdf"), "📄 Document: INV-7.pdf"),
        (Document(UPLOAD, caption="Yours", filename="a.pdf"), "📄 Document: a.pdf – Yours"),
        (Sticker(UPLOAD), "Sticker"),
    ],
)
def test_people_read_what_it_is(content: Any, text: str) -> None:
    assert content.text_for_people() == text


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: MediaSource(), "source"),
        (lambda: MediaSource(id="1", link="https://example.com/"), "source"),
        (lambda: MediaSource(id=""), "source.id"),
        (lambda: MediaSource(id=7), "source.id"),  # type: ignore[arg-type]  # misuse
        (lambda: MediaSource(link="example.com/a.jpg"), "source.link"),
        (lambda: MediaSource(link="file:///etc/passwd"), "source.link"),
        (lambda: MediaSource(link="https://"), "source.link"),
        (lambda: MediaSource(link="https://[broken"), "source.link"),
        (lambda: MediaSource(link="https://example.com/a b.jpg"), "source.link"),
        (lambda: MediaSource(link="https://example.com/" + "x" * 2000), "source.link"),
        (lambda: Image("https://example.com/"), "source"),  # type: ignore[arg-type]  # misuse
        (lambda: Image(UPLOAD, caption="x" * 1025), "caption"),
        (lambda: Image(UPLOAD, caption=""), "caption"),
        (lambda: Document(UPLOAD, filename="two\nlines.pdf"), "filename"),
        (lambda: Document(UPLOAD, caption="x" * 1025, filename="a.pdf"), "caption"),
    ],
)
def test_it_refuses_what_meta_could_not_fetch_or_show(make: Any, field: str) -> None:
    with pytest.raises(ContentError) as refused:
        make()
    assert refused.value.field == field
