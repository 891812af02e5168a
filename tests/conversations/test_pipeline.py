"""From what a customer asked to what they are answered, through the real job."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from billing.models import Account, Invoice
from conversations import clock, consent, jobs, leases, menu, receipts, takeover, taps
from conversations.models import ConsentEntry, Contact, Message, Thread
from conversations.pipeline import routes
from conversations.pipeline.turn import turn_of
from tests.assistant.claude_server import ClaudeServer, fails, hands_over, refuses
from tests.cloud_api_server import CloudApiServer
from tests.factories import (
    a_contact,
    a_phone_number,
    a_thread,
    an_agent,
    an_inbound,
    an_outbound,
)
from tests.webhooks import NUMBER, button_tap, list_tap, message, quick_reply, receive, text

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("meta")]

THANDI = "27821234567"


@pytest.fixture(autouse=True)
def number() -> None:
    a_phone_number(phone_number_id=NUMBER)


def says(*messages: Any) -> Thread:
    """The customer sends this; the quiet period is over."""
    receive(*messages)
    thread = Thread.objects.get()
    if thread.reply_due_at:
        Thread.objects.update(reply_due_at=timezone.now())
    return thread


def ask(*messages: Any) -> Thread:
    """The customer sends this, and the job for the thread runs."""
    thread = says(*messages)
    jobs.reply(thread.pk)
    thread.refresh_from_db()
    return thread


def the_answers() -> list[Message]:
    return list(Message.objects.filter(direction="out").order_by("id"))


def the_answer() -> Message:
    (answer,) = the_answers()
    return answer


def owe(wa_id: str, *amounts: str) -> Account:
    """Thandi's account with open invoices, one a week apart, the first long overdue."""
    contact = a_contact("Thandi Nkosi", wa_id=wa_id)
    account = Account.objects.create(name="Thandi")
    account.contacts.add(contact)
    for number, amount in enumerate(amounts):
        due = clock.today() - timedelta(days=20 - 7 * number)
        Invoice.objects.create(
            number=f"INV-{wa_id[-3:]}-{number}",
            account=account,
            amount=amount,
            issued_on=due - timedelta(days=30),
            due_on=due,
        )
    return account


# routes without a model


def test_who_asks_what_they_owe_gets_buttons_about_their_own_invoices() -> None:
    owe(THANDI, "450.00", "120.50")
    owe("27829999999", "99999.00")
    ask(text(THANDI, "Do I still owe you anything?"))
    answer = the_answer()
    assert answer.kind == "buttons"
    assert "Hi Thandi, you have 2 open invoices." in answer.text
    titles = [one["reply"]["title"] for one in answer.content["interactive"]["action"]["buttons"]]
    assert titles == ["View invoices", "Pay now"]


def test_view_invoices_shows_their_own_and_nobody_elses() -> None:
    owe(THANDI, "450.00")
    owe("27829999999", "99999.00")
    ask(button_tap(THANDI, "view_invoices", "View invoices"))
    assert "INV-567-0" in the_answer().text
    assert "99" not in the_answer().text.replace("R 450.00", "")


def test_a_greeting_gets_the_menu() -> None:
    ask(text(THANDI, "Hello"))
    interactive = the_answer().content["interactive"]
    assert interactive["type"] == "list"
    assert interactive["header"]["text"] == "Karoo Office Supplies"
    assert interactive["action"]["button"] == "View options"
    assert interactive["footer"]["text"] == "Select an option"
    sections = {one["title"]: one["rows"] for one in interactive["action"]["sections"]}
    assert [row["id"] for row in sections["Account & Billing"]] == [
        "check_invoice",
        "payment_history",
        "update_details",
    ]
    assert [row["id"] for row in sections["Orders & Delivery"]] == ["track_order", "new_order"]
    assert all(row["description"] for rows in sections.values() for row in rows)


