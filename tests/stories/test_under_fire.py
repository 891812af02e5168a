"""Processes are killed while customers write: nothing is lost, nothing is sent twice."""

import json
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator

import psutil
import pytest
import requests

from conversations.whatsapp import signature
from tests import webhooks
from tests.assistant.claude_server import ClaudeServer
from tests.processes.running import Console
from tests.stories.people import Customer, sends_to_meta, thread_of, until, value_of

pytestmark = [pytest.mark.processes, pytest.mark.usefixtures("embedded_database")]

MAKE_NUMBER = """
from conversations.models import PhoneNumber
PhoneNumber.objects.create(phone_number_id="100000000000001", waba_id="200000000000001")
"""
QUESTION = "Which of the two desks would suit a small flat better?"


@pytest.fixture
def claude() -> Iterator[ClaudeServer]:
    with ClaudeServer() as server:
        yield server


@pytest.fixture
def console(claude: ClaudeServer) -> Iterator[Console]:
    env = {"AI_GATEWAY_URL": claude.url, "ANTHROPIC_API_KEY": "sk-test"}
    with Console(simulator=True, env=env) as running:
        running.manage("shell", "-c", MAKE_NUMBER)
        yield running


def answers_by_customer(console: Console) -> Counter[str]:
    """How many messages the simulator was sent for each customer."""
    return Counter(message["wa_id"] for message in sends_to_meta(console))


def test_eighty_posts_of_one_webhook_are_one_message_and_one_answer(console: Console) -> None:
    customer = Customer(console, "27600000101", "Anele")
    said = webhooks.text(customer.wa_id, "Hello", at=int(time.time()))
    body = json.dumps(webhooks.envelope(webhooks.value(messages=[said]))).encode()
    headers = {
        "Content-Type": "application/json",
        "X-Hub-Signature-256": signature.sign(body, "demo-app-secret"),
    }
    start, statuses = threading.Barrier(8), []

    def post_ten_times() -> None:
        with requests.Session() as session:
            session.trust_env = False
            start.wait()
            for _ in range(10):
                url = f"{console.url}/webhooks/whatsapp/"
                statuses.append(session.post(url, body, headers=headers, timeout=20).status_code)

    threads = [threading.Thread(target=post_ten_times) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 80
    key = thread_of(console, customer.wa_id)
    until(lambda: answers_by_customer(console)[customer.wa_id], what="the answer")
    time.sleep(1)  # a second answer would come now
    inbound = "SELECT count(*) FROM conversations_message WHERE thread_id = %s AND direction = 'in'"
    assert value_of(console, inbound, key) == 1
    assert answers_by_customer(console)[customer.wa_id] == 1


def test_a_worker_killed_while_it_answers_is_made_good_within_45_seconds(
    console: Console, claude: ClaudeServer
) -> None:
    held = claude.hold("From the worker that died.")
    claude.say("The smaller one, I would say.")
    customer = Customer(console, "27600000102", "Naledi")
    customer.says(QUESTION)
    assert held.arrived.wait(20)
    killed_at = time.monotonic()
    for pid in busy_workers(console):
        psutil.Process(pid).send_signal(signal.SIGKILL)
    customer.waits_for("The smaller one", seconds=45)
    assert time.monotonic() - killed_at < 45
    held.release()
    time.sleep(1)  # what the dead worker was about to say would come now
    assert answers_by_customer(console)[customer.wa_id] == 1


def busy_workers(console: Console) -> list[int]:
    """The workers that are talking to Claude: those with a connection to it."""
    port = int(console.env["AI_GATEWAY_URL"].rpartition(":")[2])
    return [pid for pid in console.worker_pids() if port in remote_ports(pid)]


def remote_ports(pid: int) -> set[int]:
    links = psutil.Process(pid).net_connections(kind="tcp")
    return {link.raddr[1] for link in links if len(link.raddr)}


def test_killing_each_part_in_turn_loses_nothing_and_doubles_nothing(
    console: Console, claude: ClaudeServer
) -> None:
    customers = [Customer(console, f"2760000020{n}", f"Customer {n}") for n in range(6)]
    for round_, part in enumerate(("worker", "dispatch", "web")):
        for customer in customers:
            claude.say("Let me see.")
            customer.says(f"{QUESTION} Question {round_}.")
        time.sleep(0.4 * (round_ + 1))
        console.kill(part)
        until(lambda: everything_answered(console, customers), seconds=90, what="all answers")
    said = "SELECT count(*) FROM conversations_message WHERE direction = 'in'"
    until(lambda: value_of(console, said) == 18, seconds=60, what="all that was said")
    until(lambda: everything_answered(console, customers), seconds=90, what="all answers")
    posted = [message["biz_opaque_callback_data"] for message in sends_to_meta(console)]
    assert len(posted) == len(set(posted))
    assert all(count <= 3 for count in answers_by_customer(console).values())


def everything_answered(console: Console, customers: list[Customer]) -> bool:
    """Whether each thread has an answer to its newest message, or a person was called."""
    rows = console.query(
        "SELECT thread.id FROM conversations_thread AS thread WHERE thread.mode = 'waiting'"
        " OR EXISTS (SELECT 1 FROM conversations_message AS answer"
        "  WHERE answer.thread_id = thread.id AND answer.direction = 'out'"
        "  AND answer.status <> 'queued' AND answer.id > ("
        "   SELECT max(id) FROM conversations_message AS question"
        "   WHERE question.thread_id = thread.id AND question.direction = 'in'))"
    )
    return len(rows) == len(customers)
