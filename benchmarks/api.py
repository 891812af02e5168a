"""The REST API over 1,000,000 messages, beside the least that Django REST framework can answer."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from statistics import median, quantiles

from benchmarks import loader
from benchmarks.load import ROOT
from benchmarks.table import Line, note


def run() -> Iterator[Line]:
    """A line for each kind of call: how many a second by one caller, and what one costs."""
    command = [sys.executable, "-m", "benchmarks.calls"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**loader.environment(loader.url()), "LOG_LEVEL": "WARNING"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    bare = 0.0
    for told in map(json.loads, done.stdout.splitlines()):
        cpu = told["cpu_ms"]
        bare = bare or cpu
        times = told["milliseconds"]
        half, slowest = median(times), quantiles(times, n=100)[98]
        yield note(
            f"api: {told['kind']}",
            f"{1000 * len(times) / sum(times):,.0f}/s, median {half:.1f} ms, p99 {slowest:.1f} ms",
        )
        yield note(
            "... CPU of one",
            f"{cpu:.2f} ms ({cpu / bare:.1f} x bare), PostgreSQL {told['postgres_ms']:.2f} ms",
        )
