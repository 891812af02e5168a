"""The inbox by keys alone, for every eye, and within its limits: roles, contrast, policy."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from conversations import clock, consent, takeover
from conversations.models import Message, Thread
from tests import factories
from tests.inbox.conftest import MakeDesk
from tests.inbox.desk import Desk
from tests.inbox.pages import INBOX

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STATIC = Path(__file__).resolve().parents[2] / "static" / "conversations"
OWN_BYTES_MAX = 40 * 1024
PAGE_BYTES_MAX = 120 * 1024


@pytest.fixture
def alice() -> User:
    return factories.an_agent()


@pytest.fixture
def thread(alice: User) -> Thread:
    """Mine, and with everything in it that has a colour of its own."""
    thread = factories.a_thread(contact=factories.a_contact("Thandi Nkosi"))
    takeover.hand_over(thread, reason="asked for a person")
    takeover.take(thread, by=alice)
    thread.refresh_from_db()
    question = factories.an_inbound(thread, "May I? *bold* https://example.org `code`")
    factories.an_inbound(thread, "📷 Photo: chair", kind="image", content={"type": "image"})
    for status in (Message.Status.READ, Message.Status.FAILED, Message.Status.UNCONFIRMED):
        factories.an_outbound(
            thread, "See https://example.org", status=status, sent_by=alice, quotes=question.wamid
        )
    factories.an_outbound(
        thread, "Hi *you*", origin=Message.Origin.ASSISTANT, status=Message.Status.READ
    )
    factories.an_inbound(thread, "One more")
    return thread


def others() -> list[Thread]:
    number, now = factories.a_phone_number(), clock.now()
    threads = []
    for name, hours in (("Pieter Botes", 3), ("Lerato Mokoena", 23), ("Johan Steyn", 30)):
        contact = factories.a_contact(name)
        thread = factories.a_thread(contact=contact, phone_number=number)
        factories.an_inbound(thread, sent_at=now - timedelta(hours=hours))
        threads.append(thread)
    consent.withdraw(contact, (consent.Purpose.MARKETING,), at=now, source="customer")
    return threads


def test_keys_go_through_the_list_and_act(desk: MakeDesk, alice: User) -> None:
    first, second, _ = others()
    here = desk(alice).open()
    keys = here.page.keyboard
    expect(here.row(first)).to_be_visible()
    keys.press("j")
    expect(here.talk_of(first)).to_be_visible()
    keys.press("j")
    expect(here.talk_of(second)).to_be_visible()
    keys.press("k")
    expect(here.talk_of(first)).to_be_visible()
    keys.press("t")
    expect(here.page.locator("#wa-text")).to_be_focused()
    keys.press("Escape")
    expect(here.page.locator("#wa-text")).not_to_be_focused()
    keys.press("r")
    expect(here.page.locator("#wa-text")).to_be_focused()
    keys.press("Escape")
    keys.press("b")
    expect(here.page.locator("#wa-foot")).to_contain_text("The assistant is answering")
    keys.press("/")
    expect(here.page.locator("#wa-q")).to_be_focused()
    keys.press("Escape")
    keys.press("e")
    expect(here.page.locator("#wa-foot")).to_contain_text("This conversation is closed")


def test_keys_rest_while_one_types_and_can_be_switched_off(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open(thread)
    here.page.locator("#wa-text").press_sequentially("be just tiki?")
    expect(here.page.locator("#wa-text")).to_have_value("be just tiki?")
    expect(here.page.get_by_role("dialog")).to_be_hidden()
    here.page.keyboard.press("Escape")
    here.page.keyboard.press("?")
    switch = here.page.get_by_label("Single keys work outside of fields")
    switch.uncheck()
    here.page.keyboard.press("Escape")
    expect(here.page.get_by_role("dialog")).to_be_hidden()
    here.page.keyboard.press("e")
    here.page.keyboard.press("r")
    expect(here.page.locator("#wa-text")).not_to_be_focused()
    thread.refresh_from_db()
    assert not thread.is_closed
    here.page.keyboard.press("?")
    switch.check()
    here.page.keyboard.press("Escape")
    here.page.keyboard.press("r")
    expect(here.page.locator("#wa-text")).to_be_focused()


@pytest.mark.parametrize(("key", "field"), [("/", "#wa-q"), ("r", "#wa-text"), ("n", "#wa-note")])
def test_what_is_typed_at_once_after_the_key_is_written_and_does_nothing_else(
    desk: MakeDesk, alice: User, thread: Thread, key: str, field: str
) -> None:
    here = desk(alice).open(thread)
    here.page.route("**/inbox_keys*", lambda route: None)  # on its way, as over a slow line
    here.page.keyboard.press("Escape")
    expect(here.page.locator(field)).not_to_be_focused()
    here.page.keyboard.press(key)
    here.page.keyboard.type("Ebe?")  # E would close the conversation
    expect(here.page.locator(field)).to_have_value("Ebe?")


def test_with_modifiers_keys_are_the_browsers(desk: MakeDesk, alice: User, thread: Thread) -> None:
    here = desk(alice).open(thread)
    here.page.keyboard.press("Escape")
    here.page.keyboard.press("Control+b")
    here.page.keyboard.press("Alt+e")
    here.wait_for_poll()
    thread.refresh_from_db()
    assert (thread.mode, thread.is_closed) == (Thread.Mode.STAFF, False)


def test_the_whole_way_goes_by_keyboard_alone(desk: MakeDesk, alice: User) -> None:
    first = others()[0]
    factories.a_template()
    here = desk(alice).open()
    keys = here.page.keyboard
    expect(here.row(first)).to_be_visible()
    keys.press("j")
    expect(here.talk_of(first)).to_be_visible()
    keys.press("t")
    expect(here.page.locator("#wa-text")).to_be_focused()
    keys.type("Hello")
    keys.press("Enter")
    expect(here.page.locator(".wa-bubble.out")).to_have_count(1)
    keys.press("/")
    expect(here.page.get_by_role("option", name="Send a template")).to_be_visible()
    keys.press("Enter")
    dialog = here.page.get_by_role("dialog")
    expect(dialog.get_by_label("Search templates")).to_be_focused()
    keys.press("Tab")
    keys.press("Enter")
    expect(dialog.get_by_label("Body {{1}}")).to_be_focused()
    keys.type("Pieter")
    keys.press("Tab")
    keys.type("R 1.00")
    expect(dialog.get_by_role("button", name="Send template")).to_be_enabled()
    keys.press("Enter")
    expect(here.page.locator(".wa-bubble.out")).to_have_count(2)


def test_the_page_has_one_main_and_a_way_past_the_menu(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open()
    here.page.keyboard.press("Tab")
    expect(here.page.get_by_role("link", name="Skip to the conversation")).to_be_focused()
    here.choose(thread)
    assert here.page.get_by_role("main").count() == 1
    assert here.page.locator("h1").count() == 1
    expect(here.page.get_by_role("log", name="Messages with Thandi Nkosi")).to_be_visible()
    expect(here.page.get_by_role("textbox", name="Message to Thandi Nkosi")).to_be_visible()
    expect(here.page.get_by_role("complementary", name="Contact")).to_be_visible()


def test_every_control_has_a_name(desk: MakeDesk, alice: User, thread: Thread) -> None:
    here = desk(alice).open(thread)
    expect(here.page.locator(".wa-panel-in")).to_be_visible()
    nameless = here.value(
        """() => [...document.querySelectorAll('#wa a, #wa button, #wa input, #wa textarea')]
        .filter(e => e.checkVisibility() && e.type !== 'hidden')
        .filter(e => {
            const bare = e.cloneNode(true);
            bare.querySelectorAll('[aria-hidden=true]').forEach(icon => icon.remove());
            return !(e.ariaLabel || bare.textContent.trim() || e.labels?.length);
        }).map(e => e.outerHTML.slice(0, 100))"""
    )
    assert nameless == []


CONTRAST = """root => {
    const read = text => {
        const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number);
        return {r, g, b, a};
    };
    const over = (top, under) => ({
        r: top.r * top.a + under.r * (1 - top.a), g: top.g * top.a + under.g * (1 - top.a),
        b: top.b * top.a + under.b * (1 - top.a), a: 1,
    });
    const ground = element => {
        const layers = [];
        for (let e = element; e; e = e.parentElement) {
            const colour = read(getComputedStyle(e).backgroundColor);
            layers.push(colour);
            if (colour.a === 1) break;
        }
        return layers.reverse().reduce((under, top) => over(top, under), {r: 255, g: 255, b: 255});
    };
    const light = ({r, g, b}) => [r, g, b].map(c => c / 255)
        .map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
    const poor = [];
    for (const element of document.querySelector(root).querySelectorAll('*')) {
        const words = [...element.childNodes].filter(n => n.nodeType === 3 && n.data.trim());
        if (!words.length || !element.checkVisibility() || element.closest(':disabled')) continue;
        if (element.closest('.material-symbols-outlined')) continue;
        const under = ground(element), style = getComputedStyle(element);
        let ink = over(read(style.color), under);
        for (let e = element; e; e = e.parentElement) {
            const opacity = Number(getComputedStyle(e).opacity);
            if (opacity < 1) ink = over({...ink, a: opacity}, under);
        }
        const [a, b] = [light(ink), light(under)].sort((x, y) => y - x);
        const ratio = (a + 0.05) / (b + 0.05);
        const said = `${ratio.toFixed(2)} ${element.className} ${words[0].data.trim()}`;
        if (ratio < 4.5) poor.push(said);
    }
    return poor;
}"""


@pytest.mark.parametrize("dark", [False, True])
def test_every_text_can_be_read(desk: MakeDesk, alice: User, thread: Thread, dark: bool) -> None:
    others()
    factories.a_template()
    here = desk(alice, dark=dark).open(thread)
    expect(here.page.locator(".wa-panel-in")).to_be_visible()
    assert here.value("document.documentElement.classList.contains('dark')") is dark
    assert here.value(CONTRAST, "#wa") == []
    for other in Thread.objects.exclude(pk=thread.pk):
        here.choose(other)
        assert here.value(CONTRAST, "#wa-main") == []
    here.choose(thread)
    here.page.locator("#wa-foot [data-template]").click()
    here.page.get_by_text("invoice_overdue").click()
    expect(here.page.get_by_label("Body {{1}}")).to_be_visible()
    assert here.value(CONTRAST, "#wa-dialog") == []


def test_dark_is_dark_in_frame_and_conversation(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice, dark=True).open(thread)
    expect(here.talk_of(thread)).to_be_visible()
    colours = here.value(
        """() => ['#main', '.wa-list', '.wa-bubble.in .wa-b', '.wa-bubble.out .wa-b']
        .map(s => getComputedStyle(document.querySelector(s)).backgroundColor)"""
    )
    assert colours[0] == "rgb(17, 27, 33)"
    assert colours[2:] == ["rgb(32, 44, 51)", "rgb(11, 79, 66)"]


PAGES = [
    "/admin/",
    INBOX,
    "/admin/conversations/contact/",
    "/admin/conversations/messagetemplate/",
    "/admin/conversations/webhookevent/",
    "/admin/billing/invoice/",
    "/admin/billing/account/",
]


def test_no_page_breaks_the_policy_or_leaves_the_origin(desk: MakeDesk, thread: Thread) -> None:
    here = desk(factories.a_supervisor())
    form = f"/admin/conversations/contact/{thread.contact_id}/change/"
    for path in (*PAGES, form):
        response = here.page.goto(f"{here.url}{path}")
        assert response is not None
        assert "script-src 'self' 'unsafe-eval'" in response.headers["content-security-policy"]
        assert "microphone=(self), camera=()" in response.headers["permissions-policy"]
    here.open(thread)
    here.page.get_by_text("Take over from Alice").click()
    expect(here.page.locator(".wa-panel-in")).to_be_visible()
    here.wait_for_poll()
    assert here.problems == []
    assert here.strays == []


def weigh(here: Desk, thread: Thread | None) -> tuple[int, int]:
    """Bytes of the page, and of its own styles and scripts, until it first asks what is new."""
    page, own = [], {}

    def note(response: Any) -> None:
        if response.request.is_navigation_request():
            page.append(len(response.body()))
        elif "/static/conversations/" in response.url:
            own[response.url] = len(response.body())

    here.page.on("response", note)
    here.open(thread)
    here.wait_for_poll()
    here.page.remove_listener("response", note)
    return page[-1], sum(own.values())


def test_it_stays_light(desk: MakeDesk, alice: User, thread: Thread) -> None:
    for _ in range(60):
        factories.an_outbound(thread, "word " * 12, status=Message.Status.READ, sent_by=alice)
    number = factories.a_phone_number()
    for n in range(45):
        other = factories.a_thread(contact=factories.a_contact(f"C {n}"), phone_number=number)
        factories.an_inbound(other, "word " * 12)
    here = desk(alice)
    for opened in (None, thread):
        page, own = weigh(here, opened)
        assert 0 < page <= PAGE_BYTES_MAX
        assert 0 < own <= OWN_BYTES_MAX
