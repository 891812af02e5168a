"""Two people in two browsers at one conversation, and menus, sound and search by hand."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from playwright.sync_api import expect

from conversations import changes, clock, takeover
from conversations.models import Label, Thread
from tests import factories
from tests.inbox.conftest import MakeDesk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def alice() -> User:
    return factories.an_agent()


@pytest.fixture
def thread() -> Thread:
    thread = factories.a_thread(contact=factories.a_contact("Thandi Nkosi"))
    factories.an_inbound(thread, "Where is my chair?")
    return thread


def test_two_at_once_one_wins_and_both_see_each_other(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    kim = factories.an_agent("kim")
    hers, his = desk(alice).open(thread), desk(kim).open(thread)
    expect(hers.page.locator("#wa-present")).to_have_text("Kim is here too")
    expect(his.page.locator("#wa-present")).to_have_text("Alice is here too")
    # Both pages offer it; the second press comes before its page has heard of the first.
    his.page.route("**/changes/**", lambda route: route.abort())
    take = "#wa-foot button:has-text('Take over')"
    expect(his.page.locator(take)).to_be_visible()
    hers.page.locator(take).click()
    expect(hers.page.locator("#wa-text")).to_be_focused()
    his.page.locator(take).click()
    expect(his.page.locator(".wa-toast")).to_contain_text("Alice took over")
    expect(his.page.locator("#wa-foot")).to_contain_text("Alice is handling this.")
    his.page.unroute("**/changes/**")
    hers.page.locator("#wa-text").press_sequentially("On its way")
    expect(his.page.locator("#wa-typing")).to_have_text("Alice is typing an answer")
    hers.page.keyboard.press("Enter")
    expect(his.page.locator(".wa-bubble.out")).to_have_count(1)
    assert thread.messages.filter(direction="out").count() == 1
    assert hers.problems == []


def test_a_supervisor_assigns_by_keyboard_and_the_other_hears_of_it(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    hers, sams = desk(alice).open(), desk(factories.a_supervisor()).open(thread)
    hers.wait_for_poll()
    expect(sams.page.locator("#wa-foot")).to_be_visible()
    sams.page.keyboard.press("m")
    menu = sams.page.get_by_label("Assign or put aside").filter(has_text="Put aside until")
    expect(menu.get_by_role("button", name="Alice")).to_be_visible()
    for _ in range(8):
        if menu.get_by_role("button", name="Alice").evaluate(
            "one => one === document.activeElement"
        ):
            break
        sams.page.keyboard.press("ArrowDown")
    sams.page.keyboard.press("Enter")
    expect(menu).to_be_hidden()
    expect(sams.page.locator(".wa-head")).to_contain_text("Alice")
    expect(hers.row(thread).get_by_text("You", exact=True)).to_be_visible()
    expect(hers.page.locator("#wa-status")).to_contain_text("Thandi Nkosi is yours now")
    assert hers.value("document.querySelector('#wa').dataset.rang") == "1"
    assert (hers.problems, sams.problems) == ([], [])


def test_a_sound_that_is_switched_off_stays_off(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open()
    here.page.get_by_role("button", name="Sound and notifications").click()
    here.page.get_by_label("With a sound").uncheck()
    here.page.keyboard.press("Escape")
    expect(here.page.get_by_role("button", name="Sound and notifications")).to_be_focused()
    here.open()
    here.wait_for_poll()
    takeover.hand_over(thread, reason="asked for a person")
    expect(here.page.locator("#wa-status")).to_contain_text("Thandi Nkosi needs a person")
    assert here.value("document.querySelector('#wa').dataset.rang") is None
    here.page.get_by_role("button", name="Sound and notifications").click()
    expect(here.page.get_by_label("With a sound")).not_to_be_checked()


NOTIFIED = """
    window.shown = [];
    window.Notification = class {
        static permission = "granted";
        constructor(title, {body}) { window.shown.push(`${title}: ${body}`); }
    };
"""


def test_a_notification_calls_for_what_is_mine_and_not_for_what_i_see(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    takeover.take(thread, by=alice)
    other = factories.a_thread(contact=factories.a_contact("Pieter Botes"))
    factories.an_inbound(other)
    here = desk(alice)
    here.page.add_init_script(NOTIFIED)
    here.open(thread)
    here.wait_for_poll()
    for one, text in ((thread, "Before my eyes"), (other, "Elsewhere")):
        takeover.take(other, by=alice)
        one.refresh_from_db()
        with transaction.atomic():
            message = factories.an_inbound(one, text)
            changes.record(one.pk, message.pk)
    here.page.wait_for_function("window.shown.length > 0")
    assert here.value("window.shown") == ["Pieter Botes wrote: Elsewhere"]


def test_a_label_narrows_the_list_and_stands_in_the_address(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    other = factories.a_thread(contact=factories.a_contact("Pieter Botes"))
    factories.an_inbound(other)
    refund = Label.objects.create(name="Refund")
    other.labels.add(refund)
    here = desk(alice).open()
    here.page.get_by_role("button", name="Any label").click()
    expect(here.page.get_by_role("link", name="Refund 1")).to_be_focused()
    here.page.keyboard.press("Enter")
    expect(here.row(thread)).to_have_count(0)
    expect(here.row(other)).to_contain_text("Refund")
    assert here.page.url.endswith(f"?l={refund.pk}")
    here.page.reload()
    expect(here.row(thread)).to_have_count(0)
    here.page.get_by_role("button", name="Refund").click()
    here.page.get_by_role("link", name="Any label").click()
    expect(here.row(thread)).to_be_visible()


def test_a_search_opens_the_conversation_at_what_was_said(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    long_ago = clock.now() - timedelta(days=30)
    for n in range(150):
        factories.an_inbound(thread, f"Message {n}", sent_at=long_ago + timedelta(hours=n))
    found = thread.messages.get(text="Message 7")
    here = desk(alice).open()
    here.page.locator("#wa-q").fill("message 7")
    expect(here.row(thread).locator("mark")).to_have_count(2)
    here.choose(thread)
    bubble = here.page.locator(f"#m{found.pk}")
    expect(bubble).to_be_in_viewport()
    with transaction.atomic():
        newest = factories.an_inbound(thread, "And now?")
        changes.record(thread.pk, newest.pk)
    expect(here.row(thread).locator(".wa-badge")).to_be_visible()
    expect(bubble).to_be_in_viewport()
    here.page.locator("#wa-jump").click()
    expect(here.page.locator(f"#m{newest.pk}")).to_be_in_viewport()
