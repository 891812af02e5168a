"""A file that staff hand over: kept, uploaded, and only then on its way."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from conversations import delivery, jobs, media, sending
from conversations.media import limits, uploading, voice
from conversations.models import Announcement, Change, MediaFile, Message, Thread
from conversations.whatsapp.content import (
    Content,
    ContentError,
    Document,
    HeaderMedia,
    Template,
    Text,
)
from tests.factories import a_template, an_agent
from tests.media.files import JPEG, PAGE, PDF, PNG, STICKER, VOICE, recording
from tests.webhooks import NUMBER
from tests.whatsapp.graph import Answer, Graph

UPLOADED = Answer(body={"id": "4490709327384033"})
ACCEPTED = Answer(body={"messages": [{"id": "wamid.OUT"}], "contacts": [{"wa_id": "27820000000"}]})


def given(content: bytes, name: str = "file", content_type: str = "") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=content_type)


def attached(thread: Thread, content: bytes, name: str = "file", **more: Any) -> Message:
    return media.attach(thread, given(content, name, more.pop("claimed", "")), **more)


def now(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


def upload(message: Message) -> bool:
    return media.upload(message.media.pk)


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (JPEG, "photo.html", "image"),
        (PNG, "picture.png", "image"),
        (PDF, "invoice.pdf", "document"),
        (b"a;b\n", "list.csv", "document"),
        (VOICE, "voice.ogg", "audio"),
        (b"\0\0\0\x20ftypisom" + b"\0" * 9, "clip.mp4", "video"),
    ],
)
def test_its_content_says_what_it_is_shown_as(
    thread: Thread, content: bytes, name: str, kind: str
) -> None:
    message = attached(thread, content, name, by=an_agent())
    assert (message.kind, message.status, message.origin) == (kind, "queued", "staff")
    assert message.media.state == "waiting"


def test_a_caption_and_the_name_of_a_document_go_with_it(thread: Thread) -> None:
    message = attached(thread, PDF, "C:\\invoices\\inv 17.pdf", caption="Your invoice")
    assert message.content["document"]["caption"] == "Your invoice"
    assert message.content["document"]["filename"] == "inv 17.pdf"
    assert message.text == "📄 Document: inv 17.pdf – Your invoice"


def test_its_message_is_not_due_before_the_file_is_with_meta(thread: Thread) -> None:
    message = attached(thread, JPEG)
    assert now(message).next_at > timezone.now() + timedelta(days=300)  # type: ignore[operator]
    assert delivery.deliver_thread(thread.pk) == 0


def test_uploaded_it_leaves_with_metas_id(graph: Graph, thread: Thread) -> None:
    message = attached(thread, PDF, "invoice.pdf", caption="Your invoice")
    graph.answers(UPLOADED, ACCEPTED)
    assert upload(message)
    assert delivery.deliver_thread(thread.pk) == 1
    asked, sent = graph.asked
    assert asked.path == f"/v21.0/{NUMBER}/media"
    assert PDF in asked.body
    assert b'name="type"\r\n\r\napplication/pdf' in asked.body
    assert b'filename="invoice.pdf"' in asked.body
    assert sent.json["document"] == {
        "id": "4490709327384033",
        "caption": "Your invoice",
        "filename": "invoice.pdf",
    }
    row = MediaFile.objects.get()
    assert (row.state, row.media_id, row.size) == ("here", "4490709327384033", len(PDF))


@pytest.mark.parametrize("answer", [UPLOADED, Answer(400, body={"error": {"code": 100}})])
def test_open_inboxes_draw_it_again_whatever_became_of_it(
    graph: Graph, thread: Thread, answer: Answer
) -> None:
    message = attached(thread, PDF)
    Change.objects.all().delete()
    graph.answers(answer)
    jobs.upload_media(message.media.pk)
    assert Change.objects.filter(message=message).exists()


def test_what_is_sent_after_it_stays_behind_it(graph: Graph, thread: Thread) -> None:
    message = attached(thread, JPEG)
    sending.send(
        thread,
        Text("Here it is"),
        origin=Message.Origin.STAFF,
    )
    assert delivery.deliver_thread(thread.pk) == 0
    graph.answers(UPLOADED, ACCEPTED)
    upload(message)
    assert delivery.deliver_thread(thread.pk) == 1
    assert graph.asked[-1].json["type"] == "image"


def test_plain_text_of_every_kind_goes_as_plain_text(graph: Graph, thread: Thread) -> None:
    message = attached(thread, b"a;b\n", "list.csv", claimed="text/csv")
    graph.answers(UPLOADED)
    assert upload(message)
    assert b'name="type"\r\n\r\ntext/plain' in graph.asked[0].body
    assert b'filename="list.csv"' in graph.asked[0].body


def test_a_photo_with_a_wrong_ending_is_uploaded_with_the_right_one(
    graph: Graph, thread: Thread
) -> None:
    message = attached(thread, JPEG, "photo.html")
    graph.answers(UPLOADED)
    upload(message)
    assert b'filename="photo.jpg"' in graph.asked[0].body


@pytest.mark.parametrize("container", ["webm", "wav"])
def test_a_recording_becomes_a_voice_message(graph: Graph, thread: Thread, container: str) -> None:
    codec = {"webm": "libopus", "wav": "pcm_s16le"}[container]
    message = attached(thread, recording(container, codec), "blob", as_voice=True)
    former = message.media.file.name
    graph.answers(UPLOADED)
    assert upload(message)
    row = MediaFile.objects.get()
    assert (row.mime_type, row.file.name != former) == ("audio/ogg", True)
    assert not row.file.storage.exists(str(former))
    with row.file.open("rb") as file:
        kept = file.read()
    assert voice.is_voice(kept)
    assert kept in graph.asked[0].body
    assert b'name="type"\r\n\r\naudio/ogg' in graph.asked[0].body
    assert now(message).content["audio"] == {"id": "4490709327384033", "voice": True}


def test_a_recording_that_whatsapp_takes_is_left_as_it_is(graph: Graph, thread: Thread) -> None:
    message = attached(thread, b"ID3\x03" + b"\0" * 99, "song.mp3")
    graph.answers(UPLOADED)
    upload(message)
    assert MediaFile.objects.get().mime_type == "audio/mpeg"
    assert now(message).content["audio"] == {"id": "4490709327384033"}


def test_a_recording_that_is_too_long_fails_and_says_so_and_is_not_cut(
    graph: Graph, thread: Thread, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setattr(voice, "SECONDS_MAX", 0.3)
    made = recording("webm", "libopus")
    message = attached(thread, made, "blob", as_voice=True)
    assert not upload(message)
    assert (now(message).status, now(message).error_text) == ("failed", uploading.TOO_LONG)
    assert (folder / str(message.media.file.name)).read_bytes() == made
    assert graph.asked == []


def test_a_recording_without_sound_fails_and_says_so(graph: Graph, thread: Thread) -> None:
    message = attached(thread, b"\x1aE\xdf\xa3" + b"\0" * 99, "blob", as_voice=True)
    assert not upload(message)
    assert (now(message).status, now(message).error_text) == ("failed", uploading.UNREADABLE)
    assert graph.asked == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (PAGE, "files of this kind"),
        (STICKER, "files of this kind"),
        (b"MZ\x90\x00\x03", "files of this kind"),
        (b"PK\x03\x04", "files of this kind"),
    ],
)
def test_what_whatsapp_does_not_take_is_refused_with_advice(
    thread: Thread, content: bytes, words: str
) -> None:
    with pytest.raises(media.FileRefused, match=words) as refused:
        attached(thread, content, "invoice.pdf")
    assert refused.value.what_to_do
    assert not Message.objects.filter(direction="out").exists()


@pytest.mark.parametrize(("content", "most"), [(JPEG, "5 MB"), (VOICE, "16 MB"), (PDF, "100 MB")])
def test_what_is_too_large_is_refused_with_the_limit(
    thread: Thread, content: bytes, most: str
) -> None:
    size = int(most.split()[0]) * limits.MB + 1
    with pytest.raises(media.FileRefused, match=most):
        attached(thread, content + b"\0" * (size - len(content)))


@pytest.mark.parametrize("take", [media.attach, lambda _, file: media.take_in(file, owner="x")])
def test_what_is_larger_than_anything_is_refused_before_it_fills_the_memory(
    thread: Thread, take: Any
) -> None:
    file = given(JPEG)
    file.size = 5000 * limits.MB
    with pytest.raises(media.FileRefused, match="this one has 5000"):
        take(thread, file)
    assert file.tell() == 0


def test_words_under_a_recording_are_refused_and_not_lost(thread: Thread, folder: Path) -> None:
    """Source: Cloud API, audio messages: they have no caption."""
    with pytest.raises(ContentError, match="recording"):
        attached(thread, VOICE, caption="Listen to this")
    assert not Message.objects.filter(direction="out").exists()
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_any_claim_of_a_browser_can_be_kept(thread: Thread) -> None:
    message = attached(thread, b"a;b\n", "list.csv", claimed="text/" + "x" * 300)
    assert message.media.mime_type == "text/plain"


def test_a_document_is_no_voice_message(thread: Thread) -> None:
    with pytest.raises(media.FileRefused, match="no recording"):
        attached(thread, PDF, as_voice=True)


def test_the_gate_decides_and_a_refused_file_is_not_kept(thread: Thread, folder: Path) -> None:
    Thread.objects.update(window_closes_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(sending.WindowClosed):
        attached(thread, JPEG)
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_pressed_twice_it_is_one_message_with_one_file(thread: Thread, folder: Path) -> None:
    reference = uuid.uuid4()
    first = attached(thread, JPEG, reference=reference)
    second = attached(thread, JPEG, reference=reference)
    assert (first.pk, MediaFile.objects.count()) == (second.pk, 1)
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    "trouble", [Answer(500, body={}), Answer(drop=True), Answer(429, body=b"")]
)
def test_trouble_on_the_way_is_waited_out(graph: Graph, thread: Thread, trouble: Answer) -> None:
    message = attached(thread, JPEG)
    graph.answers(trouble)
    assert not upload(message)
    row = MediaFile.objects.get()
    assert (row.state, row.attempts, now(message).status) == ("waiting", 1, "queued")
    graph.answers(UPLOADED)
    assert upload(message)


def test_after_half_an_hour_of_trouble_it_has_failed(graph: Graph, thread: Thread) -> None:
    message = attached(thread, JPEG)
    for _ in range(len(uploading.WAIT_SECONDS) + 1):
        graph.answers(Answer(500, body={}))
        upload(message)
    assert now(message).status == "failed"
    assert MediaFile.objects.get().next_at is None


def test_a_refused_file_fails_its_message_with_metas_reason(graph: Graph, thread: Thread) -> None:
    message = attached(thread, JPEG)
    refused = {"error": {"message": "(#100) Param file is damaged", "code": 100}}
    graph.answers(Answer(400, body=refused))
    assert not upload(message)
    assert (now(message).status, now(message).error_code) == ("failed", 100)
    assert "Param file is damaged" in now(message).error_text


def test_it_is_announced_as_failed_once(graph: Graph, thread: Thread) -> None:
    message = attached(thread, PDF, "bill.pdf")
    graph.answers(Answer(400, body={"error": {"code": 100, "message": "no"}}))
    upload(message)
    upload(message)
    (one,) = Announcement.objects.filter(type="message.failed")
    assert one.payload["message"] == message.pk


def test_an_answer_of_the_assistant_that_fails_so_needs_a_person(
    graph: Graph, thread: Thread
) -> None:
    question = thread.messages.get()
    message = attached(thread, PDF, origin=Message.Origin.ASSISTANT, in_reply_to=question)
    graph.answers(Answer(400, body={"error": {"code": 100, "message": "no"}}))
    upload(message)
    assert Thread.objects.get().mode == "waiting"


def test_a_second_job_uploads_nothing(graph: Graph, thread: Thread) -> None:
    message = attached(thread, JPEG)
    graph.answers(UPLOADED)
    assert upload(message)
    assert not upload(message)
    assert len(graph.asked) == 1


def test_a_file_that_is_gone_fails_its_message(graph: Graph, thread: Thread) -> None:
    message = attached(thread, JPEG)
    message.media.file.storage.delete(str(message.media.file.name))
    assert not upload(message)
    assert now(message).error_text == uploading.MISSING


def test_one_that_failed_is_sent_again_as_a_message_of_its_own(
    graph: Graph, thread: Thread
) -> None:
    alice = an_agent()
    message = attached(thread, PDF, "invoice.pdf", caption="Your invoice")
    graph.answers(Answer(400, body={"error": {"code": 100, "message": "no"}}), UPLOADED)
    upload(message)
    again = media.send_again(now(message), by=alice)
    assert again.pk != message.pk
    assert (again.trace["again"], again.sent_by) == (message.pk, alice)
    assert upload(again)
    document = now(again).content["document"]
    assert (document["caption"], document["filename"]) == ("Your invoice", "invoice.pdf")
    assert media.send_again(now(message), by=alice).pk == again.pk


def test_one_whose_upload_died_at_meta_is_uploaded_anew(graph: Graph, thread: Thread) -> None:
    """Source: Cloud API, media: an id lives 30 days, for the number that uploaded it."""
    message = attached(thread, JPEG)
    dead = {"error": {"message": "(#100) not a valid attachment ID", "code": 100}}
    graph.answers(UPLOADED, Answer(400, body=dead), Answer(body={"id": "anew"}), ACCEPTED)
    upload(message)
    delivery.deliver_thread(thread.pk)
    assert now(message).status == "failed"
    again = media.send_again(now(message), by=an_agent())
    assert upload(again)
    delivery.deliver_thread(thread.pk)
    assert graph.asked[-1].json["image"] == {"id": "anew"}


def test_one_whose_file_neither_meta_nor_we_have_is_not_sent_again(
    graph: Graph, thread: Thread
) -> None:
    message = attached(thread, JPEG)
    message.media.file.storage.delete(str(message.media.file.name))
    upload(message)
    with pytest.raises(media.FileRefused, match="no longer here") as refused:
        media.send_again(now(message), by=an_agent())
    assert refused.value.what_to_do
    assert Message.objects.filter(direction="out").count() == 1


def test_one_whose_file_only_meta_has_is_sent_again_by_its_id(graph: Graph, thread: Thread) -> None:
    message = attached(thread, JPEG)
    graph.answers(UPLOADED)
    upload(message)
    message.media.file.storage.delete(str(message.media.file.name))
    Message.objects.filter(pk=message.pk).update(status=Message.Status.FAILED)
    again = media.send_again(now(message), by=an_agent())
    assert again.content["image"] == {"id": "4490709327384033"}


def test_one_without_a_file_of_ours_is_sent_again_as_ever(thread: Thread) -> None:
    alice = an_agent()
    [message] = sending.send(thread, Text("Hello"), origin=Message.Origin.STAFF)
    Message.objects.filter(pk=message.pk).update(status="failed")
    assert media.send_again(now(message), by=alice).text == "Hello"


def test_a_file_in_the_header_of_a_template_leaves_with_metas_id_and_goes_again_so(
    graph: Graph, thread: Thread
) -> None:
    components = [{"type": "HEADER", "format": "DOCUMENT"}, {"type": "BODY", "text": "Look"}]
    a_template("paper", components=components)

    def within(file: Content) -> Template:
        assert isinstance(file, Document)
        return Template("paper", "en_ZA", (HeaderMedia(replace(file, filename="Statement.pdf")),))

    message = attached(thread, PDF, "s.pdf", within=within)
    graph.answers(UPLOADED, ACCEPTED)
    assert upload(message)
    assert delivery.deliver_thread(thread.pk) == 1
    document = {"id": "4490709327384033", "filename": "Statement.pdf"}
    header = {"type": "header", "parameters": [{"type": "document", "document": document}]}
    assert graph.asked[-1].json["template"]["components"] == [header]
    Message.objects.filter(pk=message.pk).update(status=Message.Status.FAILED)
    again = media.send_again(now(message), by=an_agent())
    sent = again.content["template"]["components"][0]["parameters"][0]["document"]
    assert sent["filename"] == "Statement.pdf"
    assert sent["id"].startswith("waiting-")
    assert again.media.filename == "s.pdf"
