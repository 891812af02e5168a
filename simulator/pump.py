"""The background: statuses fall due, events are packed, POSTs are sent and repeated.

One thread does all that needs the database; a thread for each lane does nothing but HTTP.
Everything it works on are rows, so a restart goes on where the last one stopped.
"""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from queue import SimpleQueue
from threading import Event as Flag
from threading import Thread

from django.db import DatabaseError, connection
from django.db.models import Min
from django.utils import timezone

from simulator import journal, outcomes, packing, pruning, reviews, verification, wakeup, webhooks
from simulator.events import LANES
from simulator.media import links
from simulator.models import Event, Message, Webhook

logger = logging.getLogger(__name__)

# A little rest lets what belongs together gather; without it each send would be a turn.
REST_SECONDS = 0.01
REST_WHEN_BUSY_SECONDS = 0.05
BUSY = 20
SLOW_LOOK_SECONDS = 0.25
IDLE_SECONDS = 1.0
ON_THEIR_WAY_AT_MOST = 200
PRUNE_EVERY_SECONDS = 60


class Pump:
    """Runs until `stop`; at most one in a process, and one process."""

    def __init__(self) -> None:
        self.lanes = [ThreadPoolExecutor(1, f"lane-{number}") for number in range(LANES)]
        self.results: SimpleQueue[webhooks.Result] = SimpleQueue()
        self.on_their_way: set[int] = set()
        self.stopped = Flag()
        self.pruned_at = time.monotonic()
        self.looked_at = 0.0
        self.thread = Thread(target=self._run, name="pump", daemon=True)

    def start(self) -> None:
        """The thread runs; the console's webhook is verified first, as often as it takes."""
        self.thread.start()
        Thread(target=verification.until_verified, name="verification", daemon=True).start()

    def stop(self) -> None:
        """The turn under way is the last; POSTs on their way are left to themselves."""
        self.stopped.set()
        wakeup.wake()
        self.thread.join(timeout=5)

    def turn(self) -> int:
        """Everything due is done once; how many things that were."""
        now = timezone.now()
        done = self._record() + journal.flush() + self._slow_look(now)
        return done + outcomes.advance(now) + packing.pack(now) + self._hand_out()

    def _run(self) -> None:
        while not self.stopped.is_set():
            try:
                done = self.turn()
                if not done:
                    self._prune()
                    wakeup.wait(_seconds_until_something_is_due())
                time.sleep(REST_WHEN_BUSY_SECONDS if done > BUSY else REST_SECONDS)
            except DatabaseError:
                # The database is gone or restarts; what was due is due again with the next look.
                logger.warning("The database did not answer; trying again.")
                connection.close()
                wakeup.wait(IDLE_SECONDS)
            except Exception:
                # Whatever it was, webhooks must go on; the log says what to mend.
                logger.exception("A turn of the pump failed")
                wakeup.wait(IDLE_SECONDS)
        connection.close()

    def _slow_look(self, now: datetime) -> int:
        if time.monotonic() - self.looked_at < SLOW_LOOK_SECONDS:
            return 0
        self.looked_at = time.monotonic()
        return links.fetch_due() + reviews.decide(now)

    def _record(self) -> int:
        results = [self.results.get() for _ in range(self.results.qsize())]
        try:
            webhooks.record(results)
        finally:
            self.on_their_way -= {result.post.webhook_id for result in results}
        return len(results)

    def _hand_out(self) -> int:
        room = ON_THEIR_WAY_AT_MOST - len(self.on_their_way)
        posts = webhooks.due(timezone.now(), besides=self.on_their_way, limit=room)
        for post in posts:
            self.on_their_way.add(post.webhook_id)
            self.lanes[post.lane % LANES].submit(self._attempt, post)
        return len(posts)

    def _attempt(self, post: webhooks.Post) -> None:
        self.results.put(webhooks.attempt(post))
        wakeup.wake()

    def _prune(self) -> None:
        if time.monotonic() - self.pruned_at > PRUNE_EVERY_SECONDS:
            self.pruned_at = time.monotonic()
            pruning.prune()


def _seconds_until_something_is_due() -> float:
    moments = [
        Message.objects.filter(next_status_at__isnull=False, link_at_stake=False).aggregate(
            at=Min("next_status_at")
        )["at"],
        Event.objects.aggregate(at=Min("due_at"))["at"],
        Webhook.objects.filter(next_at__isnull=False).aggregate(at=Min("next_at"))["at"],
    ]
    waits = [(moment - timezone.now()).total_seconds() for moment in moments if moment]
    return min(max(min(waits, default=IDLE_SECONDS), REST_SECONDS), IDLE_SECONDS)
