"""POSTs of 100 and of 1,000 events, by the fast lane: four connections, as fast as it answers."""

from collections.abc import Iterator

from benchmarks import load, stage
from benchmarks.load import Load
from benchmarks.table import Line, promise, target
from tests.processes.running import Console

SIZES = {100: 3_000, 1_000: 300}  # how many bodies at most
SECONDS = 5.0
CONNECTIONS = 4
P99_MS = 250


def run() -> Iterator[Line]:
    """The times of each size, and whether each 200 is a row."""
    with stage.web(fast_lane=True) as console:
        for events, count in SIZES.items():
            yield from _of(console, events, count)


def _of(console: Console, events: int, count: int) -> Iterator[Line]:
    before = stage.events_in(console)
    wanted = Load(
        port=stage.port_of(console),
        connections=CONNECTIONS,
        seconds=SECONDS,
        count=count,
        seed=40,
        events=events,
    )
    found = load.run(wanted)
    length = len(load.body_of(wanted, 0)) // 1024
    half, most = found.percentile(0.5), found.percentile(0.99)
    yield target(
        f"POSTs of {events:,} events ({length} kB)",
        f"median {half:.1f} ms, p99 {most:.1f} ms; {found.per_second * events:,.0f} events/s",
        f"p99 < {P99_MS} ms",
        is_met=most < P99_MS,
    )
    rows, accepted = stage.events_in(console) - before, len(found.accepted)
    yield promise(
        f"POSTs of {events:,} events, rows",
        f"{rows:,} rows, {accepted:,} answered 200, {found.unanswered} not answered",
        "rows == 2xx",
        is_kept=rows == accepted and not stage.missing_in(console, wanted, found),
    )
