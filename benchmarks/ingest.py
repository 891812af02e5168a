"""Single-event POSTs as fast as they are answered, by the view and by the fast lane.

Alternating rounds: R1, one door, R1, the other door, R1. A ratio is to the mean of the two R1
around it, so that a slow moment of the machine slows both.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import mean, median

from benchmarks import load, stage
from benchmarks.load import Found, Load
from benchmarks.machine import Meter, postgres
from benchmarks.reference import Reference
from benchmarks.table import Line, note, promise, target
from tests.processes.running import Console

ROUNDS = 5
SECONDS = 3.0
REFERENCE_SECONDS = 1.0
CONNECTIONS = 64
MOST_A_SECOND = 9_000
TARGETS = {"view": 0.5, "lane": 1.3}


@dataclass(frozen=True)
class Round:
    """One door in one round. `server` and `postgres`: CPU seconds per 1,000 accepted."""

    found: Found
    reference: float
    server: float
    postgres: float
    noise: float

    @property
    def ratio(self) -> float:
        return self.found.per_second / self.reference


def run() -> Iterator[Line]:
    """R1, then rate, ratio, times and CPU of each door, and whether each 200 is a row."""
    with ExitStack() as doors:
        consoles = {
            "view": doors.enter_context(stage.web(fast_lane=False)),
            "lane": doors.enter_context(stage.web(fast_lane=True)),
        }
        reference = Reference()
        doors.callback(reference.close)
        references, rounds = _measure(consoles, reference)
        yield note("R1: INSERT + COMMIT in a loop", f"{_spread(references)}/s")
        for name, console in consoles.items():
            yield from _lines(name, console, rounds[name])


def _measure(
    consoles: dict[str, Console], reference: Reference
) -> tuple[list[float], dict[str, list[Round]]]:
    rounds: dict[str, list[Round]] = {name: [] for name in consoles}
    references = [reference.per_second(REFERENCE_SECONDS)]
    for number in range(ROUNDS):
        for name, console in consoles.items():
            found, meter = _one(console, number)
            references.append(reference.per_second(REFERENCE_SECONDS))
            thousands = max(len(found.accepted), 1) / 1000
            rounds[name].append(
                Round(
                    found,
                    mean(references[-2:]),
                    meter.used["server"] / thousands,
                    meter.used["postgres"] / thousands,
                    meter.noise,
                )
            )
    return references, rounds


def _one(console: Console, number: int) -> tuple[Found, Meter]:
    wanted = Load(
        port=stage.port_of(console),
        connections=CONNECTIONS,
        seconds=SECONDS,
        count=int(SECONDS * MOST_A_SECOND),
        seed=10 + number,
    )
    running = load.Running(wanted)
    trees = {"server": lambda: console.pids("web"), "postgres": postgres}
    with Meter({**trees, "load": lambda: [running.pid]}) as meter:
        found = running.found()
    # The load process has ended: its own word stands for what /proc no longer shows.
    meter.noise = max(0.0, meter.noise - found.cpu_seconds / meter.seconds)
    return found, meter


def _lines(name: str, console: Console, rounds: list[Round]) -> Iterator[Line]:
    ratios = [one.ratio for one in rounds]
    wanted = TARGETS[name]
    yield target(
        f"ingest by the {name}, ratio to R1",
        f"{_spread(ratios, digits=2)}",
        f">= {wanted}",
        is_met=median(ratios) >= wanted,
    )
    rates = [one.found.per_second for one in rounds]
    half, most = (median(one.found.percentile(share) for one in rounds) for share in (0.5, 0.99))
    yield note(
        f"ingest by the {name}", f"{_spread(rates)}/s, median {half:.1f} ms, p99 {most:.1f} ms"
    )
    cpu = [median(getattr(one, part) for one in rounds) for part in ("server", "postgres")]
    own = median(one.found.cpu_seconds / max(len(one.found.accepted), 1) * 1000 for one in rounds)
    noise = median(one.noise for one in rounds)
    yield note(
        f"ingest by the {name}, CPU s per 1,000",
        f"server {cpu[0]:.3f}, PostgreSQL {cpu[1]:.3f}, load {own:.3f}; noise {noise:.1f} cores",
    )
    yield _rows(name, console, rounds)


def _rows(name: str, console: Console, rounds: list[Round]) -> Line:
    accepted = sum(len(one.found.accepted) for one in rounds)
    others = sum(
        one.found.unanswered + sum(one.found.statuses.values()) - len(one.found.accepted)
        for one in rounds
    )
    rows = stage.events_in(console)
    return promise(
        f"ingest by the {name}, rows",
        f"{rows:,} rows, {accepted:,} answered 200, {others} otherwise",
        "rows == 2xx",
        is_kept=rows == accepted and not others,
    )


def _spread(values: list[float], *, digits: int = 0) -> str:
    low, middle, high = min(values), median(values), max(values)
    return f"{middle:,.{digits}f} ({low:,.{digits}f}-{high:,.{digits}f})"
