"""The courier: claims deliveries that are due, posts them from pools of threads, records them.

Receivers that fail or are slow go through a pool of their own, so that they never hold up others.
"""

from __future__ import annotations

import logging
import queue
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections

from conversations.outgoing import posting
from conversations.outgoing.claiming import Claimed, claim, is_anything_due
from conversations.outgoing.posting import Outcome
from conversations.outgoing.recording import record

logger = logging.getLogger(__name__)

THREADS = 16
SLOW_THREADS = 8
IDLE_SECONDS = 0.25
TURN_SECONDS = 0.02
AWAY_SECONDS = 1.0


@dataclass(frozen=True)
class Done:
    """A delivery that was posted, and by which lane."""

    lane: Lane
    claimed: Claimed
    outcome: Outcome


class Lane:
    """A pool of threads that post, and how many of them are free."""

    def __init__(self, threads: int, *, is_slow: bool, done: queue.SimpleQueue[Done]) -> None:
        name = "courier-slow" if is_slow else "courier"
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._done = done
        self.is_slow = is_slow
        self.free = self._threads = threads

    def take(self) -> int:
        """Claim what there are threads for, and post it; how many."""
        claimed = claim(most=self.free, slow=self.is_slow) if self.free else []
        self.free -= len(claimed)
        for one in claimed:
            self._pool.submit(self._post, one)
        return len(claimed)

    @property
    def is_busy(self) -> bool:
        return self.free < self._threads

    def stop(self) -> None:
        """What is on its way is posted to its end."""
        self._pool.shutdown(wait=True)

    def _post(self, claimed: Claimed) -> None:
        outcome = posting.post(claimed.url, claimed.body, claimed.headers)
        self._done.put(Done(self, claimed, outcome))


class Courier:
    """One loop in a thread of its own, with a database connection of its own.

    Killed at any moment: what was claimed and not recorded is posted again, with the same id.
    Stopped: it claims nothing more and writes down what is still on its way.
    """

    def __init__(self) -> None:
        self._done: queue.SimpleQueue[Done] = queue.SimpleQueue()
        self._unwritten: list[Done] = []
        self._lanes = (
            Lane(THREADS, is_slow=False, done=self._done),
            Lane(SLOW_THREADS, is_slow=True, done=self._done),
        )
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Ask the loop to end; safe from a signal handler, and twice."""
        self._stopping.set()

    def run(self) -> None:
        """Look until stopped, through every absence of the database."""
        while not self._stopping.is_set():
            try:
                busy = self.turn()
            except (OperationalError, InterfaceError) as error:
                logger.error("the courier waits for the database: %s", type(error).__name__)
                self._rest()
                continue
            except Exception:
                # Whatever it is: a loop that ended while the others live on is not restarted.
                logger.exception("the courier waits, and looks again")
                self._rest()
                continue
            self._stopping.wait(TURN_SECONDS if busy else IDLE_SECONDS)
        for lane in self._lanes:
            lane.stop()
        with suppress(DatabaseError, InterfaceError):  # then it is posted again, with the same id
            self._write_down()

    def _rest(self) -> None:
        close_old_connections()
        self._stopping.wait(AWAY_SECONDS)

    def turn(self) -> bool:
        """Write down what came back and post what is due; whether anything is on its way."""
        self._write_down()
        if is_anything_due():
            for lane in self._lanes:
                lane.take()
        return any(lane.is_busy for lane in self._lanes)

    def _write_down(self) -> None:
        with suppress(queue.Empty):
            while True:
                done = self._done.get_nowait()
                done.lane.free += 1
                self._unwritten.append(done)
        while self._unwritten:
            record(self._unwritten[0].claimed, self._unwritten[0].outcome)
            self._unwritten.pop(0)
