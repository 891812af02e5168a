"""The whole path with real processes: a customer asks, is answered, and staff take part."""

from collections.abc import Iterator

import pytest

from tests.assistant.claude_server import ClaudeServer
from tests.processes.running import Console
from tests.stories.people import Customer, Staff, jump, sends_to_meta, thread_of, until, value_of

pytestmark = [pytest.mark.processes, pytest.mark.usefixtures("embedded_database")]

LOAD_DEMO = "from waconsole import demo_data; demo_data.load()"
THANDI = "27821230001"
STRANGER = "27600000001"


@pytest.fixture(scope="module")
def claude() -> Iterator[ClaudeServer]:
    with ClaudeServer() as server:
        yield server


@pytest.fixture(scope="module")
def console(claude: ClaudeServer) -> Iterator[Console]:
    """The console with the demo's business in it, and Claude on loopback behind its gateway."""
    env = {
        "AI_GATEWAY_URL": claude.url,
        "ANTHROPIC_API_KEY": "sk-test",
        "BANK_DETAILS": "Karoo Bank, account 12 345 678",
        "STAFF_SILENCE_HOURS": "72",  # the clock jumps a day, and staff keep what they took
    }
    with Console(simulator=True, env=env) as running:
        running.manage("shell", "-c", LOAD_DEMO)
        yield running


def test_a_customer_asks_what_is_owed_and_looks_at_the_invoices(console: Console) -> None:
    thandi = Customer(console, THANDI, "Thandi Mokoena")
    thandi.says("do I still owe you anything?")
    offer = thandi.waits_for("open invoice")
    assert "Hi Thandi, you have" in str(offer)
    thandi.taps("View invoices")
    shown = thandi.waits_for("INV-", seconds=20)
    own = console.query(
        "SELECT invoice.number FROM billing_invoice AS invoice"
        " JOIN billing_account_contacts AS link ON link.account_id = invoice.account_id"
        " JOIN conversations_contact AS contact ON contact.id = link.contact_id"
        " WHERE contact.wa_id = %s",
        THANDI,
    )
    others = console.query("SELECT number FROM billing_invoice")
    mine = {number for (number,) in own}
    assert any(number in str(shown) for number in mine)
    assert not any(number in str(shown) for (number,) in others if number not in mine)


def test_the_ticks_come_back(console: Console) -> None:
    customer = Customer(console, STRANGER, "Lwazi")
    customer.says("Hello")
    answer = customer.waits_for("View options")
    status = "SELECT status FROM conversations_message WHERE wamid = %s"
    until(lambda: value_of(console, status, answer["wamid"]) == "delivered", what="two ticks")
    customer.looks()
    until(lambda: value_of(console, status, answer["wamid"]) == "read", what="blue ticks")


def test_three_messages_in_a_breath_get_one_answer(console: Console) -> None:
    customer = Customer(console, "27600000002", "Anele")
    for words in ("Hi", "hello", "good morning"):
        customer.says(words)
    customer.waits_for("View options")
    thread = thread_of(console, customer.wa_id)
    due = "SELECT reply_due_at IS NULL FROM conversations_thread WHERE id = %s"
    until(lambda: value_of(console, due, thread), what="nothing more to be owed")
    assert len(customer.sees()) == 1


def test_staff_take_over_while_the_assistant_writes(console: Console, claude: ClaudeServer) -> None:
    held = claude.hold("This must never arrive.")
    customer = Customer(console, "27600000003", "Naledi")
    sam = Staff(console, "sam", "demo-sam")
    customer.says("Which of the two desks would suit a small flat better?")
    assert held.arrived.wait(20)
    thread = thread_of(console, customer.wa_id)
    assert sam.takes_over(thread).status_code == 200
    held.release()
    assert sam.writes(thread, "The smaller one. Shall I keep it for you?").status_code == 200
    customer.waits_for("The smaller one")
    dropped = "SELECT count(*) FROM conversations_threadevent WHERE thread_id = %s AND kind = %s"
    until(lambda: value_of(console, dropped, thread, "dropped"), what="the dropped answer")
    assert "never arrive" not in str(sends_to_meta(console))
    assert sam.hands_back(thread).status_code == 200
    claude.say("We open at eight tomorrow.")
    customer.says("And when could I come and see which one suits me better?")
    customer.waits_for("We open at eight tomorrow.")


def test_of_two_who_take_over_the_second_is_told(console: Console) -> None:
    customer = Customer(console, "27600000004", "Themba")
    customer.says("I want to talk to a person please")
    thread = thread_of(console, customer.wa_id)
    sam, kim = Staff(console, "sam", "demo-sam"), Staff(console, "priya", "demo-priya")
    assert sam.takes_over(thread).status_code == 200
    second = kim.takes_over(thread)
    assert second.status_code == 409
    assert "Sam" in second.text


def test_after_a_day_only_a_template_goes_through(console: Console) -> None:
    customer = Customer(console, "27600000005", "Palesa")
    customer.says("I want to talk to a person please")
    customer.waits_for("colleague")
    thread, sam = thread_of(console, customer.wa_id), Staff(console, "sam", "demo-sam")
    assert sam.takes_over(thread).status_code == 200
    try:
        jump(console, 25 * 3600)
        page = sam.page(thread)
        assert "Choose template" in page
        assert 'id="wa-text"' not in page  # a note for colleagues may be written still
        refused = sam.writes(thread, "Are you still there?")
        assert refused.status_code == 409
        assert "window" in refused.text
        template = value_of(
            console,
            "SELECT id FROM conversations_messagetemplate WHERE name = 'invoice_overdue'",
        )
        fields = {"template": str(template), "v.1": "Palesa", "v.2": "R 450.00"}
        sent = sam.sends_template(thread, fields)
        assert sent.status_code == 200, sent.text
        customer.waits_for("Hi Palesa, your invoice for R 450.00 is overdue.")
    finally:
        jump(console, -25 * 3600)
    assert "Are you still there?" not in str(sends_to_meta(console))
