"""The contact beside the conversation in a real browser, and what a screen reader meets."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from playwright.sync_api import expect

from conversations import notes, takeover
from conversations.models import Contact, Label, MediaFile, Thread
from tests import factories
from tests.inbox.conftest import MakeDesk
from tests.media.files import CLIP, JPEG

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sam() -> User:
    return factories.a_supervisor()


@pytest.fixture
def thread() -> Thread:
    thread = factories.a_thread(contact=factories.a_contact("Thandi Nkosi"))
    factories.an_inbound(thread, "Hello")
    return thread


def test_a_supervisor_labels_names_and_blocks_without_a_new_page(
    desk: MakeDesk, sam: User, thread: Thread
) -> None:
    Label.objects.create(name="VIP", tone="amber")
    here = desk(sam).open(thread)
    panel = here.page.locator("#wa-panel")
    here.page.evaluate("window.sameDocument = true")
    panel.get_by_text("Add a label").click()
    panel.get_by_role("button", name="VIP", exact=True).click()
    expect(panel.get_by_role("status")).to_have_text("VIP was put on.")
    expect(panel.get_by_role("status")).to_be_focused()
    panel.get_by_text("Edit contact").click()
    panel.get_by_label("Language").fill("isiZulu!")
    panel.get_by_role("button", name="Save").click()
    expect(panel.get_by_role("alert")).to_contain_text("Write the language as its code")
    panel.get_by_label("Name").fill("Thandi M.")
    panel.get_by_label("Language").fill("zu")
    panel.get_by_role("button", name="Save").click()
    expect(panel.get_by_role("heading", name="Thandi M.")).to_be_visible()
    expect(here.page.locator("#wa-head h2")).to_have_text("Thandi M.")  # by the next look
    panel.get_by_text("Block", exact=True).click()
    panel.get_by_role("button", name="Yes, block").click()
    expect(panel.get_by_text("Blocked", exact=True)).to_be_visible()
    expect(here.page.locator("#wa-foot")).to_contain_text("This contact is blocked")
    assert here.value("window.sameDocument") is True
    assert here.problems == []


def test_the_past_comes_when_it_is_asked_for_and_two_contacts_become_one(
    desk: MakeDesk, sam: User, thread: Thread
) -> None:
    notes.add(thread, "Careful", by=sam)
    twin = factories.a_thread(contact=factories.a_contact("Thandi Nkosi"))
    factories.an_inbound(twin, "From my other telephone")
    here = desk(sam).open(thread)
    panel = here.page.locator("#wa-panel")
    assert not any("show=past" in url for url in here.requests)
    panel.get_by_text("Notes and past").click()
    expect(panel.get_by_text("Careful")).to_be_visible()
    panel.get_by_text("Merge with another contact").click()
    dialog = here.page.get_by_role("dialog")
    dialog.get_by_role("link", name="Thandi Nkosi").click()
    expect(dialog.get_by_role("columnheader")).to_have_count(2)
    dialog.get_by_role("button", name="Yes, merge them").click()
    expect(here.page.locator("#wa-log").get_by_text("From my other telephone")).to_be_visible()
    assert Contact.objects.count() == 1
    assert here.problems == []


def a_file(thread: Thread, content: bytes, mime_type: str, kind: str) -> MediaFile:
    message = factories.an_inbound(thread, kind, kind=kind, content={"type": kind})
    row = MediaFile(message=message, mime_type=mime_type, state="here", size=len(content))
    row.file.save("x", ContentFile(content), save=False)
    row.save()
    return row


def test_files_are_shown_scrubbed_and_missed(
    desk: MakeDesk, sam: User, thread: Thread, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    film = a_file(thread, CLIP, "video/mp4", "video")
    lost = a_file(thread, JPEG, "image/jpeg", "image")
    a_file(thread, JPEG, "image/jpeg", "image")
    lost.file.storage.delete(str(lost.file.name))
    here = desk(sam)
    with here.page.expect_response(lambda answer: f"/media/{film.pk}/" in answer.url) as found:
        here.open(thread)
    assert found.value.status == 206
    expect(here.page.locator(f"#m{lost.message_id}")).to_contain_text("The file is no longer here")
    expect(here.page.locator(".wa-picture img")).to_have_count(1)
    film_shown = here.page.locator("video")
    film_shown.evaluate("film => { film.currentTime = film.duration / 2 }")
    expect(film_shown).to_have_js_property("error", None)
    assert film_shown.evaluate("film => film.seekable.end(0)") > 0


def test_a_screen_reader_meets_names_roles_and_one_heading_of_each_kind(
    desk: MakeDesk, sam: User, thread: Thread
) -> None:
    takeover.take(thread, by=sam)
    notes.add(thread, "Careful", by=sam)
    page = desk(sam).open(thread).page
    expect(page.get_by_role("main")).to_have_count(1)
    log = page.get_by_role("log", name="Messages with Thandi Nkosi")
    expect(log).to_have_attribute("aria-live", "off")
    expect(page.locator("#wa-status")).to_have_attribute("aria-live", "polite")
    expect(log.get_by_role("note", name="Internal note by You")).to_be_visible()
    expect(page.get_by_role("complementary", name="Contact")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_role("heading", level=2, name="Thandi Nkosi")).to_have_count(1)
    panel = page.get_by_role("complementary", name="Contact")
    expect(panel.get_by_role("heading", level=3, name="Thandi Nkosi")).to_be_visible()
    for name in ("Labels", "Details", "What may be sent"):
        expect(panel.get_by_role("heading", level=4, name=name)).to_be_visible()
    bubble = log.locator(".wa-bubble").first
    expect(bubble).to_contain_text("Hello")
