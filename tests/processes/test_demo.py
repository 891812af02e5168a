"""`make run`: the demo comes up by itself, talks to nobody else, and leaves nothing behind."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests

from tests.processes.running import ROOT, free_port
from tests.processes.waiting import wait_for
from tests.waconsole.embedding import server_pid
from waconsole import embedded

pytestmark = pytest.mark.processes

REAL = {
    "WHATSAPP_TOKEN": "EAAaRealToken",
    "WHATSAPP_APP_SECRET": "a-real-secret",
    "WEBHOOK_VERIFY_TOKEN": "a-real-verify-token",
    "PHONE_NUMBER_ID": "499999999999999",
    "WHATSAPP_BUSINESS_ACCOUNT_ID": "599999999999999",
    "GRAPH_API_URL": "https://graph.facebook.com",
    "DEV_CLOCK_TOKEN": "a-real-clock-token",
}
# Set on some machines: what is not flushed would be seen there, and nowhere else.
UNBUFFERED = "PYTHONUNBUFFERED"


class Demo:
    """`manage.py demo` on ports and a data directory of its own."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.said = data_dir.parent / "said"
        self.url = f"http://127.0.0.1:{free_port()}"
        self.simulator_url = f"http://127.0.0.1:{free_port()}"
        self.process = self._start()
        wait_for(lambda: "is open." in self.words(), seconds=180, what="the demo")

    def _start(self) -> "subprocess.Popen[bytes]":
        console, simulator = (url.removeprefix("http://") for url in (self.url, self.simulator_url))
        with self.said.open("wb") as said:
            return subprocess.Popen(
                [
                    *(sys.executable, "manage.py", "demo"),
                    *("--bind", console, "--simulator-bind", simulator),
                ],
                cwd=ROOT,
                env={
                    **{name: value for name, value in os.environ.items() if name != UNBUFFERED},
                    **REAL,
                    "DATA_DIR": str(self.data_dir),
                    "DJANGO_SETTINGS_MODULE": "waconsole.settings",
                },
                stdout=said,
                stderr=said,
            )

    def words(self) -> str:
        assert self.process.poll() is None, self.said.read_text()
        return self.said.read_text()

    def parts(self) -> list[psutil.Process]:
        return list(psutil.Process(self.process.pid).children(recursive=True))

    def interrupt(self) -> None:
        """Ctrl-C, as a terminal sends it to what runs in front."""
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(timeout=40) == 0, self.said.read_text()


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "data"


@pytest.fixture(scope="module")
def demo(data_dir: Path) -> Iterator[Demo]:
    demo = Demo(data_dir)
    yield demo
    demo.process.terminate()
    demo.process.wait(timeout=40)


def test_it_says_where_everything_is(demo: Demo) -> None:
    words = demo.words()

    assert f"The console   {demo.url}/" in words
    assert f"The phone     {demo.simulator_url}/" in words
    assert re.search(r"sam +demo-sam +Agent", words)
    assert "Ctrl-C stops everything." in words


def test_its_logins_open_the_inbox(demo: Demo) -> None:
    with requests.Session() as browser:
        form = browser.get(f"{demo.url}/admin/login/", timeout=10)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form.text)
        assert token is not None
        fields = {"username": "sam", "password": "demo-sam", "csrfmiddlewaretoken": token[1]}
        browser.post(form.url, fields, timeout=10)
        inbox = browser.get(f"{demo.url}/", timeout=20)

    assert inbox.status_code == 200
    assert inbox.url == f"{demo.url}/admin/conversations/thread/inbox/"


def test_no_part_knows_a_real_credential_or_the_way_to_meta(demo: Demo) -> None:
    environments = [part.environ() for part in demo.parts()]

    assert len(environments) >= 8
    for environment in environments:
        assert environment["GRAPH_API_URL"] == demo.simulator_url
        assert not set(environment.values()) & set(REAL.values())


def test_a_second_demo_is_refused_its_busy_port_in_one_line(demo: Demo) -> None:
    where = demo.url.removeprefix("http://")
    done = subprocess.run(
        [sys.executable, "manage.py", "demo", "--bind", where],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(demo.data_dir)},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.returncode == 1
    assert done.stderr.startswith(f"CommandError: Cannot listen on {where}: ")
    assert done.stderr.count("\n") == 1
    assert "BIND=" in done.stderr


def test_its_database_killed_comes_back_and_customers_are_answered(demo: Demo) -> None:
    killed = server_pid(demo.data_dir)
    os.kill(killed, signal.SIGKILL)
    chat = f"{demo.simulator_url}/control/customers/27821230005/messages/"

    wait_for(lambda: is_another(demo.data_dir, killed), seconds=60, what="the database")
    wait_for(lambda: got(f"{demo.url}/healthz"), seconds=60, what="the console")
    said = {"type": "text", "text": "hi"}
    wait_for(lambda: requests.post(chat, json=said, timeout=20).ok, seconds=60, what="the phone")

    wait_for(lambda: (got(chat) or [said])[-1].get("direction") == "out", seconds=60)


def is_another(data_dir: Path, killed: int) -> bool:
    return embedded.is_running(data_dir) and server_pid(data_dir) != killed


def got(url: str) -> Any:
    """The JSON of a good answer, None of another."""
    answer = requests.get(url, timeout=20)
    return answer.json() if answer.ok else None


def test_it_is_refused_with_debug_off(embedded_database: None) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "demo"],
        cwd=ROOT,
        env={
            **os.environ,
            "DEBUG": "0",
            "SIMULATOR": "0",
            "DJANGO_SETTINGS_MODULE": "waconsole.settings",
        },
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "CommandError: The demo is for development, and DEBUG is off here."
    )


def test_an_interrupt_leaves_nothing_and_the_next_one_goes_on(tmp_path: Path) -> None:
    first = Demo(tmp_path / "data")
    parts = first.parts()
    first.interrupt()

    assert not embedded.is_running(first.data_dir)
    assert not any(part.is_running() and part.status() != "zombie" for part in parts)

    second = Demo(tmp_path / "data")
    try:
        assert re.search(r"sam +demo-sam +Agent", second.words())
    finally:
        second.interrupt()
    assert not embedded.is_running(second.data_dir)
