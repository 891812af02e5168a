"""axe-core finds nothing in our panes, in light and in dark, whatever they show.

What is unfold's own is listed here by rule, with the reason why it stands: nothing of it is ours to
change, and a rule that is not listed fails here as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from playwright.sync_api import FilePayload, expect

from conversations import clock, consent, notices, takeover
from conversations.models import CannedReply, DailyTotal, Label, Message, Thread
from tests import factories
from tests.billing.rows import an_account, an_invoice
from tests.inbox.conftest import MakeDesk
from tests.inbox.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OPTIONS = {"resultTypes": ["violations"]}
# In the dark only the colours are others.
COLOURS = {**OPTIONS, "runOnly": ["color-contrast"]}
OURS = "#wa, #wa-dialog, #wa-menu, #wa-toasts, #wa-status, #wa-lost, .wa-skip, .wa-home"
SHELL = {
    "region": "the buttons and the title in the frame's header stand in no landmark",
}


def found(here: Desk, part: str = "") -> list[str]:
    """Each violation on the page, or a part of it, as `ours|shell rule: where`."""
    is_dark = here.value("document.documentElement.classList.contains('dark')")
    done = Axe().run(here.page, part or None, COLOURS if is_dark else OPTIONS)
    results = done.response["violations"]
    return [
        f"{_whose(here, node['target'])} {rule['id']}: {node['html'][:160]}"
        for rule in results
        for node in rule["nodes"]
    ]


def _whose(here: Desk, target: list[Any]) -> str:
    inside = "([one, ours]) => !!document.querySelector(one)?.closest(ours)"
    return "ours" if here.value(inside, [str(target[0]), OURS]) else "shell"


def wrong(here: Desk, part: str = "") -> list[str]:
    """What is ours, or not listed."""
    return [one for one in found(here, part) if one.split()[0] == "ours" or _rule(one) not in SHELL]


def _rule(said: str) -> str:
    return said.split()[1].rstrip(":")


@pytest.fixture
def alice() -> User:
    return factories.an_agent()


@pytest.fixture
def threads(alice: User) -> list[Thread]:
    """One of every kind that the list, the conversation and its foot show differently."""
    now, number = clock.now(), factories.a_phone_number()
    kim = factories.an_agent("kim")

    def thread(name: str, hours: float = 1, **fields: Any) -> Thread:
        contact = factories.a_contact(name)
        made = factories.a_thread(contact=contact, phone_number=number, **fields)
        if hours:
            factories.an_inbound(made, sent_at=now - timedelta(hours=hours))
        return made

    mine = thread("Mine Open")
    takeover.take(mine, by=alice)
    mine.labels.add(Label.objects.create(name="VIP", tone="red"))
    question = factories.an_inbound(mine, "May I? *bold* https://example.org `code`")
    for status in (Message.Status.READ, Message.Status.FAILED, Message.Status.UNCONFIRMED):
        factories.an_outbound(
            mine, "See https://example.org", status=status, sent_by=alice, quotes=question.wamid
        )
    factories.an_outbound(mine, "Hi", origin=Message.Origin.ASSISTANT, status=Message.Status.SENT)
    an_invoice(an_account(mine.contact), due_in=-10)
    takeover.take(thread("Kims"), by=kim)
    waiting, closing = thread("Waiting"), thread("Closing", 23)
    takeover.hand_over(waiting, reason="asked for a person")
    takeover.take(closing, by=alice)
    shut = thread("Shut", 30)
    takeover.take(shut, by=alice)
    stopped = thread("Stopped")
    consent.withdraw(stopped.contact, (consent.Purpose.MARKETING,), at=now, source="STOP")
    done = thread("Closed")
    takeover.close(done, by=alice)
    blocked = thread("Blocked")
    blocked.contact.is_blocked = True
    blocked.contact.save(update_fields=["is_blocked"])
    factories.a_template()
    CannedReply.objects.create(shortcut="hours", text="Hi {{first_name}}")
    return [mine, *Thread.objects.exclude(pk=mine.pk).order_by("pk")]


@pytest.mark.parametrize("dark", [False, True])
def test_the_inbox_in_every_state(
    desk: MakeDesk, alice: User, threads: list[Thread], dark: bool
) -> None:
    here = desk(alice, dark=dark).open()
    bad = {"empty": wrong(here)}
    for thread in threads:
        here.open(thread)
        expect(here.talk_of(thread)).to_be_visible()
        bad[str(thread.contact)] = wrong(here, "#wa-main")
    for state in states(here, threads[0]):
        bad[state] = wrong(here, state)
    assert {state: said for state, said in bad.items() if said} == {}


def states(here: Desk, mine: Thread) -> Iterator[str]:
    """What opens over and beside the conversation, one after another: the part to look at."""
    here.open(mine)
    expect(here.page.locator(".wa-panel-in")).to_be_visible()
    yield "#wa"
    here.page.keyboard.press("Escape")  # out of the composer
    here.page.keyboard.press("?")
    expect(here.page.locator("#wa-dialog")).to_be_visible()
    yield "#wa-dialog:has(h2)"
    here.page.keyboard.press("Escape")
    here.page.locator("#wa-foot [data-template]").first.click()
    here.page.get_by_text("invoice_overdue").click()
    expect(here.page.get_by_label("Body {{1}}")).to_be_visible()
    yield "#wa-dialog"
    here.page.keyboard.press("Escape")
    here.page.locator("[data-new]").click()
    expect(here.page.get_by_label("Number or name")).to_be_focused()
    yield "#wa-dialog:has([name=number])"
    here.page.keyboard.press("Escape")
    here.page.locator("[data-key=m]").click()
    expect(here.page.locator("#wa-menu [data-item]").first).to_be_focused()
    yield "#wa-menu"
    here.page.keyboard.press("Escape")
    here.page.locator(".wa-row").first.hover()
    here.page.locator(".wa-pick").first.click()
    here.page.locator(".wa-bulk [data-menu]").first.click()
    expect(here.page.locator("#wa-menu [data-bulk]")).to_be_visible()
    yield ".wa-list, #wa-menu"
    here.page.keyboard.press("Escape")
    here.page.keyboard.press("Escape")
    here.page.locator("#wa [type=search]").fill("nobody is called so")
    expect(here.page.get_by_text("No conversations match")).to_be_visible()
    yield "#wa-list, .wa-list"


@pytest.mark.parametrize("dark", [False, True])
def test_the_tools_of_the_composer(
    desk: MakeDesk, alice: User, threads: list[Thread], dark: bool
) -> None:
    here = desk(alice, dark=dark)
    here.context.grant_permissions(["microphone"])
    here.open(threads[0])
    said = {tool: wrong(here, "#wa-talk") for tool in tools(here)}
    assert {tool: bad for tool, bad in said.items() if bad} == {}


def tools(here: Desk) -> Iterator[str]:
    """The composer's tools, one after another, each open."""
    page, box = here.page, here.page.locator("#wa-text")
    box.fill("Hello *you*")
    expect(page.locator(".is-format strong")).to_be_visible()
    page.locator(".wa-bubble.in").last.hover()
    page.get_by_role("button", name="React to this message").click()
    expect(page.get_by_role("dialog", name="React to the message")).to_be_visible()
    yield "marks and reactions"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Reply to this message").click()
    page.locator("[data-tool=buttons]").click()
    page.get_by_label("Button 1").fill("Yes")
    yield "an answer with buttons"
    page.get_by_role("button", name="Without buttons").click()
    with page.expect_file_chooser() as chooser:
        page.locator("[data-tool=files]").click()
    given = (("a.svg", "image/svg+xml"), ("a.pdf", "application/pdf"))
    chooser.value.set_files(
        [FilePayload(name=name, mimeType=kind, buffer=b"%PDF-1.4") for name, kind in given]
    )
    expect(page.locator(".wa-file")).to_have_count(2)
    yield "files"
    page.locator("[data-tool=emoji]").click()
    expect(page.get_by_role("dialog", name="Emoji")).to_be_visible()
    yield "emoji"
    page.keyboard.press("Escape")
    page.locator("[data-tool=voice]").click()
    expect(page.get_by_role("timer")).to_be_visible()
    yield "a recording"
    page.get_by_role("button", name="Stop and listen").click()
    expect(page.locator(".wa-voice audio")).to_be_visible()
    yield "a recording to listen to"
    page.get_by_role("button", name="Discard").click()
    box.fill("/")
    expect(page.get_by_role("option")).to_have_count(2)
    yield "canned replies"


