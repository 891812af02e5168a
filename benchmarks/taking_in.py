"""Open events become rows: `benchmarks.intake` in a process of its own, and what it says.

It checks that every event is done with and every item a row; where not, it ends with an error.
"""

import re
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.load import ROOT
from benchmarks.table import Line, note, promise, target

EVENTS, ROUNDS = 20_000, 3
WANTED = 5_000


def run() -> Iterator[Line]:
    """Events a second of one process, messages and statuses mixed 1 to 3."""
    command = [sys.executable, "-m", "benchmarks.intake"]
    command += ["--events", str(EVENTS), "--rounds", str(ROUNDS)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    told = done.stdout.strip().splitlines()
    if found := re.search(r"median ([\d,]+) events/s", done.stdout):
        rate = int(found[1].replace(",", ""))
        yield target(
            f"intake: {EVENTS:,} open events -> rows, one process",
            f"{rate:,} events/s",
            f">= {WANTED:,}/s",
            is_met=rate >= WANTED,
        )
    for line in told[:ROUNDS]:
        yield note("... round", " ".join(line.split()))
    yield promise(
        "... every item is a row",
        "checked" if done.returncode == 0 else f"exit code {done.returncode}",
        "all",
        is_kept=done.returncode == 0,
    )
