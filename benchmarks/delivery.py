"""Messages to Meta: whether the number's rate is kept, how fast it can be, and who goes first.

The simulator writes down when each POST came; seconds are counted from the first one. Its own
limits are switched off, and so are its statuses, which have no part in this.
"""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import requests

from benchmarks import stage
from benchmarks.load import ROOT
from benchmarks.machine import Meter, postgres
from benchmarks.table import Line, note, promise, target
from tests.processes.running import Console

RATE = 80
KEPT_SECONDS = 60
ANSWER_MS = 300
PUMPS = {"kept": (1, 3), "highest": (1, 2, 4)}
UNLIMITED = 100_000
HIGHEST_ROWS = 6_000
NO_STATUSES_MS = 600_000
GOOD_DAY = {
    "throughput_per_second": 0,
    "sent_after_ms": NO_STATUSES_MS,
    "answer_after_ms": 0,
}

POSTS = """
    SELECT extract(epoch FROM at)::float8, body ->> 'biz_opaque_callback_data' FROM simulator_call
    WHERE body ? 'biz_opaque_callback_data' ORDER BY at
"""


def run() -> Iterator[Line]:
    """The rate kept, then the highest rate."""
    for pumps in PUMPS["kept"]:
        yield from _kept(pumps)
    for pumps in PUMPS["highest"]:
        yield from _highest(pumps)


@contextmanager
def pumping(*, pumps: int, rate: int, answer_ms: int = 0) -> Iterator[tuple[Console, list[int]]]:
    """A console with so many dispatch processes, and their pids; no web server, no workers."""
    with ExitStack() as everything:
        console = everything.enter_context(
            Console(simulator=True, only=("dispatch",), env=stage.NO_NOISE)
        )
        faults = {**GOOD_DAY, "answer_after_ms": answer_ms}
        url = f"{console.simulator_url}/control/faults/"
        requests.patch(url, json=faults, timeout=10).raise_for_status()
        stage.fill(console, "people", "0")
        console.query("UPDATE conversations_phonenumber SET messages_per_second = %s", rate)
        others = [everything.enter_context(_dispatch(console)) for _ in range(pumps - 1)]
        yield console, [*console.pids("dispatch"), *others]


@contextmanager
def _dispatch(console: Console) -> Iterator[int]:
    command = [sys.executable, "manage.py", "dispatch"]
    process = subprocess.Popen(command, cwd=ROOT, env=console.env)
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def posts(console: Console) -> list[tuple[float, str]]:
    """When each POST came, in Unix seconds, and the reference in it."""
    # The log is written in batches: asking for it writes the last.
    requests.get(f"{console.simulator_url}/control/log/?limit=1", timeout=30).raise_for_status()
    return [(at, reference) for at, reference in console.query(POSTS)]


def wait_until_sent(console: Console, *, at_most_seconds: float) -> None:
    """All messages have an answer of Meta, or the time is over."""
    question = "SELECT 1 FROM conversations_message WHERE status IN ('queued', 'sending')"
    question += " AND wamid IS NULL LIMIT 1"
    give_up = time.monotonic() + at_most_seconds
    while console.query(question) and time.monotonic() < give_up:
        time.sleep(0.1)


def once_each(what: str, came: list[tuple[float, str]], console: Console) -> Line:
    """None was posted twice; what did not go out in time is said."""
    counted = dict(console.query("SELECT status, count(*) FROM conversations_message GROUP BY 1"))
    posted = len({reference for _, reference in came})
    left = ", ".join(f"{many:,} {name}" for name, many in sorted(counted.items()))
    return promise(
        f"{what}: posted",
        f"{len(came):,} POSTs of {posted:,} messages; rows: {left}",
        "each once",
        is_kept=len(came) == posted,
    )


def _kept(pumps: int) -> Iterator[Line]:
    what = f"{RATE}/s by {pumps} {_pumps(pumps)}, answered after {ANSWER_MS} ms"
    rows = RATE * (KEPT_SECONDS + 1)
    with pumping(pumps=pumps, rate=RATE, answer_ms=ANSWER_MS) as (console, _):
        stage.fill(console, "replies", str(rows))
        wait_until_sent(console, at_most_seconds=KEPT_SECONDS * 1.5)
        came = posts(console)
        once = once_each(what, came, console)
    seconds = _full_seconds([at for at, _ in came])
    low, high = min(seconds), max(seconds)
    off = max(abs(one - RATE) / RATE for one in (low, high))
    yield target(
        what,
        f"{low}-{high} in each of {len(seconds)} full seconds ({off:.1%} off)",
        "within 2 %",
        is_met=off <= 0.02,
    )
    yield once


def _full_seconds(moments: list[float]) -> list[int]:
    counted = Counter(int(moment - moments[0]) for moment in moments)
    return [counted[second] for second in range(max(counted))]


def _highest(pumps: int) -> Iterator[Line]:
    what = f"highest rate by {pumps} {_pumps(pumps)}"
    with pumping(pumps=pumps, rate=1) as (console, pids):
        stage.fill(console, "replies", str(HIGHEST_ROWS))
        trees = {
            "pumps": lambda: pids,
            "simulator": lambda: console.pids("simulator"),
            "postgres": postgres,
        }
        with Meter(trees) as meter:
            console.query(
                "UPDATE conversations_phonenumber"
                " SET messages_per_second = %s, next_slot_at = clock_timestamp()",
                UNLIMITED,
            )
            wait_until_sent(console, at_most_seconds=60)
        came = posts(console)
        once = once_each(what, came, console)
    moments = [at for at, _ in came]
    middle = moments[len(moments) // 10 : len(moments) * 9 // 10]
    rate = (len(middle) - 1) / (middle[-1] - middle[0])
    cores = ", ".join(f"{name} {used / meter.seconds:.2f}" for name, used in meter.used.items())
    yield note(what, f"{rate:,.0f}/s; cores: {cores}; noise {meter.noise:.1f}")
    yield once


def _pumps(number: int) -> str:
    return "pump" if number == 1 else "pumps"
