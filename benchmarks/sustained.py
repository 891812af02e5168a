"""4,000 single-event POSTs a second for 20 s by the fast lane, while dispatch takes them in.

Once undisturbed; once with a `kill -9` of the web server and the database stopped for 2 s in the
middle. A request's time counts from the moment it was due, not from when it could be sent.
"""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from benchmarks import bodies, load, stage
from benchmarks.load import Found, Load
from benchmarks.machine import Meter, postgres
from benchmarks.table import Line, note, promise, target
from tests.processes.running import Console
from waconsole import embedded

RATE = 4_000
SECONDS = 20
CONNECTIONS = 64
MEDIAN_MS, P99_MS = 50, 250
KILL_AT, STOP_AT, AWAY_SECONDS = 6.0, 12.0, 2.0
DRAIN_AT_MOST_SECONDS = 90.0
LOOK_SECONDS = 0.5


def run() -> Iterator[Line]:
    """Undisturbed, then with both faults; each with what was lost, and the time to drain."""
    with stage.web_and_dispatch() as console:
        stage.fill(console, "known", str(bodies.KNOWN_SENDS))
        yield from _undisturbed(console)
    with stage.web_and_dispatch() as console:
        stage.fill(console, "known", str(bodies.KNOWN_SENDS))
        yield from _with_faults(console)


def _wanted(console: Console, *, seed: int, patience_seconds: float) -> Load:
    return Load(
        port=stage.port_of(console),
        connections=CONNECTIONS,
        seconds=float(SECONDS),
        count=RATE * SECONDS,
        seed=seed,
        rate=float(RATE),
        patience_seconds=patience_seconds,
    )


def _undisturbed(console: Console) -> Iterator[Line]:
    wanted = _wanted(console, seed=30, patience_seconds=60.0)
    running = load.Running(wanted)
    trees = {
        "web": lambda: console.pids("web"),
        "dispatch": lambda: console.pids("dispatch"),
        "postgres": postgres,
    }
    with Meter({**trees, "load": lambda: [running.pid]}) as meter:
        found = running.found()
    yield from _pace(found)
    yield _cpu(found, meter)
    yield from _drained(console)
    rows = stage.events_in(console)
    accepted = len(found.accepted)
    yield promise(
        "4,000/s for 20 s, rows",
        f"{rows:,} rows, {accepted:,} answered 200, {found.unanswered} not answered",
        "rows == 2xx",
        is_kept=rows == accepted and not stage.missing_in(console, wanted, found),
    )


def _pace(found: Found) -> Iterator[Line]:
    kept = len(found.accepted) / SECONDS
    yield target(
        "4,000/s for 20 s with dispatch, accepted",
        f"{kept:,.0f}/s ({len(found.accepted):,}), {found.not_sent} never sent",
        ">= 3,960/s",
        is_met=kept >= RATE * 0.99,
    )
    half, most = found.percentile(0.5), found.percentile(0.99)
    worst = found.percentile(1.0)
    yield target(
        "4,000/s for 20 s, time from due to answered",
        f"median {half:.1f} ms, p99 {most:.1f} ms, longest {worst:.0f} ms",
        f"< {MEDIAN_MS} and < {P99_MS} ms",
        is_met=half < MEDIAN_MS and most < P99_MS,
    )


def _cpu(found: Found, meter: Meter) -> Line:
    cores = {name: used / meter.seconds for name, used in meter.used.items()}
    noise = max(0.0, meter.noise - found.cpu_seconds / meter.seconds)
    shares = ", ".join(f"{name} {cores[name]:.2f}" for name in ("web", "dispatch", "postgres"))
    own = found.cpu_seconds / meter.seconds
    return note("4,000/s for 20 s, cores in use", f"{shares}, load {own:.2f}; noise {noise:.1f}")


def _drained(console: Console) -> Iterator[Line]:
    """The backlog when the load ends, and how long until it is gone."""
    began = time.monotonic()
    backlog = left = stage.open_events_in(console)
    while left and time.monotonic() - began < DRAIN_AT_MOST_SECONDS:
        time.sleep(LOOK_SECONDS)
        left = stage.open_events_in(console)
    took = time.monotonic() - began
    gone = f"drained in {took:.0f} s" if not left else f"{left:,} left after {took:.0f} s"
    rate = f", {(backlog - left) / took:,.0f}/s" if backlog else ""
    yield note("backlog of events at its end", f"{backlog:,}, {gone}{rate}")


def _with_faults(console: Console) -> Iterator[Line]:
    wanted = _wanted(console, seed=31, patience_seconds=1.0)
    running = load.Running(wanted)
    time.sleep(KILL_AT)
    for pid in reversed(console.pids("web")):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    time.sleep(STOP_AT - KILL_AT)
    _database_away()
    found = running.found()
    missing = stage.missing_in(console, wanted, found)
    accepted = found.statuses.get("200", 0)
    others = {status: many for status, many in found.statuses.items() if status != "200"}
    yield promise(
        "... with kill -9 of web, and no database for 2 s",
        f"{accepted:,} answered 200, of which {missing} without a row",
        "every 2xx a row",
        is_kept=missing == 0 and set(others) <= {"503"},
    )
    yield note(
        "... what the others heard",
        f"503: {others.get('503', 0):,}, no answer: {found.unanswered}, unsent: {found.not_sent:,}",
    )
    yield note("... accepted in each second", _by_second(found))
    yield from _drained(console)


def _database_away() -> None:
    data_dir = Path(os.environ["DATA_DIR"]).resolve()
    embedded.stop(data_dir)
    time.sleep(AWAY_SECONDS)
    embedded.start(data_dir)


def _by_second(found: Found) -> str:
    return " ".join(str(found.accepted_in_second.get(str(second), 0)) for second in range(SECONDS))
