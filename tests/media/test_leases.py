"""Uploads in a bad hour: two jobs at once, jobs that die, a number that Meta lets do nothing."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from conversations import delivery, media, pausing
from conversations.media import uploading, waking
from conversations.models import MediaFile, Message, Notice, PhoneNumber, Thread
from conversations.whatsapp.content import Content, HeaderMedia, Template
from tests.factories import a_phone_number, a_template, a_thread, an_inbound
from tests.media.files import JPEG, PDF, recording
from tests.webhooks import NUMBER
from tests.whatsapp.graph import Answer, Graph

UPLOADED = Answer(body={"id": "4490709327384033"})
DEAD_TOKEN = Answer(401, body={"error": {"code": 190, "message": "dead token"}})
TOO_FAST = Answer(400, body={"error": {"code": 130429, "message": "too fast"}})
NOBODY = "http://127.0.0.1:9"


def attached(thread: Thread, content: bytes, **more: Any) -> Message:
    return media.attach(thread, SimpleUploadedFile("file", content), **more)


def upload(message: Message) -> bool:
    return media.upload(message.media.pk)


def row() -> MediaFile:
    return MediaFile.objects.get()


def sent() -> Message:
    return Message.objects.get(direction="out")


@pytest.mark.django_db(transaction=True)
def test_a_second_job_leaves_what_the_first_is_at_alone(graph: Graph) -> None:
    """Also while the first has replaced a recording by what Meta takes, and is uploading that."""
    thread = a_thread(phone_number=a_phone_number(phone_number_id=NUMBER))
    an_inbound(thread)
    message = attached(thread, recording("webm", "libopus"), as_voice=True)
    goes_on = threading.Event()
    graph.answers(Answer(body={"id": "1"}, until=goes_on))

    def first() -> None:
        upload(message)
        connection.close()

    job = threading.Thread(target=first)
    job.start()
    while not graph.asked:
        assert job.is_alive()
    assert not upload(message)
    goes_on.set()
    job.join(10)
    assert (len(graph.asked), row().state, sent().status) == (1, "here", "queued")
    assert sent().content["audio"]["id"] == "1"


def test_a_job_that_comes_after_a_conversion_finds_the_converted(
    graph: Graph, thread: Thread
) -> None:
    message = attached(thread, recording("webm", "libopus"), as_voice=True)
    graph.answers(Answer(500, body={}), UPLOADED)
    assert [upload(message), upload(message)] == [False, True]
    assert (row().mime_type, sent().status) == ("audio/ogg", "queued")


def die() -> None:
    """The worker is gone in the middle, and its lease is over."""
    assert waking.claim(row().pk, is_ours=True)
    MediaFile.objects.update(leased_until=timezone.now() - timedelta(seconds=1))


def test_a_job_that_died_once_is_done_by_the_next(graph: Graph, thread: Thread) -> None:
    message = attached(thread, JPEG)
    die()
    graph.answers(UPLOADED)
    assert upload(message)


def test_a_file_that_jobs_die_over_fails_its_message_and_stays(
    graph: Graph, thread: Thread, folder: Path
) -> None:
    message = attached(thread, JPEG)
    for _ in range(uploading.DIED_AT_MOST):
        die()
    assert not upload(message)
    assert (sent().status, sent().error_text) == ("failed", uploading.TOO_SLOW)
    assert (row().state, row().next_at, graph.asked) == ("here", None, [])
    assert (folder / str(row().file.name)).read_bytes() == JPEG


@pytest.mark.parametrize("trouble", [DEAD_TOKEN, TOO_FAST])
def test_what_is_not_the_files_fault_is_waited_for_however_long_it_lasts(
    graph: Graph, thread: Thread, trouble: Answer
) -> None:
    message = attached(thread, JPEG)
    for _ in range(3 * len(uploading.WAIT_SECONDS)):
        graph.answers(trouble)
        upload(message)
    assert (sent().status, row().state) == ("queued", "waiting")
    graph.answers(UPLOADED)
    assert upload(message)


def test_so_is_a_line_that_is_down(thread: Thread, settings: Any) -> None:
    settings.GRAPH_API_URL = NOBODY
    message = attached(thread, JPEG)
    for _ in range(3 * len(uploading.WAIT_SECONDS)):
        upload(message)
    assert (sent().status, row().state) == ("queued", "waiting")


def test_a_storage_that_is_away_is_waited_for_and_given_up_in_the_end(
    graph: Graph, thread: Thread, folder: Path
) -> None:
    message = attached(thread, JPEG)
    kept = folder / str(message.media.file.name)
    kept.rename(folder / "elsewhere")
    kept.mkdir()
    for _ in range(len(uploading.WAIT_SECONDS)):
        upload(message)
    assert (sent().status, row().state, row().leased_until) == ("queued", "waiting", None)
    upload(message)
    assert (sent().status, sent().error_text) == ("failed", uploading.NOT_TO_BE_READ)
    assert graph.asked == []


def test_a_dead_token_pauses_the_number_and_raises_an_alarm(graph: Graph, thread: Thread) -> None:
    message = attached(thread, JPEG)
    graph.answers(DEAD_TOKEN)
    upload(message)
    assert PhoneNumber.objects.get().paused_reason
    assert Notice.objects.get(key=f"number:{NUMBER}").level == Notice.Level.ALARM


def test_when_the_number_sends_again_its_files_go_on_at_once(graph: Graph, thread: Thread) -> None:
    message = attached(thread, JPEG)
    graph.answers(DEAD_TOKEN)
    upload(message)
    assert row().next_at > timezone.now()  # type: ignore[operator]  # it waits
    pausing.resume([NUMBER])
    assert row().next_at <= timezone.now()  # type: ignore[operator]  # it waits


def test_a_proxy_that_refuses_a_file_pauses_nobody_and_is_given_up(
    graph: Graph, thread: Thread
) -> None:
    message = attached(thread, JPEG)
    for _ in range(len(uploading.WAIT_SECONDS) + 1):
        graph.answers(Answer(403, body=b"<html>forbidden</html>"))
        upload(message)
    assert sent().status == "failed"
    assert PhoneNumber.objects.get().paused_reason == ""


# uploads live 30 days at Meta


def a_template_with_a_file(thread: Thread, graph: Graph) -> Message:
    components = [{"type": "HEADER", "format": "DOCUMENT"}, {"type": "BODY", "text": "Look"}]
    a_template("paper", components=components)

    def within(file: Content) -> Template:
        return Template("paper", "en_ZA", (HeaderMedia(file),))  # type: ignore[arg-type]  # a PDF

    message = attached(thread, PDF, within=within)
    graph.answers(Answer(body={"id": "first"}))
    assert upload(message)
    return message


def header_id() -> str:
    parameter = sent().content["template"]["components"][0]["parameters"][0]
    return str(parameter["document"]["id"])


def days_ago(days: int) -> None:
    MediaFile.objects.update(uploaded_at=timezone.now() - timedelta(days=days))


def test_what_meta_forgets_before_it_leaves_is_uploaded_anew(graph: Graph, thread: Thread) -> None:
    message = a_template_with_a_file(thread, graph)
    days_ago(29)
    assert [media.renew(), media.renew()] == [1, 0]
    assert header_id().startswith("waiting-")
    assert delivery.deliver_thread(thread.pk) == 0
    graph.answers(Answer(body={"id": "second"}))
    assert upload(message)
    assert (header_id(), row().died) == ("second", 0)
    assert media.renew() == 0


def test_what_meta_still_has_or_has_sent_is_not(graph: Graph, thread: Thread) -> None:
    a_template_with_a_file(thread, graph)
    days_ago(27)
    assert media.renew() == 0
    days_ago(29)
    Message.objects.filter(direction="out").update(status="failed")
    assert (media.renew(), header_id()) == (0, "first")
