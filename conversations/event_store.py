"""Keeping a webhook: the raw bytes, once, committed before anybody is answered.

The webhook's doors come in. In a process that called `write_in_batches` (the web server does) one
thread writes for all requests; everywhere else each call writes for itself.
"""

import hashlib
import logging
import os
from queue import SimpleQueue
from threading import Lock, Thread

import psycopg
from django.db import InterfaceError, OperationalError, connection

logger = logging.getLogger(__name__)

INSERT = """
    INSERT INTO conversations_webhookevent
        (body, digest, received_at, attempts, next_attempt_at, error)
    SELECT body, digest, clock_timestamp(), 0, clock_timestamp(), ''
    FROM unnest(%b::bytea[], %b::bytea[]) AS event (body, digest)
    ON CONFLICT (digest) DO NOTHING
"""

COUNT_REFUSAL = """
    INSERT INTO conversations_webhookrefusal (day, count) VALUES (CURRENT_DATE, 1)
    ON CONFLICT (day) DO UPDATE SET count = conversations_webhookrefusal.count + 1
"""

BATCH_EVENTS = 500
BATCH_BYTES = 8 * 1024 * 1024  # what is in one INSERT stands in the memory of both sides
# A request that has waited for so long is answered with 503; its event may still be written, and
# what Meta sends again is then the same event. What is given up waits on, hence the bound.
PATIENCE_SECONDS = 10.0
WAITING_AT_MOST = 1000


def store(body: bytes) -> None:
    """The event is on disk when this returns. Twice: the same bytes are kept once.

    Raises: django.db.OperationalError or InterfaceError when the database is away, does not answer
    in time, or too many wait for it; the event may be kept or not then.
    """
    if _writer is not None:
        _writer.store(body)
        return
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [[body], [hashlib.sha256(body).digest()]])


def count_refusal() -> None:
    """One more webhook with a wrong signature today: all that is kept of it."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT_REFUSAL)


def write_in_batches() -> None:
    """From now on one thread of this process, and of each one forked from it, writes for all."""
    global _writer
    _writer = _writer or Writer()


def write_one_by_one() -> None:
    """What waits is written, the thread has ended, and each call writes for itself again."""
    global _writer
    former, _writer = _writer, None
    if former is not None:
        former.stop()


class Writer:
    """One INSERT and one commit for all that came while the last one was on its way.

    It waits for nobody: a single event is written at once, and the more requests come, the more of
    them share a commit. Its thread is a daemon that may die at any moment, for whoever was answered
    was committed; it has a connection of its own, as every thread has.
    """

    def __init__(self) -> None:
        # Raw locks and this queue instead of futures: a tenth of a request's time.
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._starting = Lock()
        self._thread: Thread | None = None
        self._is_failing = False

    def store(self, body: bytes) -> None:
        """As the function of the module."""
        if self._queue.qsize() >= WAITING_AT_MOST:
            raise OperationalError("Too many webhooks wait for the database.")
        self._be_running()
        waiting = _Waiting(body)
        self._queue.put(waiting)
        if not waiting.done.acquire(timeout=PATIENCE_SECONDS):
            raise OperationalError("The database did not answer in time.")
        if waiting.fault is not None:
            raise OperationalError("The database is away.") from waiting.fault

    def stop(self) -> None:
        """All that waits is written, and the thread has ended. Twice: nothing happens."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None

    def _be_running(self) -> None:
        """The thread starts with the first event: one that was forked away is none."""
        if self._thread is None:
            with self._starting:
                if self._thread is None:
                    self._thread = Thread(target=self._run, name="event-writer", daemon=True)
                    self._thread.start()

    def _run(self) -> None:
        is_last = False
        while not is_last:
            batch, is_last = self._gather()
            if batch:
                self._write(batch)
        connection.close()

    def _gather(self) -> "tuple[list[_Waiting], bool]":
        """What waits, at least one and at most a batch; and whether the end was asked for."""
        batch: list[_Waiting] = []
        size = 0
        while (waiting := self._queue.get()) is not None:
            batch.append(waiting)
            size += len(waiting.body)
            if len(batch) == BATCH_EVENTS or size >= BATCH_BYTES or self._queue.empty():
                return batch, False
        return batch, True

    def _write(self, batch: "list[_Waiting]") -> None:
        """All of them are committed, or each of them has the fault."""
        fault = _fault_of([one.body for one in batch], [one.digest for one in batch])
        self._tell_of_change(fault)
        for waiting in batch:
            waiting.fault = fault
            waiting.done.release()

    def _tell_of_change(self, fault: Exception | None) -> None:
        """One line when it begins and one when it ends, not one for each of thousands."""
        if fault is not None and not self._is_failing:
            logger.error("webhooks cannot be stored: %s", type(fault).__name__)
        elif fault is None and self._is_failing:
            logger.info("webhooks are stored again")
        self._is_failing = fault is not None


class _Waiting:
    """The event of one request; `done` is held until its fate is known."""

    __slots__ = ("body", "digest", "done", "fault")

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.digest = hashlib.sha256(body).digest()
        self.fault: Exception | None = None
        self.done = Lock()
        self.done.acquire()


def _fault_of(bodies: list[bytes], digests: list[bytes]) -> Exception | None:
    """Insert; a connection that was cut gets a second chance, on a fresh one."""
    try:
        try:
            _insert(bodies, digests)
        except (OperationalError, InterfaceError):
            connection.close()
            _insert(bodies, digests)
    except Exception as error:  # whatever it was: nobody may be left waiting
        return error
    return None


def _insert(bodies: list[bytes], digests: list[bytes]) -> None:
    connection.ensure_connection()
    # Django's own cursor writes the values into the statement, as hexadecimal text: at ten events
    # four times the work. This one sends the bytes.
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(INSERT, [bodies, digests])


_writer: Writer | None = None


def _forget_the_parents_thread() -> None:
    global _writer
    if _writer is not None:
        _writer = Writer()


os.register_at_fork(after_in_child=_forget_the_parents_thread)
