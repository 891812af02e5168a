"""The simulated world for its tests: its own addresses, a fresh first day, a console to call."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from simulator import configuration, demo, journal, world
from simulator.graph import usage
from simulator.graph.checks import limits
from simulator.models import Chat, Customer, Message
from simulator.people import chat_with
from simulator.pump import Pump
from tests.simulator.receiver import Listener, Receiver

NUMBER, WABA = "100000000000001", "200000000000001"
THANDI, SIPHO = "27821230001", "27821230002"
AT_ONCE = {"sent_after_ms": 0, "delivered_after_ms": 0, "read_after_ms": 0, "review_seconds": 0}


@pytest.fixture(scope="session")
def listener() -> Iterator[Listener]:
    """A loopback port for all receivers."""
    with Listener() as running:
        yield running


@pytest.fixture
def receiver(listener: Listener) -> Receiver:
    """A console: keeps what is posted, answers as it is told to."""
    return listener.new()


@pytest.fixture
def simulated(
    db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch, receiver: Receiver, tmp_path: Any
) -> Iterator[None]:
    """The first day of the world, served by Django's test client."""
    settings.ROOT_URLCONF = "simulator.urls"
    settings.MIDDLEWARE = ["simulator.policy.guard"]
    settings.DATA_DIR = tmp_path
    monkeypatch.setenv("SIMULATOR_WEBHOOK_URL", receiver.url)
    monkeypatch.setenv("SIMULATOR_CONSOLE_CLOCK_URL", receiver.url + "clock/")
    _forget()
    demo.ensure()
    switch(**AT_ONCE)
    yield
    _forget()


def _forget() -> None:
    configuration.current.cache_clear()
    limits.forget()
    usage.forget()
    journal.forget()
    world.forget()


def switch(**wanted: Any) -> None:
    """Set fault switches."""
    world.change_switches(lambda old: old.changed(wanted))


class Graph:
    """Calls the Graph API as a program would: bearer, JSON, a version."""

    def __init__(self) -> None:
        self.client = Client(raise_request_exception=False)
        self.token, self.version = "demo-token", "v23.0"

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        """The answer, with `status_code` and `json()`."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        content = b"" if body is None else json.dumps(body).encode()
        url = f"/{self.version}/{path}"
        return self.client.generic(method, url, content, "application/json", headers=headers)

    def send(self, to: str = "+" + THANDI, **message: Any) -> Any:
        """POST /messages; a text where nothing else is given."""
        body = {"messaging_product": "whatsapp", "to": to, **(message or text("Hi"))}
        return self("POST", f"{NUMBER}/messages", body)

    def error(self, answer: Any) -> dict[str, Any]:
        """The `error` of an answer without its trace id, which must be there."""
        error: dict[str, Any] = dict(answer.json()["error"])
        assert error.pop("fbtrace_id").startswith("A")
        return error


@pytest.fixture
def graph(simulated: None) -> Graph:
    """The Graph API of a simulated world."""
    return Graph()


class Control:
    """The /control/ API, as tests of other programs use it."""

    def __init__(self) -> None:
        self.client = Client(raise_request_exception=False)

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON of a 200; anything else fails the test that did not expect it."""
        answer = self.answer(method, path, body)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def answer(self, method: str, path: str, body: Any = None) -> Any:
        """The whole answer."""
        content = b"" if body is None else json.dumps(body).encode()
        return self.client.generic(method, f"/control/{path}", content, "application/json")

    def say(self, who: str = THANDI, **message: Any) -> dict[str, Any]:
        """The customer says something."""
        said: dict[str, Any] = self("POST", f"customers/{who}/messages/", message)
        return said

    def chat(self, who: str = THANDI) -> list[dict[str, Any]]:
        """The customer's chat."""
        messages: list[dict[str, Any]] = self("GET", f"customers/{who}/messages/")
        return messages


@pytest.fixture
def control(simulated: None) -> Control:
    """The control API of a simulated world."""
    return Control()


@pytest.fixture
def open_window(control: Control) -> None:
    """Thandi has just written, so free text may be sent to her."""
    control.say(type="text", text="Hello", webhook=False)


@pytest.fixture
def settle(simulated: None) -> Callable[[], None]:
    """Let everything that is due happen, until nothing is due any more."""
    pump = Pump()

    def run() -> None:
        quiet = 0
        while quiet < 2:
            pump.looked_at = 0.0
            quiet = quiet + 1 if not pump.turn() and not pump.on_their_way else 0
            if Message.objects.filter(link_at_stake=True).exists():
                quiet = 0
                time.sleep(0.01)
            for lane in pump.lanes:
                lane.submit(lambda: None).result(timeout=20)

    return run


def text(body: str) -> dict[str, Any]:
    """The keys of a text message."""
    return {"type": "text", "text": {"body": body}}


def thandis_chat() -> Chat:
    """The row of Thandi's chat."""
    number = world.current().numbers[NUMBER]
    return chat_with(number, Customer.objects.get(wa_id=THANDI))
