"""What changes by itself in a real browser: messages, ticks, rows, badges, and never the focus."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from playwright.sync_api import Route, expect

from conversations import changes, clock, takeover
from conversations.models import Message, Thread
from tests import factories
from tests.inbox.conftest import MakeDesk
from tests.inbox.desk import Desk
from tests.inbox.pages import at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def comes_in(thread: Thread, text: str) -> Message:
    thread.refresh_from_db()
    with transaction.atomic():
        message = factories.an_inbound(thread, text)
        changes.record(thread.pk, message.pk)
    return message


def becomes(message: Message, status: Message.Status, **fields: object) -> None:
    with transaction.atomic():
        Message.objects.filter(pk=message.pk).update(status=status, **fields)
        changes.record(message.thread_id, message.pk)


def badge(here: Desk) -> str:
    link = here.page.locator('#nav-sidebar a[href$="/inbox/"]')
    return (link.text_content() or "").replace("forum", "").replace("Inbox", "").strip()


def test_a_tick_moves_by_itself_and_says_so(desk: MakeDesk, alice: User, thread: Thread) -> None:
    sent = factories.an_outbound(thread, status=Message.Status.SENT)
    here = desk(alice).open(thread)
    tick = here.page.locator(f"#tk{sent.pk}")
    expect(tick).to_contain_text("Sent")
    for status, words in (("delivered", "Delivered"), ("read", "Read")):
        becomes(sent, Message.Status(status))
        expect(tick).to_have_attribute("data-status", status)
        expect(tick).to_contain_text(words)


def test_a_failure_appears_with_its_next_step(desk: MakeDesk, alice: User, thread: Thread) -> None:
    sent = factories.an_outbound(thread, status=Message.Status.SENT)
    here = desk(alice).open(thread)
    expect(here.page.locator(f"#tk{sent.pk}")).to_be_visible()
    becomes(sent, Message.Status.FAILED, error_code=131047)
    box = here.page.locator(f"#fx{sent.pk}")
    expect(box).to_contain_text("131047")
    expect(box.get_by_role("link", name="Send a template instead")).to_be_visible()


def test_a_new_message_is_followed_at_the_end_and_announced(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open(thread)
    expect(here.page.locator("#wa-text")).to_be_visible()
    new = comes_in(thread, "Are you there?")
    expect(here.page.locator(f"#m{new.pk}")).to_be_in_viewport()
    expect(here.page.locator("#wa-status")).to_have_text("New message from Thandi Nkosi")
    expect(here.page.locator("#wa-jump")).to_be_hidden()


def test_who_reads_further_up_is_not_pulled_down(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    now = clock.now()
    for n in range(45):
        factories.an_inbound(thread, f"Message {n}", sent_at=now - timedelta(minutes=50 - n))
    here = desk(alice).open(thread)
    here.value("document.querySelector('#wa-log').scrollTop = -600")
    shown, place = here.bubbles().nth(25), "one => one.getBoundingClientRect().top"
    stood = shown.evaluate(place)
    new = comes_in(thread, "Down here")
    jump = here.page.get_by_role("button", name="New messages")
    expect(jump).to_be_visible()
    assert shown.evaluate(place) == stood
    jump.click()
    expect(here.page.locator(f"#m{new.pk}")).to_be_in_viewport()
    expect(jump).to_be_hidden()


def test_heights_that_change_to_and_fro_do_not_leave_the_end(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    """A font that comes late makes the log shorter, then what stands under it longer."""
    for n in range(30):
        factories.an_inbound(thread, f"Message {n}")
    here = desk(alice).open(thread)
    last = here.bubbles().last
    expect(last).to_be_in_viewport()
    here.value("""() => {
        const log = document.querySelector("#wa-log");
        for (const display of ["none", ""]) {
            for (const one of log.querySelectorAll(".wa-bubble")) one.style.display = display;
            log.getBoundingClientRect();  // laid out in between, as any question of a place does
        }
    }""")
    here.value("new Promise(done => setTimeout(done, 200))")
    expect(last).to_be_in_viewport()
    expect(here.page.locator("#wa-jump")).to_be_hidden()


def test_another_conversation_moves_up_and_the_focus_stays(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    other = factories.a_thread(contact=factories.a_contact("Pieter Botes"))
    old = clock.now() - timedelta(hours=2)
    factories.an_inbound(other, sent_at=old)
    Thread.objects.filter(pk=other.pk).update(unread_count=0)
    here = desk(alice).open(thread)
    here.page.locator("#wa-text").fill("I am wri")
    expect(here.page.locator(".wa-row").last).to_contain_text("Pieter")
    comes_in(other, "Hello?")
    expect(here.page.locator(".wa-row").first).to_contain_text("Pieter")
    expect(here.row(other).locator(".wa-badge")).to_contain_text("1")
    expect(here.page.locator("#wa-text")).to_be_focused()
    expect(here.page.locator("#wa-text")).to_have_value("I am wri")
    here.page.wait_for_function(
        "() => document.querySelector('#nav-sidebar a[href$=\"/inbox/\"]').children[2]"
        "?.textContent.trim() === '1'"
    )
    assert badge(here) == "1"


def test_a_row_that_has_the_focus_keeps_it(desk: MakeDesk, alice: User, thread: Thread) -> None:
    here = desk(alice).open()
    here.row(thread).locator("a").focus()
    comes_in(thread, "Hello again")
    expect(here.row(thread)).to_contain_text("Hello again")
    expect(here.row(thread).locator("a")).to_be_focused()


def test_opening_a_conversation_takes_its_badge_away(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    other = factories.a_thread(contact=factories.a_contact("Pieter Botes"))
    factories.an_inbound(other)
    here = desk(alice).open()
    expect(here.row(other).locator(".wa-badge")).to_be_visible()
    here.choose(other)
    expect(here.row(other).locator(".wa-badge")).to_have_count(0)
    other.refresh_from_db()
    assert other.unread_count == 0


def test_a_conversation_that_left_the_filter_leaves_the_list(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open(query="?f=mine")
    expect(here.row(thread)).to_be_visible()
    takeover.release(thread, by=alice)
    expect(here.row(thread)).to_have_count(0)
    expect(here.page.get_by_text("No conversations match this filter.")).to_be_visible()
    here.page.get_by_role("link", name="Show all open ones").click()
    expect(here.row(thread)).to_be_visible()


def test_a_new_conversation_appears_in_an_empty_list(desk: MakeDesk, alice: User) -> None:
    here = desk(alice).open()
    expect(here.page.get_by_text("Messages appear here")).to_be_visible()
    thread = factories.a_thread()
    comes_in(thread, "The very first")
    expect(here.page.locator(".wa-row")).to_contain_text("The very first")
    expect(here.page.get_by_text("Messages appear here")).to_have_count(0)


def test_a_colleagues_takeover_shows_at_once(desk: MakeDesk, alice: User) -> None:
    thread = factories.a_thread()
    factories.an_inbound(thread)
    here = desk(alice).open(thread)
    expect(here.page.locator("#wa-foot")).to_contain_text("The assistant is answering")
    takeover.take(thread, by=factories.an_agent("kim"))
    expect(here.page.locator("#wa-foot")).to_contain_text("Kim is handling this.")
    expect(here.page.locator(".wa-line")).to_contain_text("Kim took over")
    expect(here.page.locator("#wa-head")).to_contain_text("Kim")


def test_what_somebody_types_stays_while_the_page_changes(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open(thread)
    here.page.locator("#wa-text").fill("half a sen")
    comes_in(thread, "One more thing")
    expect(here.bubbles()).to_have_count(2)
    here.page.keyboard.type("tence")
    expect(here.page.locator("#wa-text")).to_have_value("half a sentence")


def test_a_row_that_is_replaced_while_its_conversation_is_on_its_way_blocks_nothing(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    held: list[Route] = []
    here = desk(alice).open()
    here.page.route(f"**{at(thread)}", lambda route: held.append(route))
    here.row(thread).locator("a").click()
    comes_in(thread, "One more")
    expect(here.row(thread)).to_contain_text("One more")
    held[0].continue_()
    expect(here.talk_of(thread)).to_be_visible()
    expect(here.page.locator("#wa-main")).not_to_have_attribute("inert", "")


HIDE = """is => { Object.defineProperty(document, 'hidden', {value: is, configurable: true});
                  document.dispatchEvent(new Event('visibilitychange')); }"""
NOTIFIED = """window.shown = [];
    window.Notification = class {
        static permission = "granted";
        constructor(title) { window.shown.push(title); }
    };"""


@pytest.mark.parametrize("notices", [False, True])
def test_a_hidden_tab_asks_nothing_and_asks_at_once_on_return(
    desk: MakeDesk, alice: User, thread: Thread, notices: bool
) -> None:
    here = desk(alice)
    here.page.clock.install()  # minutes of the page pass in a moment
    if notices:
        here.page.add_init_script(NOTIFIED)
    here.open(thread)
    here.wait_for_poll()
    here.page.wait_for_load_state("networkidle")
    here.value(HIDE, True)
    here.page.clock.run_for(5_000)  # one look may have been on its way
    asked = len(here.requests)
    new = comes_in(thread, "While you were away")
    here.page.clock.run_for(180_000)
    here.value("dispatchEvent(new Event('online'))")
    here.page.clock.run_for(180_000)
    assert len(here.requests) == asked
    here.value(HIDE, False)
    expect(here.page.locator(f"#m{new.pk}")).to_be_visible(timeout=1500)
    if notices:
        other = factories.a_thread(contact=factories.a_contact("Pieter Botes"))
        takeover.hand_over(other, reason="asked for a person")
        here.page.wait_for_function("window.shown.length > 0")


def test_a_lost_connection_is_said_after_a_while_and_taken_back(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open(thread)
    here.page.route("**/changes/**", lambda route: route.fulfill(status=503))
    expect(here.page.locator("#wa-lost")).to_have_text("Connection lost. Retrying", timeout=30_000)
    here.page.unroute("**/changes/**")
    expect(here.page.locator("#wa-lost")).to_be_hidden(timeout=30_000)


def test_the_list_counts_down_and_the_banner_turns_amber(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    Thread.objects.update(window_closes_at=clock.now() + timedelta(hours=2, seconds=3))
    here = desk(alice).open(thread)
    expect(here.page.locator(".wa-banner")).to_have_class(re.compile("green"))
    expect(here.page.locator(".wa-banner")).to_have_class(re.compile("amber"))
    expect(here.page.locator("[data-banner-text]")).to_contain_text(
        re.compile(r"1 h 59 min \d\d s")
    )


def test_a_row_that_moves_up_while_its_page_is_on_its_way_stands_once(
    desk: MakeDesk, alice: User
) -> None:
    number, now = factories.a_phone_number(), clock.now()
    threads = [
        factories.a_thread(phone_number=number, last_inbound_at=now - timedelta(minutes=n + 1))
        for n in range(50)
    ]
    here, held = desk(alice).open(), []
    here.page.route("**/list/?cur=*", lambda route: held.append((route, route.fetch())))
    here.page.locator(".wa-more").scroll_into_view_if_needed()
    while not held:
        here.wait_for_poll()
    comes_in(threads[45], "Now")
    expect(here.row(threads[45])).to_contain_text("Now")
    here.page.wait_for_function("document.querySelector('.wa-more.htmx-request')")
    [(route, response)] = held
    route.fulfill(response=response)
    expect(here.row(threads[49])).to_be_attached()
    expect(here.row(threads[45])).to_have_count(1)
    expect(here.row(threads[45])).to_contain_text("Now")
