"""Checks 10 to 13 and 16 to 21 of the inbox: a customer's phone, real processes, a real browser.

And the same on a phone in the hand, by two at once, and as a screen reader has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests
from playwright.sync_api import Dialog, expect

from tests.acceptance.conftest import MakeSeat
from tests.acceptance.seat import Seat, Talk, stays
from tests.processes.running import Console
from tests.stories.people import jump, until

pytestmark = [pytest.mark.browser, pytest.mark.processes]

HOUR = 3600
TODAY = "UPDATE conversations_thread SET last_message_at = now() WHERE last_message_at > now()"


@contextmanager
def later(console: Console, seconds: int) -> Iterator[None]:
    """Inside, it is so much later for business rules everywhere."""
    jump(console, seconds)
    try:
        yield
    finally:
        jump(console, -seconds)
        # Nobody stands above all who write today because he was answered tomorrow.
        console.query(TODAY)


def faults(console: Console, **switches: object) -> None:
    url = f"{console.simulator_url}/control/faults/"
    requests.patch(url, json=switches, timeout=10).raise_for_status()


def test_10_a_message_is_sent_once_however_often_one_presses(
    console: Console, seat: MakeSeat
) -> None:
    talk = Talk(console, "Once Only")
    here = seat().open(talk.thread)
    here.take_over()
    here.box.fill("Only once, please")
    here.box.press("Enter")
    here.box.press("Enter")
    expect(here.out("Only once, please")).to_have_count(1)
    expect(here.box).to_have_value("")
    expect(here.box).to_be_focused()
    talk.customer.waits_for("Only once, please")
    assert talk.said("Only once, please") == 1
    assert sum("Only once" in str(one) for one in talk.customer.sees()) == 1
    assert here.problems == []


def test_11_what_is_written_is_text_and_never_a_page(console: Console, seat: MakeSeat) -> None:
    talk = Talk(console, "Markup Maker")
    here = seat().open(talk.thread)
    asked: list[str] = []

    def note(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    here.page.on("dialog", note)
    body = "<script>alert(1)</script> *b* <img src=x onerror=alert(2)>"
    talk.customer.says(body)
    bubble = here.page.locator(".wa-bubble.in", has_text="<script>alert(1)</script>")
    expect(bubble).to_contain_text("<img src=x onerror=alert(2)>")
    expect(bubble.locator("strong")).to_have_text("b")
    here.take_over()
    here.box.fill(body)
    here.box.press("Enter")
    expect(here.out("alert(1)").locator("strong")).to_have_text("b")
    assert (asked, here.problems) == ([], [])


def test_12_ticks_come_back_and_a_failure_says_what_to_do(console: Console, seat: MakeSeat) -> None:
    talk = Talk(console, "Tick Tock")
    here = seat().open(talk.thread)
    here.take_over()
    here.box.fill("Do you see this?")
    here.box.press("Enter")
    tick = here.out("Do you see this?").locator("[data-status]")
    expect(tick).to_have_attribute("data-status", "delivered")
    talk.customer.looks()
    expect(tick).to_have_attribute("data-status", "read")
    expect(tick).to_contain_text("Read")
    faults(console, refuse_sends_with="131047", refuse_sends_count=1)
    here.box.fill("This will not arrive")
    here.box.press("Enter")
    failed = here.out("This will not arrive")
    expect(failed).to_contain_text("131047")
    expect(failed.get_by_role("link", name="Send a template instead")).to_be_visible()


def test_13_what_comes_in_appears_and_pulls_nobody_down(console: Console, seat: MakeSeat) -> None:
    talk = Talk(console, "Chatty Cathy")
    for n in range(12):
        talk.customer.says(f"Line {n}\n\n\n\nand more")
    here = seat().open(talk.thread)
    expect(here.page.locator("#wa-log").get_by_text("Line 11")).to_be_in_viewport()
    talk.customer.says("The newest of all")
    expect(here.page.locator("#wa-log").get_by_text("The newest of all")).to_be_in_viewport()
    expect(here.page.locator("#wa-status")).to_contain_text("Chatty Cathy")
    here.value("document.querySelector('#wa-log').scrollTop = -99999")
    talk.customer.says("Even newer")
    fresh = here.page.locator("#wa-log").get_by_text("Even newer")
    expect(fresh).to_be_attached()
    expect(fresh).not_to_be_in_viewport()
    here.page.get_by_role("button", name=re.compile("New message")).click()
    expect(fresh).to_be_in_viewport()


def test_16_the_window_runs_out_before_ones_eyes(console: Console, seat: MakeSeat) -> None:
    talk = Talk(console, "Window Watcher")
    here = seat().open(talk.thread)
    here.take_over()
    here.value("window.sameDocument = true")
    banner = here.page.locator("#wa-banner .wa-banner").last
    expect(banner).to_have_class(re.compile("green"))
    with later(console, 23 * HOUR):
        expect(banner).to_have_class(re.compile("amber"))
        expect(here.box).to_be_visible()
        with later(console, 2 * HOUR):
            expect(banner).to_contain_text("Templates only")
            expect(banner).to_have_class(re.compile("grey"))
            expect(here.foot.get_by_role("link", name="Choose template")).to_be_visible()
            expect(here.box).to_be_hidden()
    assert here.value("window.sameDocument") is True


def test_17_a_window_that_shut_meanwhile_refuses_and_keeps_the_words(
    console: Console, seat: MakeSeat
) -> None:
    talk = Talk(console, "Just Too Late")
    here = seat().open(talk.thread)
    here.take_over()
    here.page.route("**/changes/**", lambda route: route.abort())  # it does not know yet
    here.box.fill("Words that must not be lost")
    with later(console, 25 * HOUR):
        with here.page.expect_response(lambda it: it.url.endswith("/send/")) as refused:
            here.box.press("Enter")
        assert refused.value.status == 409
        expect(here.page.locator(".wa-toast").last).to_be_visible()
        here.page.unroute("**/changes/**")
    here.open(talk.thread)  # the window is open again
    expect(here.box).to_have_value("Words that must not be lost")
    assert talk.said("Words that must not be lost") == 0


def test_18_a_template_is_chosen_filled_in_looked_at_and_sent(
    console: Console, seat: MakeSeat
) -> None:
    talk = Talk(console, "Template Taker")
    here = seat().open(talk.thread)
    here.take_over()
    opener = here.foot.locator("[data-template]").first
    opener.click()
    expect(here.dialog.get_by_text("invoice_overdue")).to_be_visible()
    here.page.keyboard.press("Escape")
    expect(here.dialog).to_be_hidden()
    expect(opener).to_be_focused()
    opener.click()
    expect(here.dialog.get_by_text("invoice_overdue")).to_be_visible()
    offered = here.dialog.locator("[data-tpl]").all_inner_texts()
    statuses = console.query("SELECT name, status FROM conversations_messagetemplate")
    approved = {name for name, status in statuses if status == "APPROVED"}
    assert {text.split()[0] for text in offered} == approved
    assert len(approved) < len(statuses)
    here.dialog.get_by_text("invoice_overdue").click()
    send = here.dialog.get_by_role("button", name="Send template")
    expect(send).to_be_disabled()
    here.dialog.get_by_label("Body {{1}}").fill("Tumi")
    here.dialog.get_by_label("Body {{2}}").fill("R 99.00")
    expect(here.dialog.locator(".wa-phone")).to_contain_text("Hi Tumi, your invoice for R 99.00")
    send.click()
    expect(here.dialog).to_be_hidden()
    talk.customer.waits_for("Hi Tumi, your invoice for R 99.00 is overdue.")


def test_19_of_two_who_take_over_one_wins_and_the_assistant_is_silent(
    console: Console, seat: MakeSeat
) -> None:
    talk = Talk(console, "Two At Once")
    sam, priya = seat("sam").open(talk.thread), seat("priya").open(talk.thread)
    late = priya.foot.get_by_role("button", name="Take over")
    expect(late).to_be_visible()
    priya.page.route("**/changes/**", lambda route: route.abort())  # she does not know yet
    sam.take_over()
    expect(sam.page.locator("#wa-log")).to_contain_text("took over")
    expect(sam.row(talk.thread)).to_contain_text("You")
    with priya.page.expect_response(lambda it: it.url.endswith("/mode/")) as refused:
        late.click()
    assert refused.value.status == 409
    expect(priya.page.locator(".wa-toast").last).to_contain_text("Sam")
    before = len(talk.customer.sees())
    talk.customer.says("do I still owe you anything?")
    expect(sam.page.locator("#wa-log").get_by_text("do I still owe")).to_be_visible()
    assert stays(lambda: len(talk.customer.sees()) == before, sam.page)
    assert talk.of_row("reply_due_at") is None


def test_20_handed_back_the_assistant_answers_again(console: Console, seat: MakeSeat) -> None:
    talk = Talk(console, "Back To Bot")
    here = seat().open(talk.thread)
    here.take_over()
    here.page.locator("#wa-head").get_by_role("button", name="Hand back").click()
    expect(here.box).to_be_hidden()
    expect(here.foot).to_contain_text("assistant")
    until(lambda: talk.of_row("mode") == "bot", what="the assistant's mode")
    assert talk.of_row("assigned_to_id") is None
    talk.customer.says("Hello")
    talk.customer.waits_for("View options")


def test_21_a_session_that_ended_leads_to_the_login_and_the_draft_survives(
    console: Console, seat: MakeSeat
) -> None:
    talk, other = Talk(console, "Long Lunch"), Talk(console, "Someone Else")
    here = seat().open(talk.thread)
    here.take_over()
    here.box.fill("A draft that I want back")
    here.page.route("**/changes/**", lambda route: route.abort())  # the click shall notice it
    here.context.clear_cookies(name="sessionid")
    here.row(other.thread).locator("a").first.click()
    expect(here.page).to_have_url(re.compile("/admin/login/"))
    expect(here.page.locator("#wa")).to_have_count(0)
    here.page.unroute("**/changes/**")
    here.sign_in()
    here.open(talk.thread)
    expect(here.box).to_have_value("A draft that I want back")


def test_on_a_phone_one_takes_over_answers_and_sends_a_template(
    console: Console, seat: MakeSeat
) -> None:
    talk = Talk(console, "Pocket Person")
    here = seat(width=390, height=844).open()
    here.choose(talk.thread)
    here.take_over()
    here.box.fill("From my pocket")
    here.foot.get_by_role("button", name="Send", exact=True).click()
    talk.customer.waits_for("From my pocket")
    with later(console, 25 * HOUR):
        here.foot.get_by_role("link", name="Choose template").click()
        here.dialog.get_by_text("invoice_overdue").click()
        here.dialog.get_by_label("Body {{1}}").fill("Pule")
        here.dialog.get_by_label("Body {{2}}").fill("R 1.00")
        here.dialog.get_by_role("button", name="Send template").click()
        talk.customer.waits_for("Hi Pule, your invoice for R 1.00 is overdue.")
    assert here.value("document.documentElement.scrollWidth") == 390


def test_a_screen_reader_finds_its_way(console: Console, seat: MakeSeat) -> None:
    talk = Talk(console, "Reader Rose")
    here = seat().open(talk.thread)
    here.take_over()
    page = here.page
    assert page.get_by_role("main").count() == page.locator("h1").count() == 1
    for role, name in (
        ("search", None),
        ("navigation", "Filters"),
        ("complementary", "Conversations"),
        ("region", "Conversation"),
        ("log", "Messages with Reader Rose"),
        ("textbox", "Message to Reader Rose"),
        ("complementary", "Contact"),
    ):
        expect(page.get_by_role(role, name=name).first).to_be_visible()  # type: ignore[arg-type]
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "off")
    _announced(here, talk)


def _announced(here: Seat, talk: Talk) -> None:
    status = here.page.locator("#wa-status")
    expect(status).to_have_attribute("aria-live", "polite")
    talk.customer.says("Do you hear me?")
    expect(status).to_contain_text("Reader Rose")
