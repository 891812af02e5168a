"""The loop that looks at the tables for due work: open events, due threads, rows to post.

The tables are the truth and the queue is only a nudge, so nothing is lost when a worker, a broker
or this loop dies: the next look finds it. Any number may run, on any number of hosts.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.conf import settings
from django.db import (
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
    transaction,
)
from django_q.tasks import async_task

from conversations import (
    blocking,
    delivery,
    intake,
    leases,
    media,
    notices,
    outgoing,
    pruning,
    receipts,
    snoozing,
    takeover,
    templates_sync,
)

logger = logging.getLogger(__name__)

TICK_SECONDS = 0.1
AWAY_SECONDS = 1.0
WAKES_PER_WORKER = 2

BEAT = """
    INSERT INTO conversations_heartbeat (name, at) VALUES ('dispatch', clock_timestamp())
    ON CONFLICT (name) DO UPDATE SET at = clock_timestamp()
"""


class Dispatch:
    """One loop and, beside it, the delivery pump and the courier, with connections of their own."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._pump = delivery.Pump()
        self._courier = outgoing.Courier()
        self._seldom = (
            Every(0.2, wake_due_marks),
            Every(1.0, wake_due_blocks),
            Every(1.0, intake.match_early_statuses),
            Every(2.0, beat),
            Every(5.0, delivery.give_up_on_the_dead),
            Every(5.0, wake_due_syncs),
            Every(5.0, pruning.prune),
            Every(10.0, notices.watch_the_waiting),
            Every(10.0, snoozing.wake_snoozed),
            Every(60.0, takeover.return_after_silence),
            Every(300.0, media.forget_uploads),
            Every(3600.0, media.renew),
            # Last, and by the queue: it may take a while, and intake must not wait for it.
            Every(300.0, partial(async_task, "conversations.jobs.count_lately")),
            *(Every(every, partial(async_task, job)) for job, every in business_jobs()),
        )

    def stop(self) -> None:
        """Ask all loops to end; safe to call from a signal handler, and twice."""
        self._pump.stop()
        self._courier.stop()
        self._stopping.set()

    def run(self) -> None:
        """Look until stopped, through every absence of the database and of the broker."""
        beside = [
            threading.Thread(target=_with_connection, args=(loop.run,), name=name)
            for name, loop in (("pump", self._pump), ("courier", self._courier))
        ]
        for thread in beside:
            thread.start()
        while not self._stopping.is_set():
            try:
                busy = self.look()
            except (OperationalError, InterfaceError) as error:
                # One line a second, and not a page: it is the database that is away, not us.
                logger.error("dispatch waits for the database: %s", type(error).__name__)
                self._rest()
                continue
            except Exception:
                # Whatever it is: a loop that ended while the pump lives on would not be restarted.
                logger.exception("dispatch waits, and looks again")
                self._rest()
                continue
            if not busy:
                self._stopping.wait(TICK_SECONDS)
        for thread in beside:
            thread.join()

    def _rest(self) -> None:
        close_old_connections()
        self._stopping.wait(AWAY_SECONDS)

    def look(self) -> bool:
        """One look at everything but delivery; whether there may be more events right away."""
        drained = intake.drain()
        wake_due_threads()
        wake_due_files()
        outgoing.tell_new()
        for task in self._seldom:
            task.run_if_due()
        return drained > 0


def _with_connection(run: Callable[[], None]) -> None:
    try:
        run()
    finally:
        connection.close()  # this thread's own


class Every:
    """A task that one loop runs at most once in `seconds`."""

    def __init__(self, seconds: float, task: Callable[[], object]) -> None:
        self._seconds = seconds
        self._task = task
        self._next = 0.0

    def run_if_due(self) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + self._seconds
            self._task()


def wake_due_threads() -> list[int]:
    """Nudge the workers for due threads, oldest first, and never far ahead of them."""
    reply = partial(_nudge, "conversations.jobs.reply")
    return leases.wake(WAKES_PER_WORKER * settings.Q_CLUSTER["workers"], reply)


def wake_due_files() -> list[int]:
    """Nudge the workers for files to fetch or upload; one worker is always left for replies."""
    nudge = partial(_nudge, timeout=media.JOB_SECONDS)
    return media.wake_due(_all_workers_but_one(), nudge)


def _all_workers_but_one() -> int:
    workers: int = settings.Q_CLUSTER["workers"]
    return max(1, workers - 1)


def wake_due_marks() -> list[int]:
    """Nudge the workers for read marks; as of files, and an answer marks as read by itself."""
    return receipts.wake_due(
        _all_workers_but_one(), partial(_nudge, "conversations.jobs.mark_read")
    )


def wake_due_blocks() -> list[int]:
    """Nudge a worker for customers of whom Meta does not know that they are blocked, or not."""
    return blocking.wake_due(
        _all_workers_but_one(), partial(_nudge, "conversations.jobs.tell_block")
    )


def wake_due_syncs() -> list[str]:
    """Nudge a worker for each account whose templates are to be read from Meta."""
    if not settings.WHATSAPP_TOKEN:
        return []
    return templates_sync.wake_due(partial(_nudge, "conversations.jobs.sync_templates"))


def _nudge(job: str, key: int | str, **options: Any) -> None:
    """In the caller's transaction where the broker is a table, after its commit elsewhere.

    `options` of django-q2, such as `timeout` in seconds for a job that may take longer.
    """
    nudge = partial(async_task, job, key, **options)
    if "orm" in settings.Q_CLUSTER:
        nudge()
    else:
        transaction.on_commit(nudge)


def business_jobs() -> Iterable[tuple[str, float]]:
    """The dotted names of what the domains want done again and again, with the seconds between."""
    return settings.BUSINESS_JOBS.items()


def beat() -> None:
    """The health page sees that dispatch is at work."""
    with connection.cursor() as cursor:
        cursor.execute(BEAT)
