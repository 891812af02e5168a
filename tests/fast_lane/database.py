"""A database seen from outside, and the means to hold it up or cut it off."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection

from tests.processes import databases

# Of programs like ours: the workers of PostgreSQL itself look in whenever they like.
SESSIONS = (
    "SELECT pid FROM pg_stat_activity WHERE datname = %s AND pid <> ALL(%s)"
    " AND backend_type = 'client backend'"
)
HELD_UP = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"


class Database:
    """Every question goes over a connection of its own. `spared`: server processes to leave be."""

    def __init__(self, name: str, *, spared: tuple[int, ...] = ()) -> None:
        self.name = name
        self._spared = list(spared)

    def ask(self, statement: str, *values: Any) -> Any:
        """The first value of the first row."""
        return databases.query(self.name, statement, *values)[0][0]

    def events(self) -> int:
        """How many events are committed."""
        return int(self.ask("SELECT count(*) FROM conversations_webhookevent"))

    def held_up(self) -> list[int]:
        """The sessions whose statement waits for a lock."""
        return [pid for (pid,) in databases.query("postgres", HELD_UP, self.name)]

    @contextmanager
    def closed_to_inserts(self) -> Iterator[None]:
        """Whoever inserts an event waits until the end of the block."""
        with psycopg.connect(databases.url(self.name)) as holder, holder.transaction():
            holder.execute("LOCK TABLE conversations_webhookevent IN EXCLUSIVE MODE")
            yield

    @contextmanager
    def away(self) -> Iterator[None]:
        """Nobody can connect, and whoever was connected is cut off."""
        databases.query("postgres", f'ALTER DATABASE "{self.name}" ALLOW_CONNECTIONS false')
        try:
            self.cut_off()
            yield
        finally:
            databases.query("postgres", f'ALTER DATABASE "{self.name}" ALLOW_CONNECTIONS true')

    def cut_off(self) -> int:
        """The sessions that there are at the moment are ended; how many."""
        found = databases.query("postgres", SESSIONS, self.name, self._spared)
        self.end([pid for (pid,) in found])
        return len(found)

    def end(self, sessions: list[int]) -> None:
        """These sessions are over, whatever they were doing."""
        for pid in sessions:
            databases.query("postgres", "SELECT pg_terminate_backend(%s, 5000)", pid)


def of_this_test() -> Database:
    """The database of the running test, whose own connection is spared."""
    connection.ensure_connection()
    name = str(connection.settings_dict["NAME"])
    return Database(name, spared=(connection.connection.info.backend_pid,))
