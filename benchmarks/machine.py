"""Who used the processors: seconds of CPU per tree of processes, read from /proc.

What was used and belongs to none of the trees is the noise of the machine, in cores: above 0.3 the
figures of that moment say little.
"""

import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Self

import psutil

from waconsole import postgres_server

Pids = Callable[[], list[int]]


def postgres() -> list[int]:
    """The processes of the embedded PostgreSQL of this run, the postmaster first."""
    server = postgres_server.process(Path(os.environ["DATA_DIR"]).resolve() / "postgres")
    if server is None:
        return []
    return [server.pid, *(child.pid for child in server.children(recursive=True))]


class Meter:
    """`with Meter({"web": pids, ...}) as meter: ...`, then `meter.used["web"]` and `meter.noise`.

    A tree's seconds are those of the processes that live at both ends, and of the children they
    have buried in between.
    """

    def __init__(self, trees: Mapping[str, Pids]) -> None:
        self._trees: dict[str, Pids] = {**trees, "bench": lambda: [os.getpid()]}
        self.used: dict[str, float] = {}
        self.seconds = 0.0
        self.noise = 0.0

    def __enter__(self) -> Self:
        self._before = {name: _by_process(pids()) for name, pids in self._trees.items()}
        self._busy, self._began = _busy_seconds(), time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.perf_counter() - self._began
        busy = _busy_seconds() - self._busy
        for name, pids in self._trees.items():
            before, after = self._before[name], _by_process(pids())
            self.used[name] = sum(used - before.get(pid, 0.0) for pid, used in after.items())
        self.noise = max(0.0, busy - sum(self.used.values())) / self.seconds


def _by_process(pids: list[int]) -> dict[int, float]:
    used = {}
    for pid in pids:
        with suppress(psutil.NoSuchProcess):
            times = psutil.Process(pid).cpu_times()
            children = times.children_user + times.children_system
            used[pid] = times.user + times.system + children
    return used


def _busy_seconds() -> float:
    """All that all processors have done since the machine started."""
    times = psutil.cpu_times()
    return float(times.user + times.system + times.nice + times.irq + times.softirq)
