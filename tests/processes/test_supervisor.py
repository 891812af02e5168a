"""The supervisor over real processes: restarts, groups, grace, and what its own death leaves."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.processes.waiting import is_alive, wait_for

pytestmark = pytest.mark.processes

ROOT = Path(__file__).resolve().parents[2]
# Each start of a part writes one line: its own pid and that of a child in its group.
NOTE = """
import os, signal, subprocess, sys, time
child = subprocess.Popen(["sleep", "60"])
with open({notes!r}, "a") as notes:
    print(os.getpid(), child.pid, file=notes)
"""
OBEDIENT = NOTE + "signal.pause()"
STUBBORN = NOTE + "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: time.sleep(1)"
TIDY = (
    NOTE
    + """
def tidy(*_):
    with open({notes!r}, "a") as notes:
        print("tidied", child.poll(), file=notes)
    sys.exit()
signal.signal(signal.SIGTERM, tidy)
while True: time.sleep(1)
"""
)
SHORT_LIVED = NOTE + "child.kill()"

Supervise = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return tmp_path / "notes"


@pytest.fixture
def supervise(notes: Path) -> Iterator[Supervise]:
    started = []

    def begin(code: str, *, grace: float = 10) -> "subprocess.Popen[str]":
        part = f"part={code.format(notes=str(notes))}"
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.processes.supervised", str(grace), part],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
    for pid in (pid for line in starts(notes) for pid in line):
        if is_alive(pid):
            os.kill(pid, signal.SIGKILL)
    for process in started:
        process.communicate()


def starts(notes: Path) -> list[list[int]]:
    lines = notes.read_text().splitlines() if notes.exists() else []
    return [[int(word) for word in line.split()] for line in lines if line[0].isdigit()]


def pids(notes: Path, *, start: int = 1) -> list[int]:
    wait_for(lambda: len(starts(notes)) >= start, what=f"start {start}")
    return starts(notes)[start - 1]


def none_alive(some: list[int]) -> bool:
    return not any(is_alive(pid) for pid in some)


def test_a_part_that_was_killed_is_started_again(supervise: Supervise, notes: Path) -> None:
    supervise(OBEDIENT)
    leader, _ = pids(notes)

    os.kill(leader, signal.SIGKILL)

    assert pids(notes, start=2)[0] != leader


def test_the_rest_of_a_dead_parts_group_ends_before_it_is_started_again(
    supervise: Supervise, notes: Path
) -> None:
    supervise(OBEDIENT)
    leader, child = pids(notes)

    os.kill(leader, signal.SIGKILL)

    pids(notes, start=2)
    assert not is_alive(child)


def test_the_pause_before_a_restart_grows(supervise: Supervise, notes: Path) -> None:
    began = time.monotonic()
    supervise(SHORT_LIVED)

    pids(notes, start=3)

    assert 3 <= time.monotonic() - began < 30  # 1 s, then 2 s


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_everything(
    supervise: Supervise, notes: Path, number: signal.Signals
) -> None:
    process = supervise(OBEDIENT)
    started = pids(notes)

    process.send_signal(number)

    assert process.wait(timeout=10) == 0
    assert none_alive(started)


def test_only_the_leader_is_asked_to_stop(supervise: Supervise, notes: Path) -> None:
    process = supervise(TIDY)
    _, child = pids(notes)

    process.terminate()
    process.wait(timeout=10)

    assert notes.read_text().splitlines()[-1] == "tidied None"
    assert not is_alive(child)


def test_a_part_that_does_not_stop_is_killed_after_the_grace(
    supervise: Supervise, notes: Path
) -> None:
    process = supervise(STUBBORN, grace=1)
    started = pids(notes)
    asked = time.monotonic()

    process.terminate()
    process.wait(timeout=10)

    assert 1 <= time.monotonic() - asked < 5
    assert none_alive(started)


def test_a_second_signal_ends_everything_at_once(supervise: Supervise, notes: Path) -> None:
    process = supervise(STUBBORN, grace=60)
    started = pids(notes)

    process.terminate()
    wait_for(lambda: "stopping" in (process.stderr.readline() if process.stderr else ""))
    process.terminate()

    process.wait(timeout=10)
    assert none_alive(started)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the next `serve` ends them")
def test_a_part_stops_when_its_supervisor_is_killed(supervise: Supervise, notes: Path) -> None:
    process = supervise(TIDY)
    leader, _ = pids(notes)

    process.kill()

    wait_for(lambda: not is_alive(leader), what="the part to end")
    assert "tidied" in notes.read_text()
