"""Answering in a real browser: sending once, taking over, templates, and what goes wrong."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Route, expect
from pytest_django import Settings

from conversations import changes, clock, takeover
from conversations.models import MediaFile, Message, Thread
from tests import factories
from tests.inbox.conftest import MakeDesk
from tests.inbox.desk import Desk
from tests.inbox.pages import at
from tests.media.files import JPEG, PDF

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def another(name: str = "Pieter Botes") -> Thread:
    thread = factories.a_thread(contact=factories.a_contact(name))
    factories.an_inbound(thread, f"Hello from {name}")
    return thread


def box(here: Desk) -> Any:
    return here.page.locator("#wa-text")


def shut(thread: Thread) -> None:
    Thread.objects.filter(pk=thread.pk).update(window_closes_at=clock.now() - timedelta(seconds=1))


def sent() -> list[str]:
    rows = Message.objects.filter(direction="out").order_by("pk")
    return list(rows.values_list("text", flat=True))


def test_enter_sends_and_the_box_is_empty_and_ready(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open(thread)
    box(here).fill("Hello <script>alert(1)</script> *b*")
    box(here).press("Enter")
    bubble = here.page.locator(".wa-bubble.out")
    expect(bubble).to_contain_text("<script>alert(1)</script>")
    expect(bubble.locator("strong")).to_have_text("b")
    expect(bubble).to_contain_text("Waiting to be sent")
    expect(box(here)).to_have_value("")
    expect(box(here)).to_be_focused()
    assert sent() == ["Hello <script>alert(1)</script> *b*"]
    assert here.problems == []


def test_pressing_twice_quickly_sends_once(desk: MakeDesk, alice: User, thread: Thread) -> None:
    here = desk(alice).open(thread)
    box(here).fill("Only once")
    here.value(
        "() => { const f = document.querySelector('[data-send]'); f.requestSubmit(); "
        "f.requestSubmit(); }"
    )
    expect(here.page.locator(".wa-bubble.out")).to_have_count(1)
    box(here).fill("And again")
    box(here).press("Enter")
    expect(here.page.locator(".wa-bubble.out")).to_have_count(2)
    assert sent() == ["Only once", "And again"]


def test_shift_and_enter_is_a_new_line_and_a_composing_keyboard_does_not_send(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open(thread)
    box(here).fill("One")
    box(here).press("Shift+Enter")
    box(here).press_sequentially("Two")
    here.value(
        "document.querySelector('#wa-text').dispatchEvent(new KeyboardEvent('keydown', "
        "{key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    )
    assert sent() == []
    box(here).press("Enter")
    expect(here.page.locator(".wa-bubble.out")).to_have_count(1)
    assert sent() == ["One\nTwo"]


def test_a_broken_connection_keeps_the_text_and_the_next_press_sends_it_once(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    """The first press reached us and its answer was lost: the second must not double it."""
    here = desk(alice).open(thread)

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    here.page.route(f"**{at(thread, 'send/')}", lose_the_answer)
    box(here).fill("Once, please")
    box(here).press("Enter")
    expect(here.page.locator(".wa-toast")).to_contain_text("No connection")
    expect(box(here)).to_have_value("Once, please")
    here.page.unroute(f"**{at(thread, 'send/')}")
    box(here).press("Enter")
    expect(box(here)).to_have_value("")
    expect(here.page.locator(".wa-bubble.out")).to_have_count(1)
    assert sent() == ["Once, please"]


def test_after_a_broken_connection_another_text_is_another_message(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open(thread)
    pattern = f"**{at(thread, 'send/')}"
    here.page.route(pattern, lambda route: (route.fetch(), route.abort()))
    box(here).fill("First")
    box(here).press("Enter")
    expect(here.page.locator(".wa-toast")).to_be_visible()
    here.page.unroute(pattern)
    box(here).fill("Second")
    box(here).press("Enter")
    expect(box(here)).to_have_value("")
    assert sent() == ["First", "Second"]


def test_a_window_that_shut_meanwhile_refuses_and_keeps_the_draft(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open(thread)
    box(here).fill("Too late")
    shut(thread)
    box(here).press("Enter")
    expect(here.page.locator(".wa-toast")).to_contain_text("24-hour window is closed")
    expect(here.page.get_by_role("link", name="Choose template")).to_be_visible()
    assert sent() == []
    assert here.value(f"sessionStorage['wa-draft-{alice.pk}-{thread.pk}']") == "Too late"


def test_drafts_stay_with_their_conversations(desk: MakeDesk, alice: User, thread: Thread) -> None:
    other = another()
    takeover.take(other, by=alice)
    here = desk(alice).open(thread)
    box(here).fill("For Thandi")
    here.choose(other)
    expect(box(here)).to_have_value("")
    box(here).fill("For Pieter")
    here.choose(thread)
    expect(box(here)).to_have_value("For Thandi")
    here.page.reload()
    expect(box(here)).to_have_value("For Thandi")


def test_a_slow_swap_cannot_send_to_the_wrong_customer(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    """While the next conversation loads the pane takes no keys: the text would go with it."""
    other = another()
    here = desk(alice).open(thread)
    box(here).focus()
    held: list[Route] = []
    here.page.route(f"**{at(other)}", lambda route: held.append(route))
    here.row(other).locator("a").click()
    expect(here.page.locator("#wa-main")).to_have_attribute("inert", "")
    here.page.keyboard.type("Private words for Thandi, before I close")
    held[0].continue_()
    expect(here.talk_of(other)).to_be_visible()
    expect(here.page.locator("#wa-main")).not_to_have_attribute("inert", "")
    assert sent() == []
    thread.refresh_from_db()
    assert not thread.is_closed  # the single keys rest as well


def test_the_last_of_two_quick_choices_wins(desk: MakeDesk, alice: User, thread: Thread) -> None:
    slow, quick = another("Slow Person"), another("Quick Person")
    here = desk(alice).open(thread)
    held: list[Route] = []
    here.page.route(f"**{at(slow)}", lambda route: held.append(route))
    here.row(slow).locator("a").click()
    here.choose(quick)
    for route in held:
        route.abort()
    here.wait_for_poll()
    expect(here.talk_of(quick)).to_be_visible()


def test_taking_over_shows_the_composer_and_a_line(desk: MakeDesk, alice: User) -> None:
    thread = another()
    here = desk(alice).open(thread)
    expect(here.page.get_by_text("The assistant is answering this conversation.")).to_be_visible()
    here.page.locator("#wa-foot").get_by_role("button", name="Take over").click()
    expect(box(here)).to_be_focused()
    expect(here.page.locator(".wa-line")).to_contain_text("You took over")
    expect(here.row(thread).locator(".wa-chip.green")).to_have_text("You")
    here.page.get_by_role("button", name="Hand back").click()
    expect(here.page.get_by_text("The assistant is answering this conversation.")).to_be_visible()
    thread.refresh_from_db()
    assert (thread.mode, thread.assigned_to) == (Thread.Mode.BOT, None)


def test_two_people_at_once_and_one_is_told_who_won(desk: MakeDesk, alice: User) -> None:
    thread = another()
    first, second = desk(alice).open(thread), desk(factories.an_agent("kim")).open(thread)
    # Kim has not been told yet: her page still shows the button.
    second.page.route("**/changes/**", lambda route: route.abort())
    button = second.page.locator("#wa-foot").get_by_role("button", name="Take over")
    expect(button).to_be_visible()
    first.page.locator("#wa-foot").get_by_role("button", name="Take over").click()
    expect(box(first)).to_be_visible()
    button.click()
    expect(second.page.locator(".wa-toast")).to_contain_text(re.compile(r"Alice took over \d+ s"))
    expect(second.page.locator("#wa-foot")).to_contain_text("Alice is handling this.")


def test_a_supervisor_takes_over_after_saying_yes(desk: MakeDesk, thread: Thread) -> None:
    sam = factories.a_supervisor()
    here = desk(sam).open(thread)
    here.page.get_by_text("Take over from Alice").click()
    here.page.get_by_role("button", name="Yes, take over").click()
    expect(box(here)).to_be_focused()
    thread.refresh_from_db()
    assert thread.assigned_to == sam


def test_closing_and_reopening(desk: MakeDesk, alice: User, thread: Thread) -> None:
    here = desk(alice).open(thread)
    here.page.get_by_role("button", name="Close conversation").click()
    expect(here.page.get_by_text("This conversation is closed.")).to_be_visible()
    here.page.get_by_role("button", name="Reopen").click()
    expect(here.page.get_by_text("The assistant is answering this conversation.")).to_be_visible()


def test_a_template_is_chosen_filled_in_looked_at_and_sent(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    factories.a_template()
    factories.a_template("in_review", status="PENDING")
    shut(thread)
    here = desk(alice).open(thread)
    opener = here.page.get_by_role("link", name="Choose template")
    opener.click()
    dialog = here.page.get_by_role("dialog")
    expect(dialog).to_contain_text("invoice_overdue")
    expect(dialog).not_to_contain_text("in_review")
    dialog.get_by_text("invoice_overdue").click()
    send = dialog.get_by_role("button", name="Send template")
    expect(send).to_be_disabled()
    dialog.get_by_label("Body {{1}}").fill("Thandi")
    dialog.get_by_label("Body {{2}}").press_sequentially("R 450.00", delay=30)
    expect(dialog.locator(".wa-phone")).to_contain_text(
        "Hi Thandi, your invoice for R 450.00 is overdue."
    )
    expect(dialog.get_by_label("Body {{2}}")).to_be_focused()
    dialog.get_by_text("Exactly what is sent").click()
    expect(dialog.locator("pre")).to_contain_text('"name": "invoice_overdue"')
    send.click()
    expect(dialog).to_be_hidden()
    expect(here.page.locator(".wa-bubble.out")).to_contain_text("R 450.00 is overdue")
    assert sent() == ["Hi Thandi, your invoice for R 450.00 is overdue."]
    assert here.problems == []


def test_the_dialog_opens_by_slash_and_gives_the_focus_back(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    factories.a_template()
    here = desk(alice).open(thread)
    box(here).press("/")
    expect(here.page.get_by_role("option", name="Send a template")).to_be_visible()
    here.page.keyboard.press("Enter")
    dialog = here.page.get_by_role("dialog")
    expect(dialog.get_by_label("Search templates")).to_be_focused()
    dialog.get_by_label("Search templates").fill("nothing like it")
    expect(dialog.get_by_text("invoice_overdue")).to_be_hidden()
    here.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(box(here)).to_be_focused()
    expect(box(here)).to_have_value("")
    box(here).fill("a/")
    expect(here.page.get_by_role("option")).to_have_count(0)


def test_near_the_limit_a_counter_shows_and_over_it_nothing_goes(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open(thread)
    box(here).fill("x" * 3799)
    expect(here.page.locator("#wa-counter")).to_be_empty()
    box(here).fill("x" * 4097)
    expect(here.page.locator("#wa-counter")).to_have_text("4097 of 4096")
    expect(here.page.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    box(here).press("Enter")
    assert sent() == []


def test_a_doubtful_message_is_settled_by_a_click(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    doubtful = factories.an_outbound(thread, "Did it?", status=Message.Status.UNCONFIRMED)
    here = desk(alice).open(thread)
    here.page.get_by_role("button", name="It arrived").click()
    expect(here.page.locator(f"#tk{doubtful.pk}")).to_have_attribute("data-status", "sent")
    expect(here.page.locator(f"#fx{doubtful.pk}")).to_be_hidden()


def test_a_failed_message_is_sent_again_by_a_click(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    failed = factories.an_outbound(
        thread, "Once more", status=Message.Status.FAILED, error_code=131000
    )
    here = desk(alice).open(thread)
    here.page.get_by_role("button", name="Send again").click()
    expect(here.page.locator(".wa-bubble.out")).to_have_count(2)
    expect(here.page.locator(f"#fx{failed.pk}")).to_contain_text("Sent again below.")


def test_offline_is_said_and_nothing_can_be_sent(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    here = desk(alice).open(thread)
    box(here).fill("Later")
    here.context.set_offline(True)
    expect(here.page.locator("#wa-offline")).to_be_visible()
    expect(here.page.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    here.context.set_offline(False)
    expect(here.page.locator("#wa-offline")).to_be_hidden()
    box(here).press("Enter")
    expect(here.page.locator(".wa-bubble.out")).to_have_count(1)


def test_a_session_that_ended_leads_to_the_login_and_the_draft_survives(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    other = another()
    here = desk(alice).open(thread)
    here.page.route("**/changes/**", lambda route: route.abort())
    box(here).fill("A long draft")
    here.context.clear_cookies()
    here.row(other).locator("a").click()
    expect(here.page).to_have_url(re.compile(r"/admin/login/\?next=" + re.escape(at(thread))))
    here.page.locator("[name=username]").fill(alice.username)
    here.page.locator("[name=password]").fill(factories.PASSWORD)
    here.page.locator("[type=submit]").click()
    expect(here.talk_of(thread)).to_be_visible()
    expect(box(here)).to_have_value("A long draft")


def test_the_poll_notices_a_lost_session_too(desk: MakeDesk, alice: User, thread: Thread) -> None:
    here = desk(alice).open(thread)
    expect(box(here)).to_be_visible()
    here.context.clear_cookies()
    expect(here.page).to_have_url(re.compile("/admin/login/"))


def test_a_file_for_a_template_is_looked_at_before_it_is_handed_over(
    desk: MakeDesk, alice: User, thread: Thread, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    components = [{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "Look at this"}]
    factories.a_template("picture", components=components)
    here = desk(alice).open(thread)
    here.page.locator("#wa-foot [data-template]").click()
    dialog = here.page.get_by_role("dialog")
    dialog.get_by_text("picture").click()
    send, chosen = dialog.get_by_role("button", name="Send template"), dialog.locator("[type=file]")
    chosen.set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": PDF})
    expect(dialog.get_by_text("This is no photo. Choose another file.")).to_be_visible()
    expect(send).to_be_disabled()
    chosen.set_input_files({"name": "chair.jpg", "mimeType": "image/jpeg", "buffer": JPEG})
    expect(dialog.locator(".wa-phone")).to_contain_text("chair.jpg")
    expect(dialog.get_by_label("or its https address")).to_have_value("")
    expect(dialog.get_by_label("or its https address")).to_be_disabled()
    way: list[Route] = []
    here.page.route(f"**{at(thread, 'template/')}*", lambda route: way.append(route))
    send.click()
    expect(dialog.get_by_role("progressbar", name="Upload of the file")).to_be_visible()
    way[0].abort()
    expect(here.page.locator(".wa-toast")).to_have_text("No connection. Try again in a moment.")
    expect(dialog.get_by_role("progressbar")).to_have_count(0)
    here.page.unroute_all()
    send.click()
    expect(dialog).to_be_hidden()
    expect(here.bubbles().last).to_contain_text("Look at this")
    assert MediaFile.objects.get().filename == "chair.jpg"
    assert all("ERR_FAILED" in problem for problem in here.problems)  # the broken connection


def test_on_a_phone_one_takes_over_answers_and_sends_a_template(
    desk: MakeDesk, alice: User
) -> None:
    thread = another()
    factories.a_template()
    here = desk(alice, width=390, height=844, touch=True).open()
    here.choose(thread)
    expect(here.page.locator("#wa-foot kbd")).to_be_hidden()  # a phone has no keys
    here.page.locator("#wa-foot").get_by_role("button", name="Take over").click()
    box(here).fill("Hello from my phone")
    here.page.get_by_role("button", name="Send", exact=True).click()
    expect(here.page.locator(".wa-bubble.out")).to_have_count(1)
    here.page.locator("#wa-foot [data-template]").click()
    dialog = here.page.get_by_role("dialog")
    dialog.get_by_text("invoice_overdue").click()
    dialog.get_by_label("Body {{1}}").fill("Pieter")
    dialog.get_by_label("Body {{2}}").fill("R 1.00")
    dialog.get_by_role("button", name="Send template").click()
    expect(here.page.locator(".wa-bubble.out")).to_have_count(2)
    assert here.value("document.documentElement.scrollWidth") == 390


def test_the_window_shuts_while_one_looks_and_the_foot_changes(
    desk: MakeDesk, alice: User, thread: Thread
) -> None:
    Thread.objects.update(window_closes_at=clock.now() + timedelta(seconds=6))
    here = desk(alice).open(thread)
    expect(here.page.locator(".wa-banner")).to_have_class(re.compile("amber"))
    expect(box(here)).to_be_visible()
    expect(here.page.get_by_role("link", name="Choose template")).to_be_visible()
    expect(here.page.locator(".wa-banner")).to_contain_text("24-hour window closed")
    # The customer writes, and the box is back by itself.
    factories.an_inbound(Thread.objects.get())
    changes.record(thread.pk, Message.objects.latest("pk").pk)
    expect(box(here)).to_be_visible()
