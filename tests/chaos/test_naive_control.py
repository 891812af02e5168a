"""The law condemns a job that does the POST itself: the chaos test can fail."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial

import pytest

from tests.chaos import evidence, naive
from tests.chaos.judgement import Answer, Evidence, judge
from tests.chaos.servers import OwnRedis
from tests.chaos.siege import MAKE_NUMBER, ask
from tests.processes.running import Console
from tests.processes.waiting import is_alive, wait_for

pytestmark = [pytest.mark.processes, pytest.mark.usefixtures("embedded_database")]

CUSTOMERS = 6
# Time enough to see that a message was accepted, and to kill its sender before it knows.
ANSWER_AFTER_MS = 2000


class Control(Console):
    """The simulator calls the naive door; no dispatch runs."""

    def __init__(self, *, redis_url: str = "") -> None:
        env = {"DJANGO_SETTINGS_MODULE": "tests.chaos.naive_settings", "REDIS_URL": redis_url}
        super().__init__(simulator=True, only=("web", "worker"), env=env)

    def _simulator_options(self) -> list[str]:
        return [*super()._simulator_options(), "--webhook-url", f"{self.url}{naive.URL}"]


@contextmanager
def everybody_writes(control: Control) -> Iterator[Control]:
    with control:
        control.manage("shell", "-c", MAKE_NUMBER)
        ask(control, "PATCH", "faults/", answer_after_ms=ANSWER_AFTER_MS)
        for number in range(CUSTOMERS):
            wa_id = f"2760000200{number}"
            ask(control, "POST", "customers/", wa_id=wa_id, name=f"Customer {number}")
            ask(control, "POST", f"customers/{wa_id}/messages/", type="text", text="Which desk?")
        yield control


def test_with_the_table_as_broker_it_sends_twice_what_a_killed_worker_had_sent() -> None:
    with everybody_writes(Control()) as control:
        killed = {naive.reference_of(kill_a_worker(control, naive.POSTING)) for _ in range(2)}
        wait_for(lambda: no_job_is_left(control), seconds=90, what="the end of all jobs")
        verdict = judge(what_is_known(control))
    assert killed <= set(verdict.sent_twice)
    assert verdict.without_a_row == verdict.unanswered == ()


@pytest.mark.redis
def test_with_redis_as_broker_it_never_answers_what_a_killed_worker_had_in_hand(
    need_redis: str,
) -> None:
    with OwnRedis(need_redis) as redis, everybody_writes(Control(redis_url=redis.url)) as control:
        killed = {kill_a_worker(control, naive.THINKING) for _ in range(2)}
        rest = CUSTOMERS - len(killed)
        # A kill can lock the whole cluster, which nobody watches here: then it answers no one else.
        with suppress(AssertionError):
            wait_for(lambda: redis.waiting() == 0 and accepted(control) >= rest, seconds=60)
        verdict = judge(what_is_known(control))
    assert killed <= set(verdict.unanswered)
    assert verdict.without_a_row == verdict.sent_twice == ()


def kill_a_worker(control: Control, doing: str) -> str:
    """The wamid that a worker was thinking about, or whose answer it had just POSTed."""

    def killed() -> str:
        at_it = ((pid, wamid) for pid, wamid in said(control, doing) if is_alive(pid))
        return next((wamid for pid, wamid in at_it if killed_at_it(control, doing, pid, wamid)), "")

    return wait_for(killed, seconds=60, what=f"a worker that is {doing}")


def killed_at_it(control: Control, doing: str, pid: int, wamid: str) -> bool:
    """Held still first, so that it does not go on between the look and the kill."""
    if not is_at_it(control, doing, wamid):
        return False
    os.kill(pid, signal.SIGSTOP)
    if not is_at_it(control, doing, wamid):
        os.kill(pid, signal.SIGCONT)
        return False
    os.kill(pid, signal.SIGKILL)
    wait_for(partial(has_ended, pid), what="its end")
    return True


def has_ended(pid: int) -> bool:
    return not is_alive(pid)


def said(control: Control, doing: str) -> list[tuple[int, str]]:
    """What the workers were about to do, oldest first: pid and wamid."""
    lines = re.findall(rf"naive {doing} pid=(\d+) wamid=(\S+)", control.log())
    return [(int(pid), wamid) for pid, wamid in lines]


def is_at_it(control: Control, doing: str, wamid: str) -> bool:
    """Whether it still thinks, or waits for the answer to what has arrived."""
    if doing == naive.THINKING:
        return wamid not in {posted for _, posted in said(control, naive.POSTING)}
    has_arrived = naive.reference_of(wamid) in references(control)
    return has_arrived and wamid not in {done for _, done in said(control, naive.DONE)}


def references(control: Control) -> list[str]:
    """Of all messages that reached the customers, oldest first."""
    sent = ask(control, "GET", "messages/?direction=out")
    return [message["biz_opaque_callback_data"] for message in sent]


def accepted(control: Control) -> int:
    return len(references(control))


def no_job_is_left(control: Control) -> bool:
    return control.query("SELECT count(*) FROM django_q_ormq") == [(0,)]


def what_is_known(control: Control) -> Evidence:
    """As of any console; but which answer belongs to which question, its reference alone tells."""
    outside = evidence.from_outside(control)
    rows = control.query("SELECT wamid FROM conversations_message WHERE direction = 'in'")
    kept = frozenset(wamid for (wamid,) in rows)
    return Evidence(
        acknowledged=outside.acknowledged,
        kept=kept,
        with_staff=frozenset(),
        answers=tuple(Answer(naive.reference_of(wamid), frozenset({wamid})) for wamid in kept),
        posts=outside.posts,
        accepted=outside.accepted,
        at_stake=frozenset(),
    )
