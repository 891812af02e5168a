"""Writing in a real browser: marks, emoji, canned replies, drafts, reply buttons."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Locator, Route, expect

from conversations import clock, drafts
from conversations.admin.inbox.formatting import wa_format
from conversations.models import CannedReply, Contact, Draft, Message, Thread
from tests import factories
from tests.inbox.conftest import MakeDesk
from tests.inbox.desk import Desk
from tests.inbox.pages import at
from tests.processes.waiting import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def box(here: Desk) -> Locator:
    return here.page.locator("#wa-text")


def tool(here: Desk, name: str) -> Locator:
    return here.page.locator("#wa-foot").get_by_role("button", name=name, exact=True)


def sent() -> list[str]:
    rows = Message.objects.filter(direction="out").order_by("pk")
    return list(rows.values_list("text", flat=True))


SAMPLES = [
    "*bold* _italic_ ~gone~ `code` and ```a\nblock```",
    "2*3*4 and snake_case_name stay, * so * do these",
    "<script>alert('x')</script> & \"*b*\"",
    "> quoted *words*\nplain",
    "(*a*) *_both_* *Zoë*s",
    "https://example.org/a_b_c?x=1&y=2. And (https://example.org).",
    "`*not bold*` ```_nor this_```",
    "é*no*é *ja*",
]


def test_the_preview_reads_marks_as_the_server_does(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open(thread)
    preview = here.page.locator(".is-format .wa-text")
    box(here).fill("Plain words")
    expect(preview).to_have_count(0)
    box(here).fill("Hello *you* <b>")
    expect(preview.locator("strong")).to_have_text("you")
    expect(preview).to_have_text("Hello you <b>")
    made = here.value("texts => texts.map(text => wa.tools.format.html(text))", SAMPLES)
    assert made == [str(wa_format(text)) for text in SAMPLES]
    box(here).fill("Hello")
    expect(preview).to_have_count(0)
    assert here.problems == []


def test_keys_put_marks_around_words_and_take_them_away(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open(thread)
    box(here).fill("very good")
    here.value("document.querySelector('#wa-text').setSelectionRange(0, 4)")
    box(here).press("Control+b")
    expect(box(here)).to_have_value("*very* good")
    box(here).press("Control+i")
    expect(box(here)).to_have_value("*_very_* good")
    box(here).press("Control+i")
    expect(box(here)).to_have_value("*very* good")
    box(here).press("Control+z")
    expect(box(here)).to_have_value("*_very_* good")


def test_an_emoji_is_found_by_its_name_and_comes_first_the_next_time(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open(thread)
    box(here).fill("Thank you")
    tool(here, "Emoji").click()
    picker = here.page.get_by_role("dialog", name="Emoji")
    expect(picker.get_by_label("Search emoji")).to_be_focused()
    here.page.keyboard.type("folded")
    expect(picker.get_by_text("No emoji is called that here.")).to_be_visible()
    picker.get_by_label("Search emoji").fill("thanks")
    here.page.keyboard.press("Enter")
    expect(picker).to_have_count(0)
    expect(box(here)).to_have_value("Thank you🙏")
    tool(here, "Emoji").click()
    expect(picker.get_by_text("Used last")).to_be_visible()
    here.page.keyboard.press("ArrowDown")
    expect(picker.get_by_role("option").first).to_be_focused()
    here.page.keyboard.press("ArrowRight")
    here.page.keyboard.press("ArrowLeft")
    here.page.keyboard.press("Enter")
    expect(box(here)).to_have_value("Thank you🙏🙏")
    tool(here, "Emoji").click()
    here.page.keyboard.press("Escape")
    expect(picker).to_have_count(0)
    assert here.problems == []


def canned() -> None:
    for shortcut, text in (
        ("hours", "Hi {{first_name}}, we are open *8 to 5*."),
        ("hello", "Hello, {{my_name}} here."),
        ("bank", "Our bank"),
    ):
        CannedReply.objects.create(shortcut=shortcut, text=text)


def test_the_slash_offers_canned_replies_and_fills_them_in(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    canned()
    here = desk(alice).open(thread)
    options = here.page.get_by_role("option")
    box(here).press("/")
    expect(options).to_have_count(4)
    expect(options.last).to_contain_text("Send a template")
    here.page.keyboard.type("h")
    expect(options).to_have_count(3)
    here.page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(box(here)).to_have_attribute("aria-activedescendant", "wa-slash-2")
    here.page.keyboard.press("Enter")
    expect(box(here)).to_have_value("Hi Thandi, we are open *8 to 5*.")
    expect(options).to_have_count(0)
    assert sent() == []
    box(here).press("Enter")
    expect(here.page.locator(".wa-bubble.out")).to_contain_text("Hi Thandi, we are open 8 to 5.")
    assert here.problems == []


def test_a_canned_reply_with_a_hole_is_refused_in_words(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    canned()
    Contact.objects.update(name="")
    here = desk(alice).open(thread)
    box(here).press_sequentially("/hou")
    option = here.page.get_by_role("option", name=re.compile("hours"))
    expect(option).to_contain_text("the customer's name is not known")
    option.click()
    expect(here.page.locator(".wa-toast")).to_contain_text("{{first_name}} cannot be filled in")
    expect(box(here)).to_have_value("/hou")
    here.page.keyboard.press("Escape")
    expect(option).to_have_count(0)
    expect(box(here)).to_be_focused()


def test_where_only_templates_can_go_the_slash_is_theirs(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    canned()
    factories.a_template()
    Thread.objects.update(window_closes_at=clock.now() - timedelta(seconds=1))
    here = desk(alice).open(thread)
    here.page.get_by_role("link", name="Choose template").focus()
    here.page.keyboard.press("/")
    expect(here.page.get_by_role("dialog")).to_contain_text("invoice_overdue")
    assert not here.page.get_by_role("option").count()


def test_a_draft_is_found_on_another_device_and_in_the_list(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open(thread)
    with here.page.expect_response(f"**{at(thread, 'draft/')}*"):
        box(here).fill("Dear Thandi, I will")
    expect(here.row(thread)).to_contain_text("Draft: Dear Thandi, I will")
    expect(here.row(thread).locator("a")).to_have_attribute("aria-current", "true")
    other = desk(alice, width=390, height=844, touch=True).open(thread)
    expect(box(other)).to_have_value("Dear Thandi, I will")
    with other.page.expect_response(f"**{at(thread, 'draft/')}*"):
        box(other).fill("Dear Thandi, I will call")
    # The first tab's copy is older than what the server has by now.
    here.page.reload()
    expect(box(here)).to_have_value("Dear Thandi, I will call")
    assert here.problems == other.problems == []


def test_sending_clears_the_draft_everywhere(desk: MakeDesk, alice: User, thread: Thread) -> None:
    here = desk(alice).open(thread)
    with here.page.expect_response(f"**{at(thread, 'draft/')}*"):
        box(here).fill("Dear Thandi")
    box(here).press("Enter")
    expect(here.page.locator(".wa-bubble.out")).to_have_count(1)
    expect(here.row(thread)).not_to_contain_text("Draft:")
    assert drafts.of(thread, by=alice) == ""
    here.page.reload()
    expect(box(here)).to_have_value("")


def test_leaving_keeps_the_draft_at_once(desk: MakeDesk, alice: User, thread: Thread) -> None:
    other = factories.a_thread(contact=factories.a_contact("Pieter Botes"))
    factories.an_inbound(other)
    here = desk(alice).open(thread)
    box(here).press_sequentially("Half a sen")
    with here.page.expect_response(f"**{at(thread, 'draft/')}*"):
        here.choose(other)
    expect(here.row(thread)).to_contain_text("Draft: Half a sen")
    expect(here.row(other).locator("a")).to_have_attribute("aria-current", "true")


def test_closing_the_page_keeps_the_draft(desk: MakeDesk, alice: User, thread: Thread) -> None:
    here = desk(alice).open(thread)
    box(here).press_sequentially("Gone in a mo")
    here.page.wait_for_function("() => wa.tools.drafts")
    here.page.goto("about:blank")
    wait_for(lambda: drafts.of(thread, by=alice) == "Gone in a mo", what="the draft")


@pytest.mark.parametrize(("kind", "field"), [("reply", "#wa-text"), ("note", "#wa-note")])
def test_a_draft_that_was_emptied_stays_empty_whatever_the_server_has_heard(
    desk: MakeDesk, alice: User, thread: Thread, kind: str, field: str
) -> None:
    drafts.keep(thread, by=alice, text="Old words", kind=Draft.Kind(kind))
    here = desk(alice).open(thread)
    text = here.page.locator(field)
    expect(text).to_have_value("Old words")
    here.page.route("**/draft/**", lambda route: route.abort())
    text.fill("")
    here.page.reload()
    expect(here.bubbles()).to_be_visible()
    expect(text).to_have_value("")


def test_what_was_sent_hides_no_draft_of_another_device(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open(thread)
    box(here).press_sequentially("Sent")
    box(here).press("Enter")
    expect(here.page.locator(".wa-bubble.out")).to_be_visible()
    drafts.keep(thread, by=alice, text="From the phone")
    here.page.reload()
    expect(box(here)).to_have_value("From the phone")


def test_a_draft_that_the_server_did_not_get_is_there_after_a_reload(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open(thread)
    here.page.route("**/draft/**", lambda route: route.abort())
    with here.page.expect_request("**/draft/**"):
        box(here).fill("Only here")
    here.page.reload()
    expect(box(here)).to_have_value("Only here")


def test_reply_buttons_are_seen_as_the_customer_will_and_sent(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open(thread)
    box(here).fill("When *may* we come?")
    tool(here, "Reply buttons").click()
    phone = here.page.get_by_role("img", name="How the customer sees it")
    expect(here.page.get_by_label("Button 1")).to_be_focused()
    here.page.keyboard.type("Today")
    here.page.keyboard.press("Enter")
    here.page.keyboard.type("Tomorrow, after twelve o'clock")
    expect(here.page.get_by_label("Button 2")).to_have_value("Tomorrow, after twel")
    expect(phone.locator("strong")).to_have_text("may")
    expect(phone.locator("li")).to_have_text(["Today", "Tomorrow, after twel"])
    box(here).fill("x" * 1025)
    expect(here.page.locator("#wa-counter")).to_have_text("1025 of 1024")
    expect(tool(here, "Send")).to_be_disabled()
    box(here).fill("When?")
    box(here).press("Enter")
    bubble = here.page.locator(".wa-bubble.out")
    expect(bubble.locator(".wa-offers li")).to_have_text(["Today", "Tomorrow, after twel"])
    expect(here.page.get_by_label("Button 1")).to_have_count(0)
    assert Message.objects.get(direction="out").kind == "buttons"
    assert here.problems == []


def test_buttons_that_are_refused_stay_with_their_text(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open(thread)
    box(here).fill("When?")
    tool(here, "Reply buttons").click()
    here.page.get_by_label("Button 1").fill("Yes")
    here.page.get_by_label("Button 2").fill("Yes")
    tool(here, "Send").click()
    expect(here.page.locator(".wa-toast")).to_contain_text("buttons are not all different")
    expect(box(here)).to_have_value("When?")
    expect(here.page.get_by_label("Button 2")).to_have_value("Yes")
    assert sent() == []


def test_while_it_is_sent_the_button_rests(desk: MakeDesk, alice: User, thread: Thread) -> None:
    here = desk(alice).open(thread)
    held: list[Route] = []
    here.page.route(f"**{at(thread, 'send/')}", lambda route: held.append(route))
    box(here).fill("Slowly")
    with here.page.expect_request(f"**{at(thread, 'send/')}"):
        box(here).press("Enter")
    expect(tool(here, "Send")).to_be_disabled()
    box(here).press("Enter")
    held[0].continue_()
    expect(box(here)).to_have_value("")
    expect(tool(here, "Send")).to_be_enabled()
    assert (sent(), len(held)) == (["Slowly"], 1)


def test_the_tools_come_with_their_first_use(desk: MakeDesk, alice: User, thread: Thread) -> None:
    here = desk(alice).open(thread)
    here.wait_for_poll()
    assert not [url for url in here.requests if "/composer" in url]
    tool(here, "Emoji").click()
    expect(here.page.get_by_role("dialog", name="Emoji")).to_be_visible()
    loaded = {url.rpartition("/")[2] for url in here.requests if "/composer" in url}
    shared = {"composer.css", "composer_parts.js", "composer_send.js"}
    assert loaded == {*shared, "composer_emoji.js"}


def test_without_a_script_one_still_writes(desk: MakeDesk, alice: User, thread: Thread) -> None:
    here = desk(alice, script=False).open(thread)
    expect(tool(here, "Emoji")).to_be_hidden()
    box(here).fill("Plainly")
    tool(here, "Send").click()
    expect(here.page.locator(".wa-bubble.out")).to_contain_text("Plainly")
