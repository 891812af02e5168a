"""Who sees what was on its way at each kill: only that may be in doubt afterwards."""

import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

import psycopg

from tests.chaos.siege import Siege

LOOK_SECONDS = 0.1
IN_FLIGHT = """
    SELECT reference::text FROM conversations_message WHERE status = 'sending' AND wamid IS NULL
"""
# `serve` says the first after it has killed what was left of a part, the second before it does.
A_PART_ENDED = (b" ended (", b"is stuck: ending it")


class Witness:
    """Looks into the rows after each kill, by us or by `serve`, while the block lasts.

    What a dead process had in hand stays as it was for a minute, so a look soon after is as good
    as one at the moment itself. While the database is away it is made up for.
    """

    def __init__(self, siege: Siege) -> None:
        self._siege = siege
        self._read = 0
        self._owed = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="witness")
        self.at_stake: set[str] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def something_was_killed(self) -> None:
        self._owed.set()

    def _watch(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            if self._a_part_ended():
                self._owed.set()
            if self._owed.is_set():
                self._look()

    def _look(self) -> None:
        self._owed.clear()
        try:
            self.at_stake |= {reference for (reference,) in self._siege.query(IN_FLIGHT)}
        except psycopg.OperationalError:
            self._owed.set()

    def _a_part_ended(self) -> bool:
        with suppress(FileNotFoundError), (self._siege.data_dir / "log").open("rb") as log:
            log.seek(self._read)
            new = log.read()
            self._read += len(new)
            return any(sign in new for sign in A_PART_ENDED)
        return False
