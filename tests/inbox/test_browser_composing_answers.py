"""Answering one message and reacting to it: by pointer, by keys, by touch."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Locator, expect

from conversations import changes, takeover
from conversations.models import Message, Thread
from tests import factories
from tests.inbox.conftest import MakeDesk
from tests.inbox.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def alice() -> User:
    return factories.an_agent()


@pytest.fixture
def thread(alice: User) -> Thread:
    """Mine, with an open window."""
    thread = factories.a_thread(contact=factories.a_contact("Thandi Nkosi"))
    factories.an_inbound(thread, "Is the *chair* still there?")
    factories.an_outbound(thread, "Let me look", sent_by=alice)
    takeover.take(thread, by=alice)
    thread.refresh_from_db()
    return thread


def box(here: Desk) -> Locator:
    return here.page.locator("#wa-text")


def question(here: Desk) -> Locator:
    return here.page.locator(".wa-bubble.in")


def strip(here: Desk) -> Locator:
    return here.page.locator(".wa-answering")


def asked() -> Message:
    return Message.objects.get(direction="in")


def newest() -> Message:
    return Message.objects.filter(direction="out").latest("pk")


def test_a_press_at_the_bubble_answers_it(desk: MakeDesk, alice: User, thread: Thread) -> None:
    here = desk(alice).open(thread)
    question(here).hover()
    here.page.get_by_role("button", name="Reply to this message").click()
    expect(strip(here)).to_contain_text("Thandi Nkosi")
    expect(strip(here)).to_contain_text("Is the chair still there?")
    expect(box(here)).to_be_focused()
    here.page.keyboard.type("Yes")
    here.page.keyboard.press("Enter")
    bubble = here.page.locator(".wa-bubble.out").last
    expect(bubble.locator(".wa-quote")).to_contain_text("Is the *chair* still there?")
    expect(strip(here)).to_have_count(0)
    assert newest().quotes == asked().wamid
    here.page.keyboard.type("And more")
    here.page.keyboard.press("Enter")
    expect(here.page.locator(".wa-bubble.out")).to_have_count(3)
    assert newest().quotes == ""
    assert here.problems == []


def test_an_answer_can_be_made_a_plain_message_again(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open(thread)
    here.page.locator(".wa-bubble.out").hover()
    here.page.get_by_role("button", name="Reply to this message").click()
    expect(strip(here)).to_contain_text("You")
    here.page.get_by_role("button", name="Do not reply to this message").click()
    expect(strip(here)).to_have_count(0)
    box(here).fill("Plainly")
    box(here).press("Enter")
    expect(here.page.locator(".wa-bubble.out")).to_have_count(2)
    assert newest().quotes == ""


def test_by_keys_alone_one_answers_and_reacts(desk: MakeDesk, alice: User, thread: Thread) -> None:
    here = desk(alice).open(thread)
    keys = here.page.keyboard
    here.page.locator("#wa-log").focus()
    here.page.wait_for_function("() => wa.tools.bubbles")
    keys.press("ArrowUp")
    expect(here.page.locator(".wa-bubble.out")).to_be_focused()
    keys.press("ArrowUp")
    expect(question(here)).to_be_focused()
    keys.press("r")
    expect(strip(here)).to_contain_text("Is the chair still there?")
    here.page.locator("#wa-log").focus()
    keys.press("ArrowUp")
    keys.press("ArrowUp")
    keys.press("+")
    picker = here.page.get_by_role("dialog", name="React to the message")
    expect(picker.get_by_role("button").first).to_be_focused()
    keys.press("ArrowRight")
    keys.press("Enter")
    expect(question(here).locator(".wa-worn")).to_contain_text("❤️")
    assert newest().content["reaction"] == {"message_id": asked().wamid, "emoji": "❤️"}


def react(here: Desk, name: str) -> None:
    question(here).hover()
    here.page.get_by_role("button", name="React to this message").click()
    picker = here.page.get_by_role("dialog", name="React to the message")
    picker.get_by_role("button", name=name, exact=True).click()
    expect(picker).to_have_count(0)


def test_a_reaction_is_put_on_changed_and_taken_away(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open(thread)
    worn = question(here).locator(".wa-worn li")
    react(here, "👍")
    expect(worn).to_contain_text("👍")
    react(here, "🙏")
    expect(worn).to_contain_text("🙏")
    expect(worn).to_have_count(1)
    react(here, "Take 🙏 away")
    expect(worn).to_have_count(0)
    emoji = [
        one.content["reaction"]["emoji"]
        for one in Message.objects.filter(kind="reaction").order_by("pk")
    ]
    assert emoji == ["👍", "🙏", ""]
    expect(here.page.locator(".wa-bubble.out")).to_have_count(1)
    assert here.problems == []


def test_any_other_emoji_can_be_searched_for(desk: MakeDesk, alice: User, thread: Thread) -> None:
    here = desk(alice).open(thread)
    question(here).hover()
    here.page.get_by_role("button", name="React to this message").click()
    here.page.get_by_role("button", name="More emoji").click()
    here.page.get_by_label("Search emoji").fill("chair")
    here.page.keyboard.press("Enter")
    expect(question(here).locator(".wa-worn")).to_contain_text("🪑")
    expect(box(here)).to_have_value("")


def test_a_reaction_that_fails_is_told_on_the_open_page(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open(thread)
    react(here, "👍")
    worn = question(here).locator(".wa-worn li")
    expect(worn).to_contain_text("👍")
    reaction = newest()
    Message.objects.filter(pk=reaction.pk).update(status="failed", error_code=131047)
    changes.record(thread.pk, reaction.pk)
    expect(worn).to_contain_text("Not delivered")
    expect(here.page.locator(f"#fx{reaction.pk}")).to_contain_text("Not delivered.")


def test_our_own_messages_are_not_reacted_to(desk: MakeDesk, alice: User, thread: Thread) -> None:
    here = desk(alice).open(thread)
    here.page.locator(".wa-bubble.out").hover()
    expect(here.page.get_by_role("button", name="Reply to this message")).to_be_visible()
    expect(here.page.get_by_role("button", name="React to this message")).to_be_hidden()


def test_who_may_not_write_here_is_offered_neither(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(factories.an_agent("kim")).open(thread)
    question(here).hover()
    expect(here.page.get_by_text("Alice is handling this.")).to_be_visible()
    expect(here.page.locator(".wa-do")).to_have_count(0)


def test_on_a_phone_a_press_on_the_bubble_offers_both(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice, width=390, height=844, touch=True).open(thread)
    question(here).tap()
    reply = here.page.get_by_role("button", name="Reply to this message")
    expect(reply).to_be_visible()
    here.page.get_by_role("button", name="React to this message").tap()
    picker = here.page.get_by_role("dialog", name="React to the message")
    for button in picker.get_by_role("button").all():
        shape = button.bounding_box()
        assert shape
        assert min(shape["width"], shape["height"]) >= 40
    picker.get_by_role("button", name="👍").tap()
    expect(question(here).locator(".wa-worn")).to_contain_text("👍")
    reply.tap()
    expect(strip(here)).to_be_visible()
    assert here.value("document.documentElement.scrollWidth") == 390
