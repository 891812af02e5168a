"""Notes and the way to a message in a real browser: naming, telling, drafts, jumping."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from conversations import clock, notes, takeover
from conversations.models import Mention, Note, Thread
from tests import factories
from tests.inbox.conftest import MakeDesk
from tests.inbox.desk import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def alice() -> User:
    return factories.an_agent()


@pytest.fixture
def kim() -> User:
    return factories.an_agent("kim")


@pytest.fixture
def thread() -> Thread:
    thread = factories.a_thread(contact=factories.a_contact("Thandi Nkosi"))
    factories.an_inbound(thread, "Hello")
    return thread


def test_a_colleague_is_named_from_the_menu_and_told_at_once(
    desk: MakeDesk, alice: User, kim: User, thread: Thread
) -> None:
    kims = desk(kim).open()
    here = desk(alice).open(thread)
    here.page.locator("#wa-noting summary").click()
    here.page.locator("#wa-note").press_sequentially("Ask @k")
    expect(here.page.get_by_role("option", name="Kim")).to_be_visible()
    here.page.keyboard.press("Enter")
    expect(here.page.locator("#wa-note")).to_have_value("Ask @kim ")
    here.page.locator("#wa-note").press_sequentially("about the chair")
    here.page.get_by_role("button", name="Add note").click()
    expect(here.page.locator(".wa-noted")).to_contain_text("Ask @kim about the chair")
    expect(here.page.locator("#wa-noting")).not_to_have_attribute("open", "")
    assert Note.objects.get().text == "Ask @kim about the chair"
    told = kims.page.get_by_role("navigation", name="Notes that name you")
    expect(told).to_contain_text("Alice named you in a note to Thandi Nkosi")
    told.get_by_role("link").click()
    expect(kims.page.locator(".wa-noted")).to_contain_text("Told you")
    expect(told).to_be_hidden()
    assert Mention.objects.get().seen_at
    assert here.problems == kims.problems == []


def test_a_note_of_a_colleague_comes_by_itself_and_is_announced(
    desk: MakeDesk, alice: User, kim: User, thread: Thread
) -> None:
    takeover.take(thread, by=kim)
    here = desk(alice).open(thread)
    here.wait_for_poll()
    notes.add(thread, "@alice careful", by=kim)
    expect(here.page.locator(".wa-noted")).to_contain_text("@alice careful")
    expect(here.page.locator("#wa-status")).to_have_text("Internal note by Kim")
    expect(here.page.locator("#wa-named a")).to_have_count(0, timeout=PATIENCE)


def test_a_note_that_was_begun_is_there_again(desk: MakeDesk, alice: User, thread: Thread) -> None:
    here = desk(alice).open(thread)
    here.page.keyboard.press("n")
    expect(here.page.locator("#wa-note")).to_be_focused()
    with here.page.expect_response("**/note/draft/**"):
        here.page.keyboard.type("Half a thought")
    here.page.reload()
    elsewhere = desk(alice).open(thread)
    for place in (here, elsewhere):
        expect(place.page.locator("#wa-note")).to_have_value("Half a thought")
        expect(place.page.locator("#wa-note")).to_be_visible()
    elsewhere.page.get_by_role("button", name="Add note").click()
    expect(elsewhere.page.locator(".wa-noted")).to_contain_text("Half a thought")
    here.page.reload()
    expect(here.page.locator(".wa-noted")).to_be_visible()
    expect(here.page.locator("#wa-note")).to_have_value("")
    expect(here.page.locator("#wa-note")).to_be_hidden()


def test_a_quote_leads_to_its_message_even_where_it_is_not_loaded(
    desk: MakeDesk, alice: User
) -> None:
    thread, now = factories.a_thread(), clock.now()
    asked = factories.an_inbound(thread, "The question", sent_at=now - timedelta(hours=5))
    for n in range(160):
        factories.an_inbound(thread, f"No {n}", sent_at=now - timedelta(minutes=200 - n))
    factories.an_outbound(thread, "The answer", quotes=asked.wamid)
    here = desk(alice).open(thread)
    here.page.locator(".wa-quote").click()
    found = here.page.locator(f"#m{asked.pk}")
    expect(found).to_be_in_viewport()
    expect(found).to_have_class("wa-bubble in first is-found")
    here.page.locator("#wa-jump").click()
    expect(here.page.locator("#wa-log").get_by_text("The answer")).to_be_in_viewport()
    assert here.problems == []
