"""The inbox over 100,000 conversations and 1,000,000 messages: queries and time of each page."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median, quantiles

from benchmarks import loader
from benchmarks.load import ROOT
from benchmarks.table import Line, note, promise, target


@dataclass(frozen=True)
class Limit:
    """How many queries a page may make, and in how many milliseconds half of them are answered."""

    queries: int
    median_ms: float = 0


# By how the name of a page begins.
LIMITS = {
    "page": Limit(12, 60),
    "list": Limit(4),
    "conversation": Limit(8),
    "search": Limit(6),
    "poll": Limit(4, 5),
    "dashboard": Limit(12, 100),
}


def run() -> Iterator[Line]:
    """A line for the time of each page, and one for its queries."""
    command = [sys.executable, "-m", "benchmarks.pages"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=loader.environment(loader.url()),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    for told in map(json.loads, done.stdout.splitlines()):
        yield from _lines(told["name"], told["queries"], told["milliseconds"], told["cpu"])


def _lines(name: str, queries: int, milliseconds: list[float], cpu: float) -> Iterator[Line]:
    limit = LIMITS.get(name.partition(",")[0].partition(" ")[0])
    if limit is None:
        yield note(f"inbox: {name}", f"{sum(milliseconds) / 1000:.1f} s")
        return
    half, slowest = median(milliseconds), quantiles(milliseconds, n=100)[98]
    figure = f"median {half:.1f} ms, p99 {slowest:.1f} ms, own CPU {cpu:.1f} ms"
    if limit.median_ms:
        wanted = f"median < {limit.median_ms} ms"
        yield target(f"inbox: {name}", figure, wanted, is_met=half < limit.median_ms)
    else:
        yield note(f"inbox: {name}", figure)
    yield promise(
        "... queries", str(queries), f"<= {limit.queries}", is_kept=queries <= limit.queries
    )
