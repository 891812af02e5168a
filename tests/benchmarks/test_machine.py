"""Seconds of CPU per tree of processes."""

import os
import subprocess
import sys

import pytest

from benchmarks.machine import Meter

pytestmark = pytest.mark.processes

BURN = """
import time
end = time.process_time() + 0.5
while time.process_time() < end: pass
print("burnt", flush=True)
input()
"""


def test_what_a_process_used_is_counted_for_its_tree() -> None:
    command = [sys.executable, "-c", BURN]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as process:  # type: ignore[call-overload]
        with Meter({"burner": lambda: [process.pid], "idle": lambda: []}) as meter:
            assert process.stdout.readline() == "burnt\n"
        process.communicate("\n")
    assert 0.4 < meter.used["burner"] < 2
    assert meter.used["idle"] == 0
    assert meter.noise >= 0


def test_a_process_that_is_gone_does_not_disturb() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    with Meter({"gone": lambda: [gone.pid, os.getpid()]}) as meter:
        pass
    assert meter.used["gone"] >= 0
