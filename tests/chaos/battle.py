"""One battle: customers write while everything is killed, then peace, then the evidence."""

import logging
import random
import time
from contextlib import ExitStack
from types import TracebackType
from typing import Self

import psycopg

from tests.chaos import blows, evidence
from tests.chaos.crowd import Crowd
from tests.chaos.judgement import Evidence
from tests.chaos.siege import Siege, ask
from tests.chaos.witness import Witness
from tests.conftest import DATA_DIR
from tests.processes.waiting import wait_for

logger = logging.getLogger(__name__)

# In a row: a lease of 30 s, a watchdog that waits 20 s for a cluster to start and 15 s for a wake,
# a minute until what died on its way is in doubt; and a loaded machine.
PEACE_SECONDS = 240
TRY_AGAIN_SECONDS = 60
FIRST_ANSWER_SECONDS = 120

# What is still owed to anybody: events, replies, sends, statuses.
OWED = """
    SELECT (SELECT count(*) FROM conversations_webhookevent WHERE processed_at IS NULL),
        (SELECT count(*) FROM conversations_thread WHERE reply_due_at IS NOT NULL),
        (SELECT count(*) FROM conversations_message WHERE status IN ('queued', 'sending'))
"""
HANDED_OVER = """
    SELECT reason, count(*) FROM conversations_threadevent WHERE kind = 'handed_over'
    GROUP BY reason
"""


class Battle:
    """The siege runs and is watched while the block lasts."""

    def __init__(self, name: str, siege: Siege, *, seed: int, seconds: float) -> None:
        self.log = DATA_DIR / f"chaos-{name}.log"  # for whoever asks why
        self._siege, self._seed, self._seconds = siege, seed, seconds
        self._witness = Witness(siege)
        self._block = ExitStack()
        self.missed: list[str] = []  # kinds of blows that had no target, not even in the end

    def __enter__(self) -> Self:
        with ExitStack() as block:
            block.enter_context(self._siege)
            block.enter_context(self._witness)
            self._block = block.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.log.write_text(self._siege.log())
        self._block.__exit__(kind, error, trace)

    def fight(self) -> None:
        """Everything is killed while customers write; each of them says one thing afterwards."""
        logger.info("CHAOS_SEED=%s CHAOS_SECONDS=%.0f", self._seed, self._seconds)
        chance = random.Random(self._seed)
        order = blows.plan(chance, self._seconds, has_redis=self._siege.redis is not None)
        with Crowd(self._siege, random.Random(self._seed)):
            wait_for(self._has_answered, seconds=FIRST_ANSWER_SECONDS, what="the first answer")
            for blow in order:
                time.sleep(blow.pause)
                if not self._strike(blow.kind, chance, seconds=blows.TARGET_SECONDS):
                    self.missed.append(blow.kind)
            self.missed = [
                kind
                for kind in self.missed
                if not self._strike(kind, chance, seconds=TRY_AGAIN_SECONDS)
            ]

    def peace(self) -> Evidence:
        """All is well, nothing is owed to anybody any more, and this is what both worlds know."""
        began = time.monotonic()
        try:
            wait_for(self._is_peace, seconds=PEACE_SECONDS, what="peace")
        except AssertionError as error:
            owed = self._siege.query(OWED)
            raise AssertionError(f"{error} Events, replies, messages owed: {owed}") from None
        found = evidence.of(self._siege, at_stake=frozenset(self._witness.at_stake))
        logger.info(
            "peace after %.0f s: %s; handed over: %s",
            *(time.monotonic() - began, found.figures, self._siege.query(HANDED_OVER)),
        )
        return found

    def _strike(self, kind: str, chance: random.Random, *, seconds: float) -> bool:
        hit = blows.strike(self._siege, kind, chance, seconds=seconds)
        logger.info("%s%s", kind, "" if hit else ": no target")
        self._witness.something_was_killed()
        return hit

    def _has_answered(self) -> bool:
        return bool(ask(self._siege, "GET", "messages/?direction=out"))

    def _is_peace(self) -> bool:
        try:
            (owed,) = self._siege.query(OWED)
        except psycopg.OperationalError:
            return False
        is_quiet = not any(owed) and ask(self._siege, "GET", "")["unsent"] == 0
        return is_quiet and self._siege.is_well()
