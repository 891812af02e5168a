"""Selecting by mouse, key and finger, a new conversation, and a whole turn of work on a phone."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Locator, expect

from conversations import clock, takeover
from conversations.models import Label, Message, Thread
from tests import factories
from tests.inbox.conftest import MakeDesk
from tests.inbox.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def alice() -> User:
    return factories.an_agent()


@pytest.fixture
def threads() -> list[Thread]:
    """Five, as they stand in the list."""
    number, now = factories.a_phone_number(), clock.now()
    threads = []
    for n in range(5):
        contact = factories.a_contact(f"Customer {n}")
        thread = factories.a_thread(contact=contact, phone_number=number)
        factories.an_inbound(thread, sent_at=now - timedelta(minutes=n))
        threads.append(thread)
    return threads


def box(here: Desk, thread: Thread) -> Locator:
    return here.row(thread).get_by_role("checkbox")


def bar(here: Desk) -> Locator:
    return here.page.locator(".wa-bulk")


def test_many_are_assigned_and_a_colleagues_stays(
    desk: MakeDesk, alice: User, threads: list[Thread]
) -> None:
    takeover.take(threads[2], by=factories.an_agent("kim"))
    here = desk(alice).open()
    here.row(threads[0]).hover()
    expect(bar(here)).to_be_attached()
    box(here, threads[0]).click()
    box(here, threads[3]).click(modifiers=["Shift"])
    expect(bar(here)).to_contain_text("4 selected")
    bar(here).get_by_role("button", name="Assign").click()
    here.page.get_by_role("button", name="Me", exact=True).click()
    expect(here.page.locator(".wa-toast")).to_have_text("3 assigned to you. 1 is Kim's and stayed.")
    expect(bar(here)).to_be_hidden()
    expect(here.row(threads[0]).get_by_text("You", exact=True)).to_be_visible()
    assert Thread.objects.filter(assigned_to=alice).count() == 3
    assert here.problems == []


def test_by_keys_all_shown_get_a_label(desk: MakeDesk, alice: User, threads: list[Thread]) -> None:
    Label.objects.create(name="Refund")
    here = desk(alice).open()
    expect(here.row(threads[0])).to_be_visible()
    here.page.keyboard.press("j")
    expect(here.talk_of(threads[0])).to_be_visible()
    here.page.keyboard.press("x")
    expect(bar(here)).to_contain_text("1 selected")
    here.page.keyboard.press("Escape")
    expect(bar(here)).to_be_hidden()
    here.page.keyboard.press("x")
    bar(here).get_by_role("button", name="All shown").click()
    expect(bar(here)).to_contain_text("5 selected")
    bar(here).get_by_role("button", name="Label").click()
    here.page.get_by_role("button", name="Put Refund on").press("Enter")
    expect(here.page.locator(".wa-toast")).to_have_text("Refund put on 5.")
    expect(here.row(threads[4])).to_contain_text("Refund")


def test_what_leaves_the_list_is_not_selected_any_more(
    desk: MakeDesk, alice: User, threads: list[Thread]
) -> None:
    here = desk(alice).open()
    here.row(threads[0]).hover()
    for thread in threads[:2]:
        box(here, thread).click()
    expect(bar(here)).to_contain_text("2 selected")
    takeover.close(threads[0], by=alice)
    expect(bar(here)).to_contain_text("1 selected")
    expect(box(here, threads[1])).to_be_checked()


def test_a_new_conversation_goes_on_with_its_template(desk: MakeDesk, alice: User) -> None:
    factories.a_phone_number()
    factories.a_template()
    here = desk(alice).open()
    here.page.keyboard.press("c")
    dialog = here.page.get_by_role("dialog")
    field = dialog.get_by_label("Number or name")
    expect(field).to_be_focused()
    field.fill("082 1")
    field.press("Enter")
    expect(dialog).to_contain_text("There are digits missing")
    field.fill("082 123 4567")
    dialog.get_by_role("button", name="Begin with +27 82 123 4567").click()
    expect(dialog).to_contain_text("Send a template to +27")
    assert here.page.url.endswith(f"/{Thread.objects.get().pk}/")
    assert not re.search(r"82.?123.?4567", " ".join(here.requests))
    assert here.problems == []


def test_on_a_phone_one_takes_over_answers_and_sends_a_template(
    desk: MakeDesk, alice: User, threads: list[Thread]
) -> None:
    factories.a_template()
    here = desk(alice, width=390, height=844, touch=True).open()
    here.row(threads[1]).locator("a").tap()
    expect(here.talk_of(threads[1])).to_be_visible()
    expect(here.page.locator(".wa-list")).to_be_hidden()
    here.page.locator("#wa-foot button:has-text('Take over')").tap()
    text = here.page.locator("#wa-text")
    expect(text).to_be_visible()
    text.fill("It is on its way")
    here.page.get_by_role("button", name="Send", exact=True).tap()
    expect(here.bubbles()).to_have_count(2)
    here.page.get_by_role("button", name="Assign or put aside").tap()
    expect(here.page.locator("#wa-menu")).to_contain_text("Put aside until")
    here.page.keyboard.press("Escape")
    here.page.locator("#wa-foot [data-template]").tap()
    dialog = here.page.get_by_role("dialog")
    dialog.get_by_text("invoice_overdue").tap()
    for label, value in (("Body {{1}}", "Thandi"), ("Body {{2}}", "R 450.00")):
        dialog.get_by_label(label).fill(value)
    send = dialog.get_by_role("button", name="Send template")
    expect(send).to_be_enabled()
    send.tap()
    expect(dialog).to_be_hidden()
    expect(here.bubbles()).to_have_count(3)
    assert [one.kind for one in Message.objects.filter(direction="out").order_by("pk")] == [
        "text",
        "template",
    ]
    assert here.value("document.documentElement.scrollWidth") == 390
    here.page.get_by_role("link", name="Back to the list").tap()
    expect(here.row(threads[1])).to_contain_text("Hi Thandi")
    assert here.problems == []


def test_a_finger_that_rests_selects_and_a_tap_selects_more(
    desk: MakeDesk, alice: User, threads: list[Thread]
) -> None:
    here = desk(alice, width=390, height=844, touch=True).open()
    here.page.locator(".wa-list").dispatch_event("pointerenter")
    expect(bar(here)).to_be_attached()
    link = here.row(threads[0]).locator("a")
    link.dispatch_event("pointerdown", {"pointerType": "touch"})
    expect(bar(here)).to_contain_text("1 selected")
    link.dispatch_event("click")  # the finger is lifted
    expect(here.page.locator("#wa-talk")).to_have_count(0)
    here.row(threads[1]).locator("a").tap()
    expect(bar(here)).to_contain_text("2 selected")
    here.row(threads[1]).locator("a").tap()
    expect(bar(here)).to_contain_text("1 selected")
