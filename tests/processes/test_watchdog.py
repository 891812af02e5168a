"""A cluster in django-q2's dead-lock is ended and replaced; a busy one is left alone."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from conversations.whatsapp import signature
from tests import webhooks
from tests.processes.running import Console
from tests.processes.waiting import is_alive, wait_for

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
]

A_NUMBER = (
    "from tests import factories, webhooks; "
    "factories.a_phone_number(phone_number_id=webhooks.NUMBER)"
)


@pytest.fixture
def console(embedded_database: None) -> Iterator[Console]:
    with Console() as console:
        console.manage("shell", "-c", A_NUMBER)
        yield console


def write_as_a_customer(console: Console, text: str = "Good morning") -> None:
    event = webhooks.text("27820000001", text, at=int(time.time()))
    body = json.dumps(webhooks.envelope(webhooks.value(messages=[event]))).encode()
    signed = {"X-Hub-Signature-256": signature.sign(body, "demo-app-secret")}
    answer = requests.post(f"{console.url}{webhooks.URL}", body, headers=signed, timeout=10)
    assert answer.text == "EVENT_RECEIVED"


def was_answered(console: Console) -> bool:
    return bool(console.query("SELECT 1 FROM conversations_message WHERE direction = 'out'"))


def next_in_line(console: Console) -> int | None:
    """The idle worker that holds the lock of the queue: it waits in a read of the pipe."""
    for pid in console.worker_pids():
        if "pipe" in Path(f"/proc/{pid}/wchan").read_text():
            return pid
    return None


def test_the_dead_lock_of_a_killed_idle_worker_is_over_within_25_seconds(console: Console) -> None:
    cluster = console.pids("worker")
    os.kill(wait_for(lambda: next_in_line(console), what="an idle worker"), signal.SIGKILL)
    write_as_a_customer(console)

    noticed = seconds_until(lambda: "worker is stuck" in console.log())
    # How long Python takes to start is the machine's business: 2 s, or 20 on one that is busy.
    seconds_until(lambda: console.worker_pids() and not any(map(is_alive, cluster)))
    answered = seconds_until(lambda: was_answered(console))

    assert noticed + answered < 25


def seconds_until(look: Callable[[], object]) -> float:
    began = time.monotonic()
    wait_for(look, seconds=90)
    return time.monotonic() - began


def test_an_idle_cluster_is_not_blamed_for_the_stuck_one_of_another_host(console: Console) -> None:
    here = {"DATABASE_URL": console.database_url}
    with Console(only=("worker",), env=here) as other:
        # The first host's cluster takes what comes, works no more, and nobody there notices.
        stuck = [console.pids("serve")[0], *console.worker_pids()]
        with held(stuck):
            with held(other.pids("worker")):
                write_as_a_customer(console)
                wait_for(lambda: was_taken(console), what="the wake to be taken")
            wait_for(lambda: was_answered(console), seconds=60, what="the answer")
        assert "stuck" not in other.log()


@contextmanager
def held(pids: list[int]) -> Iterator[None]:
    """These processes stand still inside the block."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def was_taken(console: Console) -> bool:
    """Whether the customer's thread was woken, and a cluster has the wake in its hands."""
    woken = console.query("SELECT 1 FROM conversations_thread WHERE woken_until > now()")
    return bool(woken) and not console.query("SELECT 1 FROM django_q_ormq WHERE lock < now()")


def test_a_cluster_busy_with_long_jobs_and_a_backlog_is_left_alone(console: Console) -> None:
    console.manage(
        *("shell", "-c"),
        "from django_q.tasks import async_task\n"
        "for _ in range(2): async_task('time.sleep', 24)\n"
        "for _ in range(40): async_task('time.sleep', 0.1)\n",
    )
    cluster = console.pids("worker")[0]
    write_as_a_customer(console)

    wait_for(lambda: was_answered(console), seconds=60, what="the answer")

    assert console.pids("worker")[0] == cluster
    assert "stuck" not in console.log()
