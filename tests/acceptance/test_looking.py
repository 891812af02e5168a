"""Checks 1 to 9, 14, 15 and 22 to 25 of the inbox, in a real browser before real processes.

The numbers are those of the list of 25 that the inbox is accepted by; 10 to 13 and 16 to 21 stand
in `test_talking`. How many queries each page makes (25) is held by `tests/inbox/test_query_counts`,
every pane in every state (22) by `tests/inbox/test_browser_axe`.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Route, expect

from tests.acceptance import rows
from tests.acceptance.conftest import MakeSeat
from tests.acceptance.seat import Talk, thread_named
from tests.processes.running import Console
from tests.stories.people import INBOX, Staff, until

pytestmark = [pytest.mark.browser, pytest.mark.processes]

THANDI, JOHAN = "Thandi Mokoena", "Johan van der Merwe"
# What is not needed at first sight comes with its first use.
OWN_BYTES_MAX, PAGE_BYTES_MAX = 40 * 1024, 120 * 1024
PAGES = [
    "/admin/",
    "/admin/?days=90",
    "/admin/conversations/thread/",
    "/admin/conversations/contact/",
    "/admin/conversations/message/",
    "/admin/conversations/messagetemplate/",
    "/admin/conversations/cannedreply/",
    "/admin/conversations/cannedreply/add/",
    "/admin/conversations/label/add/",
    "/admin/conversations/dailytotal/",
    "/admin/conversations/notice/",
    "/admin/conversations/webhookevent/",
    "/admin/conversations/phonenumber/add/",
    "/admin/billing/account/add/",
    "/admin/billing/invoice/",
    "/admin/billing/invoice/add/",
    "/admin/django_q/success/",
    "/admin/auth/user/add/",
]


def test_01_who_may_come_in(console: Console, seat: MakeSeat) -> None:
    here = seat().open()
    expect(here.page.get_by_text("Select a conversation")).to_be_visible()
    expect(here.page.locator(".wa-row").first).to_be_visible()
    with pytest.raises(requests.HTTPError, match="403"):
        Staff(console, "bob", "demo-bob")  # the login leads into the inbox
    nobody = requests.get(f"{console.url}{INBOX}", allow_redirects=False, timeout=20)
    assert nobody.status_code == 302
    assert nobody.headers["Location"].startswith("/admin/login/")


def test_02_a_row_opens_its_conversation_in_the_same_page(console: Console, seat: MakeSeat) -> None:
    here = seat().open()
    here.value("window.sameDocument = true")
    for name in (THANDI, JOHAN):
        thread = thread_named(console, name)
        here.choose(thread)
        expect(here.page.locator("#wa-head h2")).to_have_text(name)
        expect(here.page).to_have_url(re.compile(rf"/inbox/{thread}/"))
        expect(here.page.locator('.wa-row > a[aria-current="true"]')).to_have_count(1)
        expect(here.row(thread).locator("> a")).to_have_attribute("aria-current", "true")
    assert here.value("window.sameDocument") is True


def test_03_an_address_opens_list_and_conversation_at_its_end(
    console: Console, seat: MakeSeat
) -> None:
    here = seat().open(thread_named(console, rows.LONG))
    expect(here.page.locator("#wa-log").get_by_text("Message 119.")).to_be_in_viewport()
    expect(here.page.locator(".wa-row").first).to_be_visible()


def test_04_back_and_forward_and_nothing_of_it_is_stored(console: Console, seat: MakeSeat) -> None:
    first, second = thread_named(console, THANDI), thread_named(console, JOHAN)
    here = seat().open()
    here.choose(first)
    said = here.page.locator(".wa-bubble.in .wa-text").first.inner_text()
    here.choose(second)
    here.page.go_back()
    expect(here.talk(first)).to_be_visible()
    expect(here.row(first).locator("> a")).to_have_attribute("aria-current", "true")
    here.page.go_forward()
    expect(here.talk(second)).to_be_visible()
    stored = here.value("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert said
    assert said not in stored
    assert "htmx-history-cache" not in stored


def test_05_on_a_desk_three_panes_and_only_they_scroll(console: Console, seat: MakeSeat) -> None:
    here = seat().open(thread_named(console, rows.LONG))
    expect(here.page.locator(".wa-panel-in")).to_be_visible()
    names = (".wa-list", "#wa-talk", "#wa-panel")
    panes = [here.page.locator(name).bounding_box() for name in names]
    edges = [(pane["x"], pane["x"] + pane["width"]) for pane in panes if pane]
    assert len(edges) == 3
    assert edges[0][1] <= edges[1][0] + 1
    assert edges[1][1] <= edges[2][0] + 1
    assert here.value("document.documentElement.scrollHeight") == here.value("innerHeight") == 900


SMALL = """() => [...document.querySelectorAll('#wa :is(a, button, input, textarea, summary)')]
    .filter(e => e.checkVisibility() && e.type !== 'hidden' && !e.closest('.wa-text'))
    .map(e => [e.getBoundingClientRect(), e.outerHTML.slice(0, 120)])
    .filter(([box]) => box.width && (box.width < 39.5 || box.height < 39.5))
    .map(([box, html]) => `${box.width}x${box.height} ${html}`)"""


def test_06_on_a_phone_one_pane_and_nothing_too_small(console: Console, seat: MakeSeat) -> None:
    thread = thread_named(console, THANDI)
    here = seat(width=390, height=844).open()
    expect(here.page.locator("#wa-talk")).to_be_hidden()
    assert here.value(SMALL) == []
    here.choose(thread)
    expect(here.page.locator(".wa-list")).to_be_hidden()
    assert here.value(SMALL) == []
    assert here.value("document.documentElement.scrollWidth") == 390
    here.page.get_by_label("Back to the list").click()
    expect(here.row(thread)).to_be_visible()


def test_07_the_end_of_the_list_brings_the_next(console: Console, seat: MakeSeat) -> None:
    here = seat().open()
    shown = here.page.locator(".wa-row")
    expect(shown).to_have_count(40)
    while here.page.get_by_text("Question 0", exact=True).count() == 0:
        before = shown.count()
        shown.last.scroll_into_view_if_needed()
        expect(shown.nth(before)).to_be_attached()
    ids = here.value("[...document.querySelectorAll('.wa-row')].map(row => row.id)")
    assert len(ids) == len(set(ids)) > rows.SHORT


def test_08_older_messages_come_above_and_the_place_stays(console: Console, seat: MakeSeat) -> None:
    here = seat().open(thread_named(console, rows.LONG))
    bubbles = here.page.locator(".wa-bubble")
    expect(bubbles).to_have_count(50)
    first = here.value("document.querySelector('.wa-bubble').id")
    top = "id => document.getElementById(id).getBoundingClientRect().top"
    here.value("document.querySelector('#wa-log').scrollTop = -99999")
    before = here.value(top, first)
    expect(bubbles).to_have_count(100)
    assert abs(here.value(top, first) - before) <= 2


def test_09_searching_and_filtering(console: Console, seat: MakeSeat) -> None:
    here = seat("kim").open()
    search, shown = here.page.locator("#wa-q"), here.page.locator(".wa-row")
    for words in ("mokoen", "082 123 0001"):
        search.fill(words)
        expect(here.row(thread_named(console, THANDI))).to_be_visible()
        expect(here.row(thread_named(console, JOHAN))).to_be_hidden()
    search.fill("")
    expect(shown).to_have_count(40)
    here.page.locator('[data-filter="open"]').focus()
    here.page.keyboard.press("ArrowRight")
    expect(here.page.locator('[data-filter="mine"]')).to_be_focused()
    here.page.keyboard.press("Enter")
    expect(here.page.locator('[data-filter="mine"]')).to_have_attribute("aria-current", "true")


def test_14_another_conversation_moves_up_and_the_focus_stays(
    console: Console, seat: MakeSeat
) -> None:
    mine, other = Talk(console, "Focus Mine"), Talk(console, "Focus Other")
    here = seat().open(mine.thread)
    here.take_over()
    here.box.fill("I am still writ")
    badge = here.page.locator('#nav-sidebar a[href$="/inbox/"]')
    before = badge.inner_text()
    other.customer.says("And now?")
    expect(here.page.locator(".wa-row").first).to_have_attribute("id", f"t{other.thread}")
    expect(here.row(other.thread).locator(".wa-badge")).to_contain_text("1")
    expect(badge).not_to_have_text(before)
    expect(here.box).to_be_focused()
    expect(here.box).to_have_value("I am still writ")


def test_15_reading_takes_the_badge_away_and_a_bare_get_does_not(
    console: Console, seat: MakeSeat
) -> None:
    talk = Talk(console, "Badge Bearer")
    talk.customer.says("Is anybody there?")
    until(lambda: talk.of_row("unread_count"), what="the unread message")
    Staff(console, "kim", "demo-kim").page(talk.thread)
    assert talk.of_row("unread_count") == 1
    here = seat().open()
    expect(here.row(talk.thread).locator(".wa-badge")).to_be_visible()
    here.choose(talk.thread)
    expect(here.row(talk.thread).locator(".wa-badge")).to_be_hidden()
    assert talk.of_row("unread_count") == 0


@pytest.mark.parametrize("dark", [False, True])
def test_22_light_and_dark_can_be_read(console: Console, seat: MakeSeat, dark: bool) -> None:
    here = seat("kim", dark=dark).open(thread_named(console, "Bongani Nkosi"))
    expect(here.page.locator(".wa-panel-in")).to_be_visible()
    assert here.value("document.documentElement.classList.contains('dark')") is dark
    ground = "s => getComputedStyle(document.querySelector(s)).backgroundColor"
    wanted = ("rgb(32, 44, 51)", "rgb(17, 27, 33)") if dark else ("rgb(255, 255, 255)",) * 2
    assert here.value(ground, ".wa-bubble.in .wa-b") == wanted[0]
    assert here.value(ground, "#main") == wanted[1]
    options = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}
    assert Axe().run(here.page, "#wa", options).response["violations"] == []


def test_23_keys_alone(console: Console, seat: MakeSeat) -> None:
    talk = Talk(console, "Keys Only")
    here = seat().open()
    expect(here.row(talk.thread)).to_be_visible()
    keys = here.page.keyboard
    keys.press("Tab")
    expect(here.page.get_by_role("link", name="Skip to the conversation")).to_be_focused()
    assert here.page.get_by_role("main").count() == 1
    keys.press("/")
    keys.type("Keys Only")
    expect(here.page.locator(".wa-row")).to_have_count(1)
    keys.press("Escape")
    keys.press("j")
    expect(here.talk(talk.thread)).to_be_visible()
    keys.press("t")
    expect(here.box).to_be_focused()
    keys.type("Typed, tick by tick")
    keys.press("Enter")
    talk.customer.waits_for("Typed, tick by tick")
    keys.press("Escape")
    keys.press("?")
    here.page.get_by_label("Single keys work outside of fields").uncheck()
    keys.press("Escape")
    keys.press("e")
    keys.press("?")
    here.page.get_by_label("Single keys work outside of fields").check()
    keys.press("Escape")
    assert talk.of_row("is_closed") is False


def test_24_the_policy_is_kept_and_nobody_else_is_asked(console: Console, seat: MakeSeat) -> None:
    here = seat("admin")
    contact = thread_named(console, THANDI)
    for path in (*PAGES, f"{INBOX}{contact}/"):
        answer = here.page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        assert "script-src 'self' 'unsafe-eval'" in answer.headers["content-security-policy"]
    expect(here.page.locator(".wa-panel-in")).to_be_visible()
    assert here.problems == []
    assert here.strays == []


def test_25_it_stays_light_and_a_hidden_tab_asks_nothing(console: Console, seat: MakeSeat) -> None:
    here = seat()
    weights: dict[str, int] = {}
    polls: list[Any] = []

    def weigh(route: Route) -> None:
        answer = route.fetch()
        weights[route.request.url] = len(answer.body())
        route.fulfill(response=answer)

    here.page.route("**/static/conversations/**", weigh)
    here.page.on("response", lambda it: polls.append(it) if "/changes/" in it.url else None)
    answer = here.page.goto(f"{INBOX}{thread_named(console, rows.LONG)}/")
    first = dict(weights)  # what comes with the first news comes later
    assert answer is not None
    assert len(answer.body()) <= PAGE_BYTES_MAX
    with here.page.expect_response(lambda it: "/changes/" in it.url and it.status == 204) as idle:
        pass
    assert idle.value.headers.get("content-length", "0") == "0"
    assert 0 < sum(first.values()) <= OWN_BYTES_MAX, first
    here.value(
        "() => { Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
        " document.dispatchEvent(new Event('visibilitychange')); }"
    )
    seen = len(polls)
    here.page.wait_for_timeout(5_000)  # two and a half looks, had it not been hidden
    assert len(polls) <= seen + 1  # one may have been on its way
