"""The pump: claims what is due, posts from a pool of threads, and writes the results down."""

import logging
import queue
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import InterfaceError, OperationalError, close_old_connections

from conversations.delivery.claiming import Claimed, claim
from conversations.delivery.posting import Outcome, post
from conversations.delivery.recording import record

logger = logging.getLogger(__name__)

# Enough for 80 a second with answers after 0.7 s; idle threads cost next to nothing.
THREADS = 64
# An idle pump looks so often, and a busy one makes its turns: results gather in between, so that
# many are written down at once, and the slots of a turn stay well within the horizon of claiming.
IDLE_SECONDS = 0.05
TURN_SECONDS = 0.02
LEAST_REST_SECONDS = 0.001
AWAY_SECONDS = 1.0


class Pump:
    """One loop in a thread of its own, with a database connection of its own.

    Killed at any moment: rows claimed and not answered end as UNCONFIRMED, all others wait in the
    table. Stopped: it claims nothing more and writes down what is still on its way.
    """

    def __init__(self, *, threads: int = THREADS) -> None:
        self._threads = threads
        self._results: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        self._unwritten: list[Outcome] = []
        self._in_flight = 0
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Ask the loop to end; `run` returns when nothing is in flight."""
        self._stopping.set()

    def run(self) -> None:
        """Pump until stopped, through every absence of the database."""
        with ThreadPoolExecutor(self._threads, thread_name_prefix="post") as pool:
            while not (self._stopping.is_set() and self._in_flight == 0):
                try:
                    self._turn(pool)
                except (OperationalError, InterfaceError) as error:
                    logger.error("the pump waits for the database: %s", type(error).__name__)
                    _rest()
                except Exception:
                    # Whatever it is: nobody would restart a pump beside a loop that lives on.
                    logger.exception("the pump waits, and turns again")
                    _rest()

    def _turn(self, pool: ThreadPoolExecutor) -> None:
        began = time.monotonic()
        self._write_down()
        room = self._threads - self._in_flight
        claimed = claim(most=room) if room and not self._stopping.is_set() else []
        for one in claimed:
            self._in_flight += 1
            pool.submit(self._post, one)
        due = began + (TURN_SECONDS if self._in_flight else IDLE_SECONDS)
        time.sleep(max(due - time.monotonic(), LEAST_REST_SECONDS))

    def _post(self, claimed: Claimed) -> None:
        self._results.put(post(claimed))

    def _write_down(self) -> None:
        """Results stay in hand until their commit: a database that is away loses none."""
        while not self._results.empty():
            self._unwritten.append(self._results.get())
        if not self._unwritten:
            return
        try:
            record(self._unwritten)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            _write_each(self._unwritten)
        self._in_flight -= len(self._unwritten)
        self._unwritten = []


def _write_each(outcomes: Sequence[Outcome]) -> None:
    """One that no row can hold holds up no other: its message is in doubt in a minute."""
    for outcome in outcomes:
        try:
            record([outcome])
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            # Not its words: the database's hold the values of the row.
            what = (outcome.claimed.message_id, type(error).__name__)
            logger.error("message=%s what came of it cannot be written down: %s", *what)


def _rest() -> None:
    close_old_connections()
    time.sleep(AWAY_SECONDS)
