"""Files and recordings in a real browser: chosen, pasted, dropped, cancelled, refused, sent."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import FilePayload, Locator, Route, expect
from pytest_django import Settings

from conversations import takeover
from conversations.models import MediaFile, Message, Thread
from tests import factories
from tests.inbox.conftest import MakeDesk
from tests.inbox.desk import Desk
from tests.inbox.pages import at
from tests.media.files import JPEG, PDF

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Files as a page gets them by paste and by drag: the browser lets nobody else make these.
HAND_OVER = """([selector, event, names]) => {
    const data = new DataTransfer();
    for (const [name, type] of names) data.items.add(new File(['%PDF-1.4'], name, {type}));
    const made = event === 'paste'
        ? new ClipboardEvent(event, {clipboardData: data, bubbles: true, cancelable: true})
        : new DragEvent(event, {dataTransfer: data, bubbles: true, cancelable: true});
    document.querySelector(selector).dispatchEvent(made);
    return made.defaultPrevented;
}"""


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path


def box(here: Desk) -> Locator:
    return here.page.locator("#wa-text")


def tool(here: Desk, name: str) -> Locator:
    return here.page.locator("#wa-foot").get_by_role("button", name=name, exact=True)


def file(name: str, content: bytes, kind: str) -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": content}


PHOTO = file("chair.jpg", JPEG, "image/jpeg")
INVOICE = file("invoice.pdf", PDF, "application/pdf")


def choose(here: Desk, *files: FilePayload) -> None:
    with here.page.expect_file_chooser() as chooser:
        tool(here, "Attach files").click()
    chooser.value.set_files(list(files))


def cards(here: Desk) -> Locator:
    return here.page.locator(".wa-file")


def sent() -> list[tuple[str, str]]:
    rows = Message.objects.filter(direction="out").order_by("pk")
    return list(rows.values_list("kind", "text"))


def test_several_files_go_in_their_order_and_the_text_after_them(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open(thread)
    choose(here, PHOTO, INVOICE)
    expect(cards(here)).to_have_count(2)
    expect(cards(here).first.locator("img")).to_be_visible()
    here.page.get_by_label("Caption of chair.jpg").fill("The *chair*")
    box(here).fill("And the invoice")
    box(here).press("Enter")
    expect(here.page.locator(".wa-bubble.out")).to_have_count(3)
    expect(cards(here)).to_have_count(0)
    expect(box(here)).to_have_value("")
    assert [kind for kind, _ in sent()] == ["image", "document", "text"]
    assert "The *chair*" in sent()[0][1]
    assert [one.filename for one in MediaFile.objects.order_by("pk")] == [
        "chair.jpg",
        "invoice.pdf",
    ]
    assert here.problems == []


def test_pasted_and_dropped_files_are_attached(desk: MakeDesk, alice: User, thread: Thread) -> None:
    here = desk(alice).open(thread)
    pdf = "application/pdf"
    assert here.value(HAND_OVER, ["#wa-text", "paste", [["pasted.pdf", pdf]]])
    expect(cards(here)).to_have_count(1)
    assert here.value(HAND_OVER, ["#wa-log", "dragover", [["dropped.pdf", pdf]]])
    expect(here.page.locator(".wa-talk.is-over")).to_be_visible()
    assert here.value(HAND_OVER, ["#wa-log", "drop", [["dropped.pdf", pdf]]])
    expect(cards(here)).to_have_count(2)
    tool(here, "Remove pasted.pdf").click()
    tool(here, "Send").click()
    expect(here.page.locator(".wa-bubble.out")).to_have_count(1)
    assert MediaFile.objects.get().filename == "dropped.pdf"


def test_what_whatsapp_would_not_take_is_named_before_anything_is_uploaded(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open(thread)
    choose(
        here,
        file("picture.svg", b"<svg/>", "image/svg+xml"),
        file("large.jpg", b"\0" * (5 * 1024 * 1024 + 1), "image/jpeg"),
        file("nothing.pdf", b"", "application/pdf"),
        INVOICE,
    )
    problems = here.page.locator(".wa-file [data-problem]")
    expect(problems).to_have_text(
        [
            "WhatsApp does not take files of this kind. Save the picture as JPEG or PNG.",
            "A photo may have 5 MB, this one has 5.0 MB. Make it smaller, or send a link to it.",
            "The file is empty. Choose another file.",
            "",
        ]
    )
    box(here).fill("Here it is")
    box(here).press("Enter")
    expect(here.page.locator(".wa-bubble.out")).to_have_count(2)
    expect(cards(here)).to_have_count(3)
    assert [kind for kind, _ in sent()] == ["document", "text"]
    assert len([url for url in here.requests if "/attach/" in url]) == 1


def test_what_the_server_finds_in_a_file_is_told_at_the_file(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    """Its name and its type say PDF, its content does not."""
    here = desk(alice).open(thread)
    choose(here, file("page.pdf", b"<!doctype html><script>", "application/pdf"))
    box(here).fill("Have a look")
    box(here).press("Enter")
    expect(cards(here)).to_contain_text("WhatsApp does not take files of this kind.")
    expect(box(here)).to_have_value("Have a look")
    assert sent() == []


def test_an_upload_can_be_cancelled_and_sent_after_all(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open(thread)
    held: list[Route] = []
    pattern = f"**{at(thread, 'attach/')}"
    here.page.route(pattern, lambda route: held.append(route))
    choose(here, INVOICE)
    box(here).fill("The invoice")
    tool(here, "Send").click()
    expect(here.page.get_by_role("progressbar", name="Upload of invoice.pdf")).to_be_visible()
    tool(here, "Cancel invoice.pdf").click()
    expect(cards(here)).to_contain_text("Not sent: you cancelled it.")
    expect(box(here)).to_have_value("The invoice")
    assert sent() == []
    here.page.unroute(pattern)
    tool(here, "Send").click()
    expect(here.page.locator(".wa-bubble.out")).to_have_count(2)
    assert [kind for kind, _ in sent()] == ["document", "text"]


def test_a_lost_answer_does_not_send_a_file_twice(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open(thread)
    pattern = f"**{at(thread, 'attach/')}"
    here.page.route(pattern, lambda route: (route.fetch(), route.abort()))
    choose(here, INVOICE)
    tool(here, "Send").click()
    expect(cards(here)).to_contain_text("The connection broke.")
    here.page.unroute(pattern)
    tool(here, "Send").click()
    expect(cards(here)).to_have_count(0)
    expect(here.page.locator(".wa-bubble.out")).to_have_count(1)
    assert len(sent()) == 1


def test_files_wait_where_they_were_put(desk: MakeDesk, alice: User, thread: Thread) -> None:
    other = factories.a_thread(contact=factories.a_contact("Pieter Botes"))
    factories.an_inbound(other)
    takeover.take(other, by=alice)
    here = desk(alice).open(thread)
    choose(here, INVOICE)
    expect(cards(here)).to_have_count(1)
    here.choose(other)
    expect(cards(here)).to_have_count(0)
    here.choose(thread)
    expect(cards(here)).to_have_count(1)


def test_a_voice_message_is_recorded_listened_to_and_sent(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice)
    here.context.grant_permissions(["microphone"])
    here.open(thread)
    tool(here, "Record a voice message").click()
    expect(here.page.get_by_role("timer")).to_have_text("0:01")
    tool(here, "Stop and listen").click()
    expect(here.page.locator(".wa-voice audio")).to_be_visible()
    tool(here, "Send voice message").click()
    expect(here.page.locator(".wa-bubble.out")).to_have_count(1)
    expect(here.page.locator(".wa-voice")).to_have_count(0)
    message = Message.objects.get(direction="out")
    assert message.content["audio"]["voice"] is True
    assert message.media.mime_type == "audio/webm"
    assert (message.media.size or 0) > 500
    assert here.problems == []


def test_a_recording_can_be_cancelled(desk: MakeDesk, alice: User, thread: Thread) -> None:
    here = desk(alice)
    here.context.grant_permissions(["microphone"])
    here.open(thread)
    tool(here, "Record a voice message").click()
    expect(here.page.get_by_role("meter", name="Level of the microphone")).to_be_visible()
    tool(here, "Cancel").click()
    expect(here.page.locator(".wa-voice")).to_have_count(0)
    expect(box(here)).to_be_focused()
    assert sent() == []


def test_a_refused_microphone_says_what_to_do(desk: MakeDesk, alice: User, thread: Thread) -> None:
    here = desk(alice).open(thread)
    tool(here, "Record a voice message").click()
    expect(here.page.get_by_role("alert").filter(has_text="microphone is blocked")).to_contain_text(
        "allow the microphone for this page"
    )
    tool(here, "Close").click()
    expect(here.page.locator(".wa-voice")).to_have_count(0)