@pytest.mark.parametrize(
    "row", ["check_invoice", "payment_history", "update_details", "track_order", "new_order"]
)
def test_every_row_of_the_menu_is_answered_or_handed_over_with_a_reason(row: str) -> None:
    thread = ask(list_tap(THANDI, row, "A title"))
    assert the_answers()
    if thread.mode == Thread.Mode.WAITING:
        assert thread.events.get().reason
    else:
        assert thread.mode == Thread.Mode.BOT


def test_a_template_quick_reply_is_routed_like_a_button() -> None:
    owe(THANDI, "450.00")
    ask(quick_reply(THANDI, "view_invoices", "Show me"))
    assert "INV-567-0" in the_answer().text


@pytest.mark.parametrize("tapped", ["nonsense", "view_invoice.1:abc:def", ":::", ""])
def test_an_id_that_is_not_ours_gets_a_fresh_menu(tapped: str) -> None:
    ask(button_tap(THANDI, tapped, "Do it"))
    assert menu.FRESH in the_answer().text
    assert the_answer().kind == "list"


def test_an_id_that_was_minted_for_somebody_else_gets_a_fresh_menu() -> None:
    foreign = taps.mint("view_invoices", 1, a_contact())
    ask(button_tap(THANDI, foreign, "View"))
    assert menu.FRESH in the_answer().text


@pytest.mark.parametrize(
    "words", ["I want to talk to a person", "Can I speak to a human please", "human"]
)
def test_who_asks_for_a_person_gets_one(words: str) -> None:
    thread = ask(text(THANDI, words))
    assert thread.mode == Thread.Mode.WAITING
    assert the_answer().text == routes.PERSON_TEXT


def test_stop_is_kept_with_its_proof_and_confirmed_once() -> None:
    thread = ask(text(THANDI, "STOP"))
    entries = ConsentEntry.objects.filter(contact=thread.contact, is_granted=False)
    assert {entry.purpose for entry in entries} == {"marketing", "service"}
    assert {entry.message for entry in entries} == {Message.objects.get(direction="in")}
    assert the_answer().text == routes.STOP_TEXT


@pytest.mark.parametrize(
    ("kind", "content"), [("text", {"body": "please"}), ("sticker", {"id": "1"})]
)
def test_stop_is_obeyed_and_confirmed_whatever_comes_with_it(
    kind: str, content: dict[str, str]
) -> None:
    thread = ask(text(THANDI, "STOP"), message(THANDI, kind, content))
    assert consent.withdrawn(thread.contact) == {"marketing", "service"}
    assert the_answer().text == routes.STOP_TEXT


@pytest.mark.parametrize("mode", ["waiting", "staff"])
def test_stop_is_obeyed_while_a_person_has_the_thread(mode: str) -> None:
    thread = a_thread(contact=a_contact(wa_id=THANDI), mode=mode)
    says(text(THANDI, "unsubscribe"))
    assert consent.withdrawn(thread.contact) == {"marketing", "service"}


def test_the_stop_button_of_a_template_is_obeyed() -> None:
    thread = ask(quick_reply(THANDI, "Stop", "Stop"))
    assert consent.withdrawn(thread.contact)
    assert the_answer().text == routes.STOP_TEXT


def test_a_template_button_without_a_payload_of_ours_is_what_it_says() -> None:
    thread = ask(quick_reply(THANDI, "Talk to a person", "Talk to a person"))
    assert thread.mode == Thread.Mode.WAITING
    assert thread.events.get().reason == "Asked for a person."


def test_a_sticker_after_a_tap_hides_it_not() -> None:
    owe(THANDI, "450.00")
    tapped = button_tap(THANDI, "view_invoices", "View invoices")
    ask(tapped, message(THANDI, "sticker", {"id": "1"}))
    assert "INV-567-0" in the_answer().text


def test_who_writes_on_and_on_is_not_given_up() -> None:
    thread = says(text(THANDI, "Hello"))
    claim = leases.claim(thread.pk)
    assert claim is not None
    leases.give_back(claim)
    thread.refresh_from_db()
    assert thread.attempts == 0


def test_an_old_message_that_is_sent_again_is_no_answer() -> None:
    thread = says(text(THANDI, "Hello"))
    an_outbound(thread, "From yesterday", trace={"again": 1})
    jobs.reply(thread.pk)
    assert Message.objects.filter(origin="assistant").count() == 1


