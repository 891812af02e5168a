"""Going through conversations in a real browser: choosing, scrolling, searching, going back."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from conversations import clock
from conversations.models import Message, Thread
from tests import factories
from tests.inbox.conftest import MakeDesk
from tests.inbox.pages import INBOX, at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def alice() -> User:
    return factories.an_agent()


def conversations(number: int, *, words: str = "Hello") -> list[Thread]:
    """Newest first, each with one message."""
    phone, now = factories.a_phone_number(), clock.now()
    threads = []
    for n in range(number):
        contact = factories.a_contact(f"Customer {n:03}", wa_id=f"2783{n:07}")
        thread = factories.a_thread(contact=contact, phone_number=phone)
        factories.an_inbound(thread, f"{words} {n}", sent_at=now - timedelta(minutes=n))
        threads.append(thread)
    return threads


def a_long_one(messages: int) -> Thread:
    thread = factories.a_thread(contact=factories.a_contact("Thandi Nkosi"))
    now = clock.now()
    for n in range(messages):
        sent_at = now - timedelta(minutes=messages - n)
        factories.an_inbound(thread, f"Message {n}.\n" + "word " * (n % 30), sent_at=sent_at)
    return thread


def test_choosing_a_row_shows_the_conversation_without_a_new_page(
    desk: MakeDesk, alice: User
) -> None:
    first, second = conversations(2)
    page = desk(alice).open().page
    expect(page.get_by_text("Select a conversation")).to_be_visible()
    page.evaluate("window.sameDocument = true")
    for thread in (first, second):
        page.locator(f"#t{thread.pk} a").click()
        expect(page.locator("#wa-head h2")).to_have_text(thread.contact.name)
        expect(page).to_have_url(re.compile(re.escape(at(thread))))
        expect(page.locator('.wa-row > a[aria-current="true"]')).to_have_count(1)
        expect(page.locator(f"#t{thread.pk} > a")).to_have_attribute("aria-current", "true")
    assert page.evaluate("window.sameDocument") is True


def test_a_conversation_opened_by_its_address_shows_its_end(desk: MakeDesk, alice: User) -> None:
    thread = a_long_one(80)
    page = desk(alice).open(thread).page
    expect(page.locator("#wa-log").get_by_text("Message 79.")).to_be_in_viewport()
    expect(page.locator(f"#t{thread.pk}")).to_be_visible()


def test_back_and_forward_show_the_right_conversation(desk: MakeDesk, alice: User) -> None:
    first, second = conversations(2)
    here = desk(alice).open()
    here.choose(first)
    here.choose(second)
    here.page.go_back()
    expect(here.talk_of(first)).to_be_visible()
    expect(here.page.locator(f"#t{first.pk} > a")).to_have_attribute("aria-current", "true")
    here.page.go_forward()
    expect(here.talk_of(second)).to_be_visible()


def test_the_browser_stores_nothing_that_customers_wrote(desk: MakeDesk, alice: User) -> None:
    first, second = conversations(2, words="A secret of mine")
    here = desk(alice).open()
    for thread in (first, second, first):
        here.choose(thread)
    stored = here.value("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "secret" not in stored
    assert "htmx-history-cache" not in stored


def test_on_a_desk_three_panes_stand_side_by_side_and_only_they_scroll(
    desk: MakeDesk, alice: User
) -> None:
    thread = a_long_one(60)
    conversations(30)
    here = desk(alice).open(thread)
    expect(here.page.locator(".wa-panel-in h3")).to_have_text("Thandi Nkosi")
    boxes = [
        here.page.locator(name).bounding_box() for name in (".wa-list", "#wa-talk", "#wa-panel")
    ]
    assert all(boxes)
    edges = [(box["x"], box["x"] + box["width"]) for box in boxes if box]
    assert edges[0][1] <= edges[1][0] + 1
    assert edges[1][1] <= edges[2][0] + 1
    assert edges[2][1] <= 1440
    assert here.value("document.documentElement.scrollHeight") == 900
    assert here.value("document.documentElement.scrollWidth") == 1440
    for pane in ("#wa-rows", "#wa-log"):
        assert here.value(
            "p => { const e = document.querySelector(p); return e.scrollHeight > e.clientHeight }",
            pane,
        )


def test_the_end_of_the_list_brings_the_next_until_all_are_there(
    desk: MakeDesk, alice: User
) -> None:
    conversations(95)
    here = desk(alice).open()
    expect(here.page.locator(".wa-row")).to_have_count(40)
    for number in (80, 95):
        here.page.locator(".wa-row").last.scroll_into_view_if_needed()
        expect(here.page.locator(".wa-row")).to_have_count(number)
    ids = here.value("[...document.querySelectorAll('.wa-row')].map(row => row.id)")
    assert len(set(ids)) == 95


def test_older_messages_come_above_and_the_place_is_kept(desk: MakeDesk, alice: User) -> None:
    thread = a_long_one(120)
    here = desk(alice).open(thread)
    expect(here.bubbles()).to_have_count(50)
    first = here.value("document.querySelector('.wa-bubble').id")
    top = "id => document.getElementById(id).getBoundingClientRect().top"
    here.value("document.querySelector('#wa-log').scrollTop = -99999")
    before = here.value(top, first)
    expect(here.bubbles()).to_have_count(100)
    assert abs(here.value(top, first) - before) <= 2
    assert here.page.locator(".wa-day").count() == len(
        set(here.value("[...document.querySelectorAll('.wa-day')].map(d => d.dataset.day)"))
    )


def test_what_lies_in_the_log_never_lies_over_the_way_to_its_end(
    desk: MakeDesk, alice: User
) -> None:
    thread = factories.a_thread(contact=factories.a_contact("Thandi Nkosi"))
    for n in range(30):
        factories.an_inbound(thread, f"Message {n}", sent_at=clock.now() - timedelta(days=30 - n))
    here = desk(alice).open(thread)
    here.value("document.querySelector('#wa-log').scrollTop = -200")
    expect(here.page.locator("#wa-jump")).to_be_visible()
    log, jump = here.page.locator("#wa-log").bounding_box(), here.page.locator("#wa-jump")
    spot = jump.bounding_box()
    assert log
    assert spot
    assert spot["y"] + spot["height"] < log["y"] + log["height"]
    hit = here.value("""() => [...Array(120).keys()].map(n => {
        document.querySelector("#wa-log").scrollTop = -200 - n;
        const {x, y, width, height} = document.querySelector("#wa-jump").getBoundingClientRect();
        const there = document.elementFromPoint(x + width / 2, y + height / 2);
        return Boolean(there.closest("#wa-jump"));
    })""")
    assert hit == [True] * 120


def test_searching_filters_and_clearing_restores(desk: MakeDesk, alice: User) -> None:
    conversations(12)
    here = desk(alice).open()
    rows, box = here.page.locator(".wa-row"), here.page.locator("#wa-q")
    expect(rows).to_have_count(12)
    box.fill("customer 003")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("Customer 003")
    box.fill("083 0000007")
    expect(rows.first).to_contain_text("Customer 007")
    box.fill("nobody of that name")
    expect(here.page.get_by_text("No conversations match.")).to_be_visible()
    here.page.get_by_role("link", name="Clear").click()
    expect(rows).to_have_count(12)
    expect(box).to_have_value("")


def test_filters_are_chosen_by_click_and_by_arrow(desk: MakeDesk, alice: User) -> None:
    thread, _ = conversations(2)
    Thread.objects.filter(pk=thread.pk).update(mode="staff", assigned_to=alice)
    here = desk(alice).open()
    here.page.locator('[data-filter="mine"]').first.click()
    expect(here.page.locator(".wa-row")).to_have_count(1)
    expect(here.page).to_have_url(re.compile(r"\?f=mine$"))
    here.page.locator('[data-filter="mine"]').first.press("ArrowLeft")
    expect(here.page.locator(".wa-row")).to_have_count(2)
    expect(here.page.locator(".wa-chips a[aria-current]")).to_have_text(re.compile("Open"))
    expect(here.page.locator('[data-filter="open"]').first).to_be_focused()


def test_a_filter_outlives_the_choice_of_a_conversation(desk: MakeDesk, alice: User) -> None:
    thread, _ = conversations(2)
    Thread.objects.filter(pk=thread.pk).update(mode="staff", assigned_to=alice)
    here = desk(alice).open(query="?f=mine")
    here.choose(thread)
    here.page.reload()
    expect(here.page.locator(".wa-row")).to_have_count(1)
    expect(here.talk_of(thread)).to_be_visible()


def test_on_a_phone_there_is_one_pane_at_a_time(desk: MakeDesk, alice: User) -> None:
    threads = conversations(20)
    here = desk(alice, width=390, height=844, touch=True).open()
    expect(here.page.locator("#wa-main")).to_be_hidden()
    here.choose(threads[0])
    expect(here.page.locator(".wa-list")).to_be_hidden()
    here.page.locator("a[data-panel]").click()
    expect(here.page.locator(".wa-panel-in h3")).to_be_in_viewport()
    here.page.locator(".wa-panel-close").click()
    here.page.locator("[data-back]").click()
    expect(here.page.locator(".wa-list")).to_be_visible()
    expect(here.page).to_have_url(re.compile(re.escape(INBOX) + "$"))
    assert here.value("document.documentElement.scrollWidth") == 390


def test_on_a_phone_everything_can_be_hit_with_a_thumb(desk: MakeDesk, alice: User) -> None:
    thread = conversations(1)[0]
    Thread.objects.update(mode="staff", assigned_to=alice)
    factories.an_outbound(thread, status=Message.Status.UNCONFIRMED)
    here = desk(alice, width=390, height=844, touch=True).open(thread)
    expect(here.page.locator(".wa-panel-in")).to_be_attached()
    small = here.value(
        """() => [...document.querySelectorAll('#wa a, #wa button, #wa summary')]
        .filter(e => e.checkVisibility() && !e.closest('.wa-text, .wa-panel, .wa-quote, .wa-list'))
        .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
        .filter(([_, box]) => box.width < 40 || box.height < 40)
        .map(([html, box]) => `${html} ${box.width}x${box.height}`)"""
    )
    assert small == []


@pytest.mark.parametrize(
    ("status", "words"), [(403, "You may not see this conversation"), (404, "is gone")]
)
def test_a_pane_that_cannot_load_says_why(
    desk: MakeDesk, alice: User, status: int, words: str
) -> None:
    thread = conversations(1)[0]
    here = desk(alice).open()
    here.page.route(f"**{at(thread)}", lambda route: route.fulfill(status=status, body="no"))
    here.row(thread).locator("a").click()
    expect(here.page.locator("#wa-main")).to_contain_text(words)
    here.page.unroute(f"**{at(thread)}")
    here.page.get_by_role("button", name="Try again").click()
    expect(here.talk_of(thread)).to_be_visible()


def test_without_a_script_one_can_read_and_answer(desk: MakeDesk, alice: User) -> None:
    thread = conversations(1)[0]
    here = desk(alice, script=False).open()
    here.row(thread).locator("a").click()
    here.page.get_by_role("button", name="Take over").first.click()
    here.page.locator("#wa-text").fill("Hello *there*")
    here.page.get_by_role("button", name="Send", exact=True).click()
    expect(here.page.locator(".wa-bubble.out strong")).to_have_text("there")
