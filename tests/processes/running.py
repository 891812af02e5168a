"""The whole console with real processes, for stories and chaos: `with Console() as console: ...`.

Each has a database of its own, made from a migrated template in well under a second, free ports
and a data directory of its own, and leaves nothing behind.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil
import requests

from tests.processes import databases
from tests.processes.waiting import wait_for
from waconsole.leftovers import RUN_VARIABLE

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 240  # a loaded machine of two cores takes its time to compress static files
STOP_SECONDS = 30

# How the processes that `serve` starts are told apart.
COMMANDS = {"web": "granian", "dispatch": "dispatch", "worker": "qcluster"}


class Console:
    """`manage.py serve`, and with `simulator=True` the simulator, ready to be written to.

    `only` names the parts to run (default: all), `env` is added to their environment, `grace` is
    what `serve` gives them to stop, in seconds. After the block everything has stopped; a process
    that is left raises AssertionError.
    """

    def __init__(
        self,
        *,
        simulator: bool = False,
        only: tuple[str, ...] = (),
        env: dict[str, str] | None = None,
        grace: float = 20,
    ) -> None:
        self._only = only
        self._grace = grace
        self._with_simulator = simulator
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self.data_dir = Path(tempfile.mkdtemp(prefix="console-"))
        self.url = f"http://127.0.0.1:{free_port()}"
        self.simulator_url = f"http://127.0.0.1:{free_port()}"
        self._given = env or {}

    def __enter__(self) -> Self:
        self.database = databases.create()
        self.database_url = databases.url(self.database)
        self.env = {
            **os.environ,
            # The settings of the tests would put the tests' own database back.
            "DJANGO_SETTINGS_MODULE": "waconsole.settings",
            "DATABASE_URL": self.database_url,
            "DATA_DIR": str(self.data_dir),
            "PUBLIC_URL": self.url,
            "GRAPH_API_URL": self.simulator_url,
            "PYTHONUNBUFFERED": "1",
            **self._given,
        }
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        left = self.stop()
        assert kind is not None or not left, f"Left running: {left}"

    def start(self) -> None:
        """`serve` runs, and all that it runs answers. After a kill it may be started again."""
        if self._with_simulator and "simulator" not in self._processes:
            self._run("simulator", "simulator", *self._simulator_options())
        options = ["--bind", self.url.removeprefix("http://"), "--grace", str(self._grace)]
        options += [word for name in self._only for word in ("--only", name)]
        self._run("serve", "serve", *options)
        self._wait_until_ready()

    def stop(self) -> list[str]:
        """Everything is stopped and the database dropped; the command lines of what was left."""
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            _wait_or_kill(process)
        left = self._marked()
        for leftover in left:
            leftover.kill()
        databases.drop(self.database)
        shutil.rmtree(self.data_dir, ignore_errors=True)
        return [" ".join(leftover.info["cmdline"] or []) for leftover in left]

    def pids(self, part: str) -> list[int]:
        """The processes of `web`, `dispatch`, `worker`, `serve` or `simulator`, leader first.

        Empty while the part is down.
        """
        leader = self._leader(part)
        if leader is None:
            return []
        return [leader.pid, *(child.pid for child in leader.children(recursive=True))]

    def worker_pids(self) -> list[int]:
        """The processes of the cluster that run the jobs, without its sentinel and the like."""
        said = [
            line.rpartition(" ")[2] for line in self.log().splitlines() if "ready for work" in line
        ]
        living = set(self.pids("worker"))
        return [int(pid) for pid in said if int(pid) in living]

    def kill(self, part: str, number: int = signal.SIGKILL) -> int:
        """Send the signal to the leader of the part; its pid."""
        leader = wait_for(lambda: self._leader(part), what=part)
        leader.send_signal(number)
        if part in self._processes and number == signal.SIGKILL:
            self._processes.pop(part).wait()
        return int(leader.pid)

    def manage(self, *arguments: str) -> str:
        """What this management command prints, run on this console's database."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def query(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """The rows that an SQL statement gives on this console's database; none for an update."""
        return databases.query(self.database, statement, *parameters)

    def log(self) -> str:
        """All that `serve`, its parts and the simulator have written."""
        path = self.data_dir / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def _wait_until_ready(self) -> None:
        urls = [f"{self.url}/healthz"] if not self._only else []
        urls += [self.simulator_url] if self._with_simulator else []

        def is_ready() -> bool:
            has_workers = (self._only and "worker" not in self._only) or self.worker_pids()
            return bool(has_workers) and all(self._answers(url) for url in urls)

        try:
            wait_for(is_ready, seconds=READY_SECONDS, what="the console")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.log()[-5000:]}") from None

    def _run(self, name: str, *command: str) -> None:
        """The leader makes it stop by itself when the test run is killed."""
        leader = [sys.executable, str(ROOT / "waconsole" / "leader.py"), str(os.getpid())]
        with (self.data_dir / "log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                [*leader, sys.executable, str(ROOT / "manage.py"), *command],
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _simulator_options(self) -> list[str]:
        name = self._given.get("BUSINESS_NAME")
        return [
            *(("--business-name", name) if name else ()),
            *("--bind", self.simulator_url.removeprefix("http://")),
            *("--webhook-url", f"{self.url}/webhooks/whatsapp/"),
            *("--console-clock-url", f"{self.url}/dev/clock/"),
        ]

    def _answers(self, url: str) -> bool:
        ended = [name for name, process in self._processes.items() if process.poll() is not None]
        assert not ended, f"{ended} ended."
        try:
            with requests.Session() as session:
                session.trust_env = False
                return session.get(url, timeout=5).ok
        except requests.ConnectionError:
            return False

    def _leader(self, part: str) -> psutil.Process | None:
        if part in self._processes:
            return psutil.Process(self._processes[part].pid)
        serve = self._processes.get("serve")
        children = psutil.Process(serve.pid).children() if serve else []
        return next((child for child in children if COMMANDS[part] in _command(child)), None)

    def _marked(self) -> list[psutil.Process]:
        """What carries the mark of a run in our data directory, whoever its parent is by now."""
        return [
            process
            for process in psutil.process_iter(["environ", "cmdline", "status"])
            if str(self.data_dir) in (process.info["environ"] or {}).get(RUN_VARIABLE, "")
            and process.info["status"] != psutil.STATUS_ZOMBIE
        ]


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on, at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _command(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def _wait_or_kill(process: "subprocess.Popen[bytes]") -> None:
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