def test_the_inbox_on_a_phone(desk: MakeDesk, alice: User, threads: list[Thread]) -> None:
    here = desk(alice, width=390, height=844, touch=True).open()
    bad = wrong(here)
    here.choose(threads[0])
    assert bad + wrong(here) == []


def test_a_fault_in_a_pane_would_be_found(desk: MakeDesk, alice: User) -> None:
    here = desk(alice).open()
    here.value("document.querySelector('#wa-main').innerHTML = '<img src=\"/x.png\">'")
    assert [one.split(":")[0] for one in found(here)][:1] == ["ours image-alt"]


@pytest.mark.parametrize("dark", [False, True])
def test_the_first_page(desk: MakeDesk, alice: User, threads: list[Thread], dark: bool) -> None:
    here = desk(alice, dark=dark)
    here.page.goto(f"{here.url}/admin/")
    bad = {"empty": wrong(here)}
    for ago in range(40):
        DailyTotal.objects.create(
            day=clock.today() - timedelta(days=ago),
            messages_in=10 + ago,
            messages_out=5,
            first_response_seconds=60 * ago,
            handed_over={"Asked for a person": 1},
            windows_lost=1,
            templates_delivered=2,
        )
    for level in notices.Level:
        notices.raise_notice(level, level=level, text="Look at this.", thread=threads[0])
    here.page.reload()
    for table in here.page.locator("details > summary").all():
        table.click()
    bad["full"] = wrong(here)
    assert {state: said for state, said in bad.items() if said} == {}
