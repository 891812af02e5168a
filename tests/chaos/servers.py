"""A PostgreSQL and a Redis of the chaos tests' own, which may be killed without hurting others."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
import redis

from tests.processes.running import ROOT
from tests.processes.waiting import wait_for
from waconsole import embedded, postgres_server

START_SECONDS = 60


class OwnPostgres:
    """An embedded server with a data directory of its own; new, with the tables of this code."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        # As `DATABASE_URL` wants it: a socket folder goes into the query.
        at = embedded.connection(data_dir)
        self.url = f"postgresql://{at['USER']}:@/{at['NAME']}?host={at['HOST']}"

    def __enter__(self) -> Self:
        embedded.stop(self._data_dir)  # a test run that was killed may have left it
        shutil.rmtree(self._data_dir, ignore_errors=True)
        self.start()
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "waconsole.settings",
                "DATABASE_URL": self.url,
            },
            check=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        shutil.rmtree(self._data_dir, ignore_errors=True)

    def start(self) -> None:
        embedded.start(self._data_dir)

    def stop(self) -> None:
        """Cleanly: sessions are cut off, everything is written down."""
        embedded.stop(self._data_dir)

    def crash(self) -> None:
        """At once, as after a power cut: what was not committed is gone, the log is replayed."""
        server = postgres_server.process(self._data_dir.absolute() / "postgres")
        assert server is not None, "The server does not run."
        server.send_signal(signal.SIGQUIT)
        wait_for(lambda: not embedded.is_running(self._data_dir), what="the end of the server")

    def query(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """The rows of a statement; none for an update. Raises: psycopg.OperationalError."""
        at = embedded.connection(self._data_dir)
        with psycopg.connect(
            host=at["HOST"], port=at["PORT"], user=at["USER"], dbname=at["NAME"], autocommit=True
        ) as connection:
            cursor = connection.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []


class OwnRedis:
    """A Redis on a socket file, without persistence: a kill loses all that it held."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._folder = Path(tempfile.mkdtemp(prefix="redis-"))
        self._socket = self._folder / "socket"
        self.url = f"unix://{self._socket}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.crash()
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        # The leader makes it stop by itself when the test run is killed.
        leader = [sys.executable, str(ROOT / "waconsole" / "leader.py"), str(os.getpid())]
        options = ["--port", "0", "--unixsocket", str(self._socket), "--save", ""]
        self._process = subprocess.Popen(
            [*leader, self._program, *options, "--appendonly", "no"],
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        wait_for(self._answers, seconds=START_SECONDS, what="redis-server")

    def crash(self) -> None:
        self._process.kill()
        self._process.wait()

    def waiting(self) -> int:
        """How many jobs wait in the queue."""
        with redis.Redis.from_url(self.url) as client:
            return int(client.llen("django_q:waconsole:q"))

    def _answers(self) -> bool:
        with suppress(redis.ConnectionError), redis.Redis.from_url(self.url) as client:
            return bool(client.ping())
        return False
