"""R1, the measure of this machine: one psycopg connection that inserts and commits in a loop.

The rows are those of the webhook, so a ratio to R1 says how much of "one event, one commit, nothing
else" is left when a server stands before it.
"""

import hashlib
import time
from itertools import count

import psycopg

from benchmarks import bodies
from tests.processes import databases

INSERT = """
    INSERT INTO conversations_webhookevent
        (body, digest, received_at, attempts, next_attempt_at, error)
    VALUES (%s, %s, clock_timestamp(), 0, clock_timestamp(), '')
"""
SEED = 1
CHUNK = 200


class Reference:
    """A database of its own, so that its rows disturb nobody's count."""

    def __init__(self) -> None:
        self._name = databases.create()
        self._serial = count()

    def close(self) -> None:
        databases.drop(self._name)

    def per_second(self, seconds: float) -> float:
        """Rows a second, each committed, while nothing else is measured."""
        rows, spent = 0, 0.0
        with psycopg.connect(databases.url(self._name)) as connection:
            while spent < seconds:
                # Bodies are made before the clock runs.
                made = [bodies.single(SEED, next(self._serial), at=0) for _ in range(CHUNK)]
                began = time.perf_counter()
                for body in made:
                    connection.execute(INSERT, [body, hashlib.sha256(body).digest()])
                    connection.commit()
                spent += time.perf_counter() - began
                rows += CHUNK
        return rows / spent