def test_the_menu_is_no_answer_twice() -> None:
    thread = ask(text(THANDI, "thank you so much, lovely weather"))
    assert the_answer().trace["route"] == "fallback_menu"
    ask(text(THANDI, "thank you so much, lovely weather"))
    thread.refresh_from_db()
    assert thread.mode == Thread.Mode.WAITING


def test_a_picture_hands_over_with_one_line_a_day() -> None:
    thread = ask(message(THANDI, "image", {"id": "1"}))
    assert (thread.mode, the_answer().text) == (Thread.Mode.WAITING, routes.UNREADABLE_TEXT)
    takeover.release(thread, by=an_agent())
    ask(message(THANDI, "image", {"id": "2"}))
    thread.refresh_from_db()
    assert thread.mode == Thread.Mode.WAITING
    assert len(the_answers()) == 1


def test_a_line_that_a_dead_worker_never_sent_is_said_by_the_next() -> None:
    thread = says(message(THANDI, "image", {"id": "1"}))
    turn = turn_of(thread)
    assert turn is not None
    routes.route(turn)  # as far as the dead one came
    jobs.reply(thread.pk)
    assert the_answer().text == routes.UNREADABLE_TEXT


def test_the_words_under_a_picture_are_answered() -> None:
    owe(THANDI, "450.00")
    ask(message(THANDI, "image", {"id": "1", "caption": "what do I still owe you?"}))
    assert "1 open invoice." in the_answer().text


def test_the_next_day_the_line_is_said_again() -> None:
    thread = ask(message(THANDI, "image", {"id": "1"}))
    takeover.release(thread, by=an_agent())
    Thread.objects.update(unreadable_said_at=clock.now() - timedelta(hours=25))
    ask(message(THANDI, "image", {"id": "2"}))
    assert len(the_answers()) == 2


# once, and only when it is due


def test_a_burst_gets_one_answer_that_has_seen_all_of_it() -> None:
    owe(THANDI, "450.00")
    thread = ask(text(THANDI, "Hi"), text(THANDI, "how are you"), text(THANDI, "what do I owe?"))
    assert the_answer().in_reply_to == thread.messages.filter(direction="in").last()
    assert "1 open invoice." in the_answer().text


def test_nothing_is_answered_before_the_quiet_period_is_over() -> None:
    receive(text(THANDI, "Hello"))
    thread = Thread.objects.get()
    Thread.objects.update(woken_until=timezone.now() + timedelta(seconds=30))
    jobs.reply(thread.pk)
    thread.refresh_from_db()
    assert (the_answers(), thread.woken_until) == ([], None)


def test_the_blocked_are_not_answered_and_nobody_is_called() -> None:
    thread = says(text(THANDI, "Hello"))
    Contact.objects.update(is_blocked=True)
    jobs.reply(thread.pk)
    thread.refresh_from_db()
    assert (the_answers(), thread.mode, thread.reply_due_at) == ([], Thread.Mode.BOT, None)


def test_the_job_twice_is_one_answer() -> None:
    thread = ask(text(THANDI, "Hello"))
    jobs.reply(thread.pk)
    assert len(the_answers()) == 1
    assert (thread.reply_due_at, thread.lease_token, thread.attempts) == (None, None, 0)


