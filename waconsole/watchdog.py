"""Notices a cluster that lives and no longer works; `serve` runs it beside the worker part.

An idle worker of django-q2 that is killed while it reads leaves a lock behind that nobody ever
frees: the processes live on, the cluster says that it is well, and no job is begun any more.
"""

import logging
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.models.functions import Now

from conversations import leases
from conversations.models import Thread
from waconsole import at_work

log = logging.getLogger("waconsole.serve")

LOOK_EVERY_SECONDS = 1.0
OLD_WAKE_SECONDS = 12.0
STANDSTILL_SECONDS = 3.0  # between two jobs a healthy worker is idle for milliseconds
# The wake may be in the hands of another host's cluster, which takes so many more and no job after
# that: `queue_limit` and the one that its pusher holds. What is woken then comes to a healthy one.
POKES = settings.WORKERS + 1
STARTING_SECONDS = 120.0  # at the longest, on a machine that has too much to do


@dataclass
class _Cluster:
    pid: int
    began_at: float
    has_clean_slate: bool = False
    changed_ns: int = 0
    still_since: float = 0.0
    pokes: int = 0


class Watchdog(threading.Thread):
    """Stuck: somebody waits for over 15 s, a worker is free, and here no job begins or ends.

    Suspicion: who was woken 12 s ago still waits, and for 3 s nothing happened in this cluster. It
    is then poked: all are woken anew, once a second. A healthy cluster begins a job, wherever the
    first wake went. A busy one is never suspected: its workers are at work, or jobs begin and end.
    """

    def __init__(self, notes: Path) -> None:
        super().__init__(name="watchdog", daemon=True)
        self._notes = notes
        self._cluster: _Cluster | None = None
        self._stuck: _Cluster | None = None

    def began(self, pid: int) -> None:
        """A new cluster, whose group `pid` leads, has taken the place of the former one."""
        self._cluster = _Cluster(pid, time.monotonic())
        if not self.is_alive():
            self.start()

    def ended(self) -> None:
        """No cluster is wanted any more: nobody looks, until one begins again."""
        self._cluster = None

    def is_stuck(self) -> bool:
        """Whether the cluster that began last is."""
        return self._stuck is not None and self._stuck is self._cluster

    def run(self) -> None:
        """Look once a second, for ever. A database that is away proves nothing."""
        while True:
            time.sleep(LOOK_EVERY_SECONDS)
            cluster = self._cluster
            if cluster is None or cluster is self._stuck:
                continue
            try:
                self._look(cluster)
            except (DatabaseError, InterfaceError, OSError) as error:
                log.warning("the watchdog cannot look: %s", type(error).__name__)
                with suppress(Exception):
                    connection.close()

    def _look(self, cluster: _Cluster) -> None:
        if not cluster.has_clean_slate:
            _wake_anew()
            cluster.has_clean_slate = True
        if not self._stands_still(cluster) or not _somebody_waits(is_poked=cluster.pokes > 0):
            cluster.pokes = 0
        elif cluster.pokes < POKES:
            _wake_anew()
            cluster.pokes += 1
        else:
            self._stuck = cluster

    def _stands_still(self, cluster: _Cluster) -> bool:
        work = at_work.look(self._notes, group=cluster.pid)
        now = time.monotonic()
        if work.changed_ns != cluster.changed_ns or len(work.pids) >= settings.WORKERS:
            cluster.changed_ns, cluster.still_since = work.changed_ns, now
        is_starting = not work.has_spawned and now - cluster.began_at < STARTING_SECONDS
        return not is_starting and now - cluster.still_since >= STANDSTILL_SECONDS


def _wake_anew() -> None:
    """Whoever was woken is woken again: what a dead cluster took from the broker went with it."""
    Thread.objects.filter(woken_until__gt=Now()).update(woken_until=None)


def _somebody_waits(*, is_poked: bool) -> bool:
    """Whether a wake is old; after a poke they are all new, and count as they are."""
    age = timedelta(seconds=0 if is_poked else OLD_WAKE_SECONDS)
    return Thread.objects.filter(
        reply_due_at__isnull=False,
        woken_until__gt=Now(),
        woken_until__lte=Now() + leases.WAKE - age,
    ).exists()
