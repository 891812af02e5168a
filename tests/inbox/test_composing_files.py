"""Files in the composer: what is taken, what is refused, and that it stands once."""

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from conversations import clock, takeover
from conversations.models import MediaFile, Message, Thread
from tests import factories
from tests.inbox.pages import act, at, signed_in
from tests.media.files import JPEG, PAGE, PDF, VOICE, recording

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def client() -> Client:
    return signed_in(factories.an_agent())


@pytest.fixture
def thread(client: Client) -> Thread:
    """Alice's, with an open window."""
    thread = factories.a_thread()
    factories.an_inbound(thread)
    takeover.take(thread, by=User.objects.get(username="alice"))
    return thread


def attach(
    client: Client, thread: Thread, content: bytes, name: str, kind: str = "", **fields: Any
) -> Any:
    file = SimpleUploadedFile(name, content, content_type=kind or "application/octet-stream")
    return act(client, at(thread, "attach/"), file=file, **fields)


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_photo_with_its_caption_and_quote_stands_queued(client: Client, thread: Thread) -> None:
    question = thread.messages.get()
    answer = attach(
        client, thread, JPEG, "chair.jpg", "image/jpeg", caption=" The chair ", quotes=question.pk
    )
    assert answer.status_code == 200
    sent = Message.objects.get(direction="out")
    assert (sent.kind, sent.content["image"]["caption"]) == ("image", "The chair")
    assert (sent.status, sent.quotes) == ("queued", question.wamid)
    assert "The chair" in answer.json()["entries"]


def test_what_it_is_follows_from_its_content(client: Client, thread: Thread) -> None:
    attach(client, thread, PDF, "invoice.jpg", "image/jpeg")
    assert Message.objects.get(direction="out").kind == "document"


def test_a_recording_of_the_browser_is_a_voice_message(client: Client, thread: Thread) -> None:
    webm = recording("webm", "libopus")
    attach(client, thread, webm, "voice.webm", "audio/webm", as_voice="1")
    sent = Message.objects.get(direction="out")
    assert (sent.kind, sent.content["audio"]["voice"]) == ("audio", True)


def test_the_same_reference_twice_is_one_message_and_one_file(
    client: Client, thread: Thread, folder: Path
) -> None:
    reference = uuid.uuid4()
    for _ in range(2):
        answer = attach(client, thread, PDF, "a.pdf", "application/pdf", reference=reference)
        assert answer.status_code == 200
    assert Message.objects.filter(direction="out").count() == 1
    assert len(stored(folder)) == 1


@pytest.mark.parametrize(
    ("content", "name", "fields", "words"),
    [
        (PAGE, "page.pdf", {}, "WhatsApp does not take files of this kind."),
        (b"", "empty.pdf", {}, "empty"),
        (JPEG + b"\0" * 5 * 1024 * 1024, "large.jpg", {}, "A photo may have 5 MB"),
        (JPEG, "a.jpg", {"caption": "x" * 1025}, "the caption is 1025 characters long"),
        (JPEG, "a.jpg", {"as_voice": "1"}, "This is no recording."),
        (JPEG, "a.jpg", {"quotes": "0"}, "cannot be quoted"),
    ],
)
def test_what_whatsapp_would_not_take_is_refused_and_not_kept(
    client: Client,
    thread: Thread,
    folder: Path,
    content: bytes,
    name: str,
    fields: dict[str, str],
    words: str,
) -> None:
    answer = attach(client, thread, content, name, **fields)
    assert answer.status_code == 422
    assert words in answer.json()["toast"]
    assert not Message.objects.filter(direction="out").exists()
    assert not MediaFile.objects.exists()
    assert stored(folder) == []


def test_a_form_without_its_file_is_refused(client: Client, thread: Thread) -> None:
    assert act(client, at(thread, "attach/")).status_code == 422


def test_after_the_window_no_file_goes(client: Client, thread: Thread, folder: Path) -> None:
    Thread.objects.update(window_closes_at=clock.now() - timedelta(seconds=1))
    answer = attach(client, thread, VOICE, "voice.ogg", "audio/ogg", as_voice="1")
    assert answer.status_code == 409
    assert "window is closed" in answer.json()["toast"]
    assert stored(folder) == []


def test_nobody_attaches_in_a_colleagues_conversation(client: Client, thread: Thread) -> None:
    takeover.take(thread, by=factories.a_supervisor(), from_person=True)
    answer = attach(client, thread, JPEG, "a.jpg")
    assert answer.status_code == 409
    assert answer.json()["toast"] == "Sam is handling this."
