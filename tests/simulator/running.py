"""The simulator as a process of its own on a database of its own: `with Simulator() as it: ...`."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from shutil import rmtree
from types import TracebackType
from typing import Any, Self

import psutil
import requests

from tests.processes import databases
from tests.processes.running import free_port
from tests.processes.waiting import wait_for

ROOT = Path(__file__).resolve().parents[2]
BEARER = {"Authorization": "Bearer demo-token"}
READY_SECONDS = 60
STOP_SECONDS = 20


class Simulator:
    """`manage.py simulator`, answering. After the block it has stopped and left nothing behind."""

    def __init__(self, *options: str) -> None:
        self.options = options
        self.bind = f"127.0.0.1:{free_port()}"
        self.url = f"http://{self.bind}"
        self.http = requests.Session()
        self.http.trust_env = False

    def __enter__(self) -> Self:
        self.database = databases.create()
        self.data_dir = Path(tempfile.mkdtemp(prefix="simulator-"))
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        self.http.close()
        databases.drop(self.database)
        rmtree(self.data_dir, ignore_errors=True)

    def start(self) -> None:
        """It runs and answers; after a stop it goes on with the same rows."""
        with (self.data_dir / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command("--bind", self.bind, *self.options),
                cwd=ROOT,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            wait_for(self._answers, seconds=READY_SECONDS, what="the simulator")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.log()[-3000:]}") from None

    def stop(self) -> None:
        """TERM, as a supervisor does it; every process of it must be gone."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        _, left = psutil.wait_procs(children, timeout=STOP_SECONDS)
        for process in left:
            process.kill()
        assert not left, f"{left} did not stop"
        assert self.process.returncode == 0, self.log()[-3000:]

    def environment(self) -> dict[str, str]:
        """That of the tests, with this simulator's own database and folder."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "waconsole.settings",
            "DATABASE_URL": databases.url(self.database),
            "DATA_DIR": str(self.data_dir),
        }

    def log(self) -> str:
        """What it has written."""
        return (self.data_dir / "log").read_text(errors="replace")

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON of /control/."""
        answer = self.http.request(method, f"{self.url}/control/{path}", json=body, timeout=20)
        answer.raise_for_status()
        return answer.json()

    def send(self, *, timeout: float = 20, **message: Any) -> requests.Response:
        """POST /messages to Thandi; a text where nothing else is given."""
        body = {
            "messaging_product": "whatsapp",
            "to": "+27821230001",
            **(message or {"type": "text", "text": {"body": "Hi"}}),
        }
        url = f"{self.url}/v21.0/100000000000001/messages"
        return self.http.post(url, json=body, headers=BEARER, timeout=timeout)

    def _answers(self) -> bool:
        assert self.process.poll() is None, self.log()
        try:
            return self.http.get(f"{self.url}/control/", timeout=5).ok
        except requests.ConnectionError:
            return False


def command(*options: str) -> list[str]:
    """The words that start a simulator."""
    return [sys.executable, str(ROOT / "manage.py"), "simulator", *options]
