"""Hands that are faster than the line: what is typed or pressed before its file or its answer came.

What is held stands for a slow line: nothing of it is lost, and nothing acts on what it was not
meant for.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Route, expect

from conversations import clock
from conversations.models import CannedReply, Draft, Message, Thread
from tests import factories
from tests.inbox.conftest import MakeDesk
from tests.inbox.desk import Desk
from tests.processes.waiting import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def held(here: Desk, address: str) -> Callable[[], None]:
    """Requests of this address wait until what is returned is called; later ones go on."""
    waiting: list[Route] = []
    released: list[bool] = []

    def meet(route: Route) -> None:
        if released:
            route.continue_()
        else:
            waiting.append(route)

    def has_come() -> bool:
        here.page.wait_for_timeout(10)  # Playwright tells of requests only while it is waited
        return bool(waiting)

    def release() -> None:
        wait_for(has_come)
        released.append(True)
        for route in waiting:
            route.continue_()

    here.page.route(address, meet)
    return release


@pytest.fixture
def with_the_assistant() -> Thread:
    """A conversation that nobody of staff has taken."""
    thread = factories.a_thread(contact=factories.a_contact("Thandi Nkosi"))
    factories.an_inbound(thread)
    return thread


def canned() -> None:
    for shortcut, text in (("bank", "Our bank"), ("hello", "Hello there"), ("hours", "8 to 5")):
        CannedReply.objects.create(shortcut=shortcut, text=text)


def test_a_note_begun_before_its_file_came_names_people_and_is_kept(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    factories.an_agent("kim")
    here = desk(alice).open(thread)
    release = held(here, "**/inbox_notes*")
    here.page.locator("#wa-noting summary").click()
    here.page.locator("#wa-note").press_sequentially("Ask @k")
    with here.page.expect_response("**/note/draft/**"):
        release()
        expect(here.page.get_by_role("option", name="Kim")).to_be_visible()
    assert Draft.objects.get().text == "Ask @k"
    assert here.problems == []


@pytest.mark.parametrize("address", ["**/composer_slash*", "**/composer_parts*", "**/canned/*"])
def test_an_enter_before_the_canned_replies_came_takes_one_and_sends_nothing(
    desk: MakeDesk, alice: User, thread: Thread, address: str
) -> None:
    canned()
    here = desk(alice).open(thread)
    release = held(here, address)
    here.page.locator("#wa-text").press_sequentially("/ho")
    here.page.keyboard.press("Enter")
    release()
    expect(here.page.locator("#wa-text")).to_have_value("8 to 5")
    assert not Message.objects.filter(direction="out").exists()
    here.page.keyboard.press("Enter")
    expect(here.page.locator(".wa-bubble.out")).to_contain_text("8 to 5")
    assert here.problems == []


def test_an_enter_takes_from_the_list_of_what_was_typed_last(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    canned()
    here = desk(alice).open(thread)
    here.page.keyboard.type("/")
    expect(here.page.get_by_role("option")).to_have_count(4)
    release = held(here, "**/canned/*")
    here.page.keyboard.type("hel")
    here.page.keyboard.press("Enter")
    release()
    expect(here.page.locator("#wa-text")).to_have_value("Hello there")
    assert not Message.objects.filter(direction="out").exists()


def test_canned_replies_that_do_not_come_are_told_of_and_the_slash_is_not_sent(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open(thread)
    here.page.route("**/canned/*", lambda route: route.abort())
    here.page.locator("#wa-text").press_sequentially("/ho")
    here.page.keyboard.press("Enter")
    expect(here.page.locator(".wa-toast").first).to_contain_text("Canned replies cannot be shown.")
    expect(here.page.locator("#wa-text")).to_have_value("/ho")
    assert not Message.objects.filter(direction="out").exists()


def test_a_list_that_was_let_go_has_no_say_in_what_is_sent(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    canned()
    here = desk(alice).open(thread)
    here.page.keyboard.type("/ho")
    expect(here.page.get_by_role("option")).to_have_count(2)
    here.page.keyboard.press("Escape")
    expect(here.page.get_by_role("option")).to_have_count(0)
    here.page.keyboard.press("Enter")
    expect(here.page.locator(".wa-bubble.out")).to_contain_text("/ho")


def test_a_slash_that_asks_for_canned_replies_is_no_draft(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open(thread)
    with here.page.expect_response("**/draft/**"):
        here.page.keyboard.type("Hello")
    with here.page.expect_response("**/draft/**"):
        here.page.locator("#wa-text").fill("/h")
    assert not Draft.objects.filter(text__contains="/").exists()
    with here.page.expect_response("**/draft/**"):
        here.page.locator("#wa-text").fill("/h is how it begins")
    assert Draft.objects.get().text == "/h is how it begins"


def test_words_after_the_key_that_takes_over_do_nothing_to_the_conversation(
    desk: MakeDesk, alice: User, with_the_assistant: Thread
) -> None:
    thread, here = with_the_assistant, desk(alice).open(with_the_assistant)
    release = held(here, "**/mode/**")
    here.page.keyboard.press("t")
    here.page.keyboard.type("be me")  # B hands back to the assistant, E closes, M opens a menu
    release()
    expect(here.page.locator("#wa-text")).to_be_focused()
    here.page.keyboard.type("Hello")
    here.wait_for_poll()
    expect(here.page.locator("#wa-text")).to_have_value("Hello")
    thread.refresh_from_db()
    assert (thread.mode, thread.is_closed) == (Thread.Mode.STAFF, False)


def test_a_name_after_the_key_for_a_new_conversation_takes_nothing_over(
    desk: MakeDesk, alice: User, with_the_assistant: Thread
) -> None:
    thread, here = with_the_assistant, desk(alice).open(with_the_assistant)
    release = held(here, "**/new/**")
    here.page.keyboard.press("c")
    here.page.keyboard.type("Tebe")
    release()
    expect(here.page.get_by_role("dialog")).to_be_visible()
    thread.refresh_from_db()
    assert (thread.mode, thread.is_closed) == (Thread.Mode.BOT, False)


def test_quick_steps_through_the_list_end_where_they_should(desk: MakeDesk, alice: User) -> None:
    number, now, threads = factories.a_phone_number(), clock.now(), []
    for n in range(4):
        contact = factories.a_contact(f"Customer {n}")
        threads.append(factories.a_thread(contact=contact, phone_number=number))
        factories.an_inbound(threads[-1], sent_at=now - timedelta(minutes=n))
    here = desk(alice).open()
    expect(here.row(threads[0])).to_be_visible()
    release = held(here, "**/inbox_keys*")
    here.page.keyboard.type("jjj")
    release()
    expect(here.talk_of(threads[2])).to_be_visible()
    here.page.keyboard.type("jkkxjx")
    expect(here.talk_of(threads[2])).to_be_visible()
    expect(here.page.get_by_role("checkbox", checked=True)).to_have_count(2)
    for n in (1, 2):
        expect(here.row(threads[n]).get_by_role("checkbox")).to_be_checked()


def test_tools_that_do_not_come_are_told_of_once_while_one_types(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open(thread)
    here.page.route("**/composer_*", lambda route: route.abort())
    for letter in "Good":
        here.page.keyboard.type(letter)
        here.value("wa.need('tools').catch(() => {})")  # until what the key asked for has failed
    expect(here.page.locator(".wa-toast")).to_have_text(["No connection. Try again in a moment."])
    expect(here.page.locator("#wa-text")).to_have_value("Good")
    assert all("ERR_FAILED" in problem for problem in here.problems)  # the browser's own words


def test_selecting_that_did_not_come_is_offered_at_the_next_look(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open(thread)
    here.page.route("**/inbox_bulk*", lambda route: route.abort())
    here.row(thread).hover()
    expect(here.page.locator(".wa-toast")).to_be_visible()
    here.page.unroute("**/inbox_bulk*")
    here.page.locator("#wa-text").hover()
    here.row(thread).hover()
    expect(here.row(thread).get_by_role("checkbox")).to_be_attached()
