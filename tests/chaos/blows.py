"""What is killed under siege, and when: seeded, each kind at least once.

Only processes of the siege are touched: descendants of its own `serve`, its own servers.
"""

import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from tests.chaos.siege import Siege, ask, living
from tests.processes.waiting import wait_for

# After the database was away the cluster itself waits 10 s before it takes jobs again.
TARGET_SECONDS = 12
POLL_SECONDS = 0.05
SEND_SECONDS = 30
HANGING_SECONDS = 20  # longer than the console waits for an answer
AWAY_SECONDS = (0.5, 2.0)
GAP_SECONDS = 2
# At the very beginning, so that the minute until it is in doubt is over when the rest is.
FIRST = ("sender",)
# What the console shrugs off, so that a good deal is on its way when the next blow comes ...
LIGHT = ("busy worker", "busy worker", "pusher", "monitor", "dispatch", "web")
# ... and after which nothing is answered for a while; the last three fell the whole cluster.
SERVERS = ("postgres crashes", "postgres stops", "redis")
HEAVY = (*SERVERS, "idle worker", "sentinel", "cluster")

Strike = Callable[[Siege, random.Random], bool]


@dataclass(frozen=True)
class Blow:
    """One kill; `pause` in seconds since the one before it."""

    pause: float
    kind: str


def plan(chance: random.Random, seconds: float, *, has_redis: bool) -> list[Blow]:
    """A blow about every two seconds. The last twelve or so have each kind; before these, in a
    longer siege, come light ones with the servers between them."""
    whole, more = (LIGHT, HEAVY), (LIGHT, SERVERS, LIGHT)
    room = seconds / GAP_SECONDS - len(FIRST + LIGHT + HEAVY)
    times = max(0, round(room / sum(map(len, more))))
    order = [*FIRST]
    for round_ in (*more * times, *whole):
        kinds = [kind for kind in round_ if has_redis or kind != "redis"]
        order += chance.sample(kinds, len(kinds))
    gap = seconds / len(order)
    return [Blow(gap * chance.uniform(0.5, 1.5), kind) for kind in order]


def strike(siege: Siege, kind: str, chance: random.Random, *, seconds: float) -> bool:
    """Whether there was something to kill within so many seconds."""
    deadline = time.monotonic() + seconds
    while not STRIKES[kind](siege, chance):
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def kill_one(pids: list[int], chance: random.Random) -> bool:
    """One of them is killed; False where there is none, or it was quicker."""
    if not pids:
        return False
    with suppress(ProcessLookupError):
        os.kill(chance.choice(sorted(pids)), signal.SIGKILL)
        return True
    return False


def _sender(siege: Siege, chance: random.Random) -> bool:
    """Who is about to send what will never arrive: the POST hangs, and is forgotten."""
    ask(siege, "PATCH", "faults/", timeouts_before_send=1, timeout_seconds=HANGING_SECONDS)
    try:
        wait_for(lambda: _hangs(siege), seconds=SEND_SECONDS, what="a send")
        senders = wait_for(lambda: _busy(siege), seconds=SEND_SECONDS, what="who sends")
    except AssertionError:
        ask(siege, "PATCH", "faults/", timeouts_before_send=0)
        return False
    return all(kill_one([pid], chance) for pid in senders)


def _hangs(siege: Siege) -> bool:
    return bool(ask(siege, "GET", "faults/")["timeouts_before_send"] == 0)


def _busy_worker(siege: Siege, chance: random.Random) -> bool:
    return kill_one(_busy(siege), chance)


def _busy(siege: Siege) -> list[int]:
    # One that has only begun may be done before the signal comes; the answers take longer.
    return living(lambda: siege.busy_workers(since_seconds=0.1))


def _idle_worker(siege: Siege, chance: random.Random) -> bool:
    busy = set(living(siege.busy_workers))
    return kill_one([pid for pid in living(siege.worker_pids) if pid not in busy], chance)


def _pusher(siege: Siege, chance: random.Random) -> bool:
    return kill_one(living(lambda: siege.members("pushing tasks at")), chance)


def _monitor(siege: Siege, chance: random.Random) -> bool:
    return kill_one(living(lambda: siege.members("monitoring at")), chance)


def _sentinel(siege: Siege, chance: random.Random) -> bool:
    # A cluster that only begins has no workers yet, and its second process may not be the sentinel.
    return bool(living(siege.worker_pids)) and kill_one(_second(siege), chance)


def _second(siege: Siege) -> list[int]:
    return living(lambda: siege.pids("worker"))[1:2]


def _cluster(siege: Siege, chance: random.Random) -> bool:
    group = living(siege.worker_pids) and living(lambda: siege.pids("worker"))
    if not group:
        return False
    with suppress(ProcessLookupError):
        os.killpg(group[0], signal.SIGKILL)
        return True
    return False


def _dispatch(siege: Siege, chance: random.Random) -> bool:
    return kill_one(living(siege.dispatchers), chance)


def _web(siege: Siege, chance: random.Random) -> bool:
    return kill_one(living(lambda: siege.pids("web")), chance)


def _postgres_crashes(siege: Siege, chance: random.Random) -> bool:
    siege.postgres.crash()
    time.sleep(chance.uniform(*AWAY_SECONDS))
    siege.postgres.start()
    return True


def _postgres_stops(siege: Siege, chance: random.Random) -> bool:
    siege.postgres.stop()
    time.sleep(chance.uniform(*AWAY_SECONDS))
    siege.postgres.start()
    return True


def _redis(siege: Siege, chance: random.Random) -> bool:
    if siege.redis is None:
        return False
    siege.redis.crash()
    time.sleep(chance.uniform(*AWAY_SECONDS))
    siege.redis.start()
    return True


STRIKES: dict[str, Strike] = {
    "sender": _sender,
    "busy worker": _busy_worker,
    "idle worker": _idle_worker,
    "pusher": _pusher,
    "monitor": _monitor,
    "sentinel": _sentinel,
    "cluster": _cluster,
    "dispatch": _dispatch,
    "web": _web,
    "postgres crashes": _postgres_crashes,
    "postgres stops": _postgres_stops,
    "redis": _redis,
}
