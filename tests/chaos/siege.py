"""A console under siege: its PostgreSQL and Redis may be killed, the outside world's may not."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import requests

from tests.chaos.servers import OwnPostgres, OwnRedis
from tests.processes.running import Console
from tests.processes.waiting import wait_for

# Short enough for many answers in a minute, long enough that kills find work under way.
ANSWER_AFTER_MS = 300
QUICK = {"QUIET_SECONDS": "0.5", "QUIET_AT_MOST_SECONDS": "3"}
SECOND = "second dispatch"
MAKE_NUMBER = """
from conversations.models import PhoneNumber
PhoneNumber.objects.create(phone_number_id="100000000000001", waba_id="200000000000001")
"""


class Siege(Console):
    """The console on `postgres`, with the simulator on the tests' own server.

    `redis` makes it the broker. With `two_dispatchers` a second `serve --only dispatch` works on
    the same tables.
    """

    def __init__(
        self,
        postgres: OwnPostgres,
        *,
        redis: OwnRedis | None,
        env: dict[str, str],
        two_dispatchers: bool = False,
    ) -> None:
        self.postgres, self.redis = postgres, redis
        self._two = two_dispatchers
        servers = {"DATABASE_URL": postgres.url, "REDIS_URL": redis.url if redis else ""}
        super().__init__(simulator=True, env={**QUICK, **env, **servers})

    def start(self) -> None:
        super().start()
        self.manage("shell", "-c", MAKE_NUMBER)
        ask(self, "PATCH", "faults/", answer_after_ms=ANSWER_AFTER_MS)
        if self._two:
            self._run(SECOND, "serve", "--only", "dispatch", "--grace", str(self._grace))
            wait_for(lambda: len(living(self.dispatchers)) == 2, seconds=60, what="the second")

    def query(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """On the console's own database. Raises: psycopg.OperationalError while that is away."""
        return self.postgres.query(statement, *parameters)

    def is_well(self) -> bool:
        """What a load balancer is told."""
        with suppress(requests.RequestException), requests.Session() as session:
            session.trust_env = False
            return session.get(f"{self.url}/healthz", timeout=10).ok
        return False

    def busy_workers(self, *, since_seconds: float = 0.0) -> list[int]:
        """Workers that have had a job in hand for so long, and have it still."""
        living = set(self.worker_pids())
        before = time.time() - since_seconds
        return [
            int(note.name)
            for note in (self.data_dir / "serve").glob("*/[0-9]*")
            if int(note.name) in living and _is_older(note, before)
        ]

    def members(self, words: str) -> list[int]:
        """Living processes of the cluster that have said `words` and their pid in the log."""
        said = [line.rpartition(" ")[2] for line in self.log().splitlines() if words in line]
        living = set(self.pids("worker"))
        return [int(pid) for pid in said if pid.isdigit() and int(pid) in living]

    def dispatchers(self) -> list[int]:
        """The `dispatch` of each `serve`."""
        second = self._processes.get(SECOND)
        children = psutil.Process(second.pid).children() if second else []
        return [*self.pids("dispatch"), *(child.pid for child in children)]

    def _run(self, name: str, *command: str) -> None:
        ours = self.env
        if name == "simulator":
            self.env = {**ours, "DATABASE_URL": self.database_url}
        try:
            super()._run(name, *command)
        finally:
            self.env = ours


def ask(console: Console, method: str, path: str, **body: Any) -> Any:
    """The JSON that the /control/ of the console's simulator answers."""
    with requests.Session() as session:
        session.trust_env = False
        url = f"{console.simulator_url}/control/{path}"
        answer = session.request(method, url, json=body or None, timeout=30)
    answer.raise_for_status()
    return answer.json()


def _is_older(note: Path, moment: float) -> bool:
    try:
        return note.stat().st_mtime <= moment
    except FileNotFoundError:
        return False


def living(look: Callable[[], list[int]]) -> list[int]:
    """What `look` finds, or nothing where a process ended while it looked."""
    with suppress(psutil.NoSuchProcess):
        return look()
    return []