def test_eight_jobs_at_once_are_one_answer(meta: CloudApiServer) -> None:
    thread = says(text(THANDI, "Hello"))
    start = threading.Barrier(8)

    def job() -> None:
        start.wait()
        jobs.reply(thread.pk)
        connection.close()

    threads = [threading.Thread(target=job) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (len(the_answers()), len(meta.sends)) == (1, 1)


def test_the_answer_is_posted_by_the_job_itself(meta: CloudApiServer) -> None:
    ask(text(THANDI, "Hello"))
    assert meta.sends[0]["biz_opaque_callback_data"] == str(the_answer().reference)


def test_what_a_reminder_said_meanwhile_is_no_answer() -> None:
    thread = says(text(THANDI, "Hello"))
    wire = {"type": "template", "template": {"name": "x", "language": {"code": "en_ZA"}}}
    an_outbound(thread, kind="template", content=wire, origin=Message.Origin.SYSTEM)
    jobs.reply(thread.pk)
    assert Message.objects.filter(origin="assistant").count() == 1


def test_after_three_attempts_without_an_end_a_person_gets_it() -> None:
    thread = says(text(THANDI, "Hello"))
    Thread.objects.update(attempts=3)
    jobs.reply(thread.pk)
    thread.refresh_from_db()
    assert thread.mode == Thread.Mode.WAITING
    assert the_answer().text == routes.PERSON_TEXT


def test_a_message_that_was_a_day_late_cannot_be_answered_and_needs_a_person() -> None:
    late = clock.now() - timedelta(hours=30)
    thread = ask(text(THANDI, "Hello", at=int(late.timestamp())))
    assert (thread.mode, the_answers()) == (Thread.Mode.WAITING, [])
    assert "24-hour" in thread.events.get().reason


# with Claude


QUESTION = "Which of the two desks would suit a small flat better?"


def test_what_no_route_knows_claude_answers(claude: ClaudeServer, meta: CloudApiServer) -> None:
    claude.say("The smaller one, I would say.")
    thread = ask(text(THANDI, QUESTION))
    assert the_answer().text == "The smaller one, I would say."
    assert the_answer().trace["route"] == "model"
    assert thread.mode == Thread.Mode.BOT
    assert meta.reads[-1]["typing_indicator"] == {"type": "text"}


def test_what_claude_says_at_too_great_length_goes_out_in_parts(claude: ClaudeServer) -> None:
    said = "The smaller one, I would say. " * 200
    claude.say(said)
    ask(text(THANDI, QUESTION))
    parts = [answer.text for answer in the_answers()]
    assert [len(part) <= 4096 for part in parts] == [True, True]
    assert " ".join(parts) == said.strip()


def test_a_read_mark_that_hangs_costs_the_answer_less_than_its_lease(
    claude: ClaudeServer, meta: CloudApiServer
) -> None:
    assert sum(receipts.PATIENCE_SECONDS) + 20 < leases.LEASE.total_seconds()
    meta.read_marks_hang_until = threading.Event()
    claude.say("The smaller one, I would say.")
    began = time.monotonic()
    ask(text(THANDI, QUESTION))
    meta.read_marks_hang_until.set()
    assert the_answer().text == "The smaller one, I would say."
    assert time.monotonic() - began < 12  # the usual time-out is 15


def test_claude_sees_this_customers_facts_and_nobody_elses(claude: ClaudeServer) -> None:
    owe(THANDI, "450.00")
    owe("27829999999", "99999.00")
    ask(text(THANDI, QUESTION))
    asked = str(claude.requests[0].body)
    assert "450.00" in asked
    assert "99,999" not in asked
    assert THANDI not in asked


def test_claude_sees_the_last_turns_as_turns(claude: ClaudeServer) -> None:
    thread = a_thread(contact=a_contact(wa_id=THANDI))
    an_inbound(thread, "Do you sell desks?", sent_at=clock.now() - timedelta(minutes=9))
    an_outbound(thread, "We do.", sent_at=clock.now() - timedelta(minutes=8))
    ask(text(THANDI, QUESTION))
    turns = [(turn["role"], turn["content"]) for turn in claude.requests[0].body["messages"]]
    assert [role for role, _ in turns] == ["user", "assistant", "user"]
    assert "Do you sell desks?" in str(turns[0][1])


def test_turns_of_the_day_before_are_another_conversation(claude: ClaudeServer) -> None:
    thread = a_thread(contact=a_contact(wa_id=THANDI))
    an_inbound(thread, "Old words", sent_at=clock.now() - timedelta(hours=25))
    an_outbound(thread, "Old answer", sent_at=clock.now() - timedelta(hours=24, minutes=30))
    ask(text(THANDI, QUESTION))
    assert len(claude.requests[0].body["messages"]) == 1
    assert "Old" not in str(claude.requests[0].body["messages"])


def test_a_figure_that_no_record_backs_is_not_sent(claude: ClaudeServer) -> None:
    owe(THANDI, "450.00")
    claude.say("You owe us R 4,500.00 only.")
    thread = ask(text(THANDI, QUESTION))
    assert thread.mode == Thread.Mode.WAITING
    assert the_answer().text == routes.PERSON_TEXT
    assert the_answer().trace["unbacked"]


def test_claude_may_ask_for_a_person(claude: ClaudeServer) -> None:
    claude.script([hands_over("complaint", "Wants a refund.", text="Oh, that is sad to hear.")])
    thread = ask(text(THANDI, QUESTION))
    assert thread.mode == Thread.Mode.WAITING
    assert the_answer().text == f"Oh, that is sad to hear.\n\n{routes.PERSON_TEXT}"
    assert "refund" in thread.events.get().reason


@pytest.mark.parametrize("step", [fails(401), fails(529, retry_after="3600"), refuses()])
def test_when_claude_cannot_the_customer_is_answered_and_staff_see_why(
    claude: ClaudeServer, step: Any
) -> None:
    claude.default = step
    thread = ask(text(THANDI, QUESTION))
    assert thread.mode == Thread.Mode.WAITING
    assert the_answer().text == routes.PERSON_TEXT
    assert the_answer().trace["unavailable"]
    assert thread.events.get().reason


def test_without_a_key_the_customer_is_answered_and_staff_see_why() -> None:
    thread = ask(text(THANDI, QUESTION))
    assert thread.mode == Thread.Mode.WAITING
    assert "no_key" in thread.events.get().reason
    assert the_answers()


# the world changes while Claude writes


class Writing:
    """The job at work, with Claude's answer kept back until the test lets it go."""

    def __init__(self, claude: ClaudeServer, thread: Thread) -> None:
        self._held = claude.hold("Here is my answer.")
        self._job = threading.Thread(target=self._run, args=[thread.pk])

    def _run(self, thread_id: int) -> None:
        jobs.reply(thread_id)
        connection.close()

    def __enter__(self) -> None:
        self._job.start()
        assert self._held.arrived.wait(10)

    def __exit__(self, *_: object) -> None:
        self._held.release()
        self._job.join(10)


def test_after_a_take_over_the_answer_that_was_being_written_never_arrives(
    claude: ClaudeServer, meta: CloudApiServer
) -> None:
    thread = says(text(THANDI, QUESTION))
    with Writing(claude, thread):
        takeover.take(thread, by=an_agent())
    assert (the_answers(), meta.sends) == ([], [])
    dropped = thread.events.get(kind="dropped")
    assert dropped.reason == "A person has taken over."


def test_a_newer_message_voids_the_answer_and_one_later_answer_covers_both(
    claude: ClaudeServer,
) -> None:
    thread = says(text(THANDI, QUESTION))
    with Writing(claude, thread):
        receive(text(THANDI, "Or a bigger one?"))
    assert the_answers() == []
    assert thread.events.get(kind="dropped").reason == "The customer wrote something newer."
    Thread.objects.update(reply_due_at=timezone.now())
    claude.say("The bigger one then.")
    jobs.reply(thread.pk)
    assert the_answer().text == "The bigger one then."
    assert "small flat" in str(claude.requests[-1].body["messages"])


def test_an_answer_whose_lease_went_to_somebody_else_is_dropped(claude: ClaudeServer) -> None:
    thread = says(text(THANDI, QUESTION))
    with Writing(claude, thread):
        Thread.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        claude.say("From the second worker.")
        jobs.reply(thread.pk)
    assert the_answer().text == "From the second worker."


def test_the_thread_is_not_locked_while_claude_writes(claude: ClaudeServer) -> None:
    thread = says(text(THANDI, QUESTION))
    with Writing(claude, thread), connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '500ms'")
        Thread.objects.filter(pk=thread.pk).update(preview="not locked")
    thread.refresh_from_db()
    assert thread.messages.filter(direction="out").exists()
