"""`manage.py simulator` as it is run: address, verification, hanging answers, restarts."""

import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.processes.waiting import wait_for
from tests.simulator.receiver import Listener, Receiver
from tests.simulator.running import BEARER, ROOT, STOP_SECONDS, Simulator, command

pytestmark = [pytest.mark.processes, pytest.mark.usefixtures("django_db_setup")]


@pytest.fixture(scope="module")
def console(listener: Listener) -> Receiver:
    """The other side of the webhooks."""
    return listener.new()


@pytest.fixture(scope="module")
def simulator(console: Receiver, django_db_setup: None) -> Iterator[Simulator]:
    """One process for the tests that leave it as it was."""
    with Simulator("--webhook-url", console.url, "--console-clock-url", "") as running:
        running.control("POST", "customers/27821230001/messages/", {"type": "text", "text": "Hi"})
        yield running


@pytest.fixture(autouse=True)
def _as_usual(simulator: Simulator) -> Iterator[None]:
    yield
    simulator.control("DELETE", "faults/")


def test_it_verifies_the_webhook_at_its_start(simulator: Simulator) -> None:
    wait_for(lambda: "The webhook is verified." in simulator.log(), what="the verification")


def test_the_phone_page_and_its_parts_are_served(simulator: Simulator) -> None:
    page = simulator.http.get(simulator.url, timeout=10)
    assert "text/html" in page.headers["Content-Type"]
    for name in ("phone.js", "bubbles.css", "wallpaper.svg"):
        part = simulator.http.get(f"{simulator.url}/static/simulator/{name}", timeout=10)
        assert part.status_code == 200, name
        assert "default-src 'self'" in page.headers["Content-Security-Policy"]


def test_a_message_is_told_and_a_send_is_delivered(simulator: Simulator, console: Receiver) -> None:
    wamid = simulator.send().json()["messages"][0]["id"]

    def delivered() -> bool:
        mine = [one["status"] for one in console.statuses() if one["id"] == wamid]
        return mine == ["sent", "delivered"]

    wait_for(delivered, what="both statuses")
    assert console.messages()[0]["text"] == {"body": "Hi"}


def test_another_host_name_is_not_answered(simulator: Simulator) -> None:
    answer = simulator.http.get(simulator.url, headers={"Host": "evil.example"}, timeout=10)
    assert answer.status_code == 400


def test_a_slow_answer_is_slow(simulator: Simulator) -> None:
    simulator.control("PATCH", "faults/", {"answer_after_ms": 400})
    began = time.monotonic()
    assert simulator.send().status_code == 200
    assert time.monotonic() - began >= 0.4


def test_forty_slow_answers_wait_side_by_side(simulator: Simulator) -> None:
    simulator.control("PATCH", "faults/", {"answer_after_ms": 2000, "pair_limit": False})
    began = time.monotonic()
    with ThreadPoolExecutor(40) as many:
        answers = list(many.map(lambda _: _send(simulator), range(40)))
    assert {answer.status_code for answer in answers} == {200}
    # One after the other by eight threads they would take ten seconds and more.
    assert time.monotonic() - began < 9.5


def _send(simulator: Simulator) -> requests.Response:
    """A send on a connection of its own."""
    body = {
        "messaging_product": "whatsapp",
        "to": "+27821230001",
        "type": "text",
        "text": {"body": "Hi"},
    }
    url = f"{simulator.url}/v21.0/100000000000001/messages"
    return requests.post(url, json=body, headers=BEARER, timeout=30)


@pytest.mark.parametrize(("name", "count"), [("before", 0), ("after", 1)])
def test_a_time_out_before_the_send_sends_nothing_and_one_after_it_does(
    simulator: Simulator, name: str, count: int
) -> None:
    before = len(simulator.control("GET", "messages/?direction=out"))
    simulator.control("PATCH", "faults/", {f"timeouts_{name}_send": 1, "timeout_seconds": 2})
    with pytest.raises(requests.ReadTimeout):
        simulator.send(timeout=0.7)
    assert simulator.send().status_code == 200
    assert len(simulator.control("GET", "messages/?direction=out")) == before + count + 1


def test_a_status_can_come_before_the_answer(simulator: Simulator, console: Receiver) -> None:
    simulator.control("PATCH", "faults/", {"status_before_answer": True})
    wamid = simulator.send().json()["messages"][0]["id"]
    assert "sent" in [one["status"] for one in console.statuses() if one["id"] == wamid]


def test_what_was_not_told_is_told_after_a_restart(listener: Listener) -> None:
    console = listener.new()
    console.answers = [503] * 1000
    with Simulator("--webhook-url", console.url) as simulator:
        simulator.control(
            "POST", "customers/27821230001/messages/", {"type": "text", "text": "Hello?"}
        )
        wait_for(lambda: console.posted, what="a first attempt")
        simulator.stop()
        console.answers.clear()
        console.posted.clear()
        simulator.start()
        wait_for(console.messages, what="the message", seconds=40)
        assert console.messages()[0]["text"] == {"body": "Hello?"}


REFUSALS = [
    (("--bind", "0.0.0.0:8139"), "can be reached by others"),
    (("--bind", "localhost"), "is not address:port"),
]


@pytest.mark.parametrize(("options", "words"), REFUSALS)
def test_it_refuses_an_address_that_it_should_not_take(
    simulator: Simulator, options: tuple[str, ...], words: str
) -> None:
    assert words in _refusal(simulator, *options)


def test_it_says_that_its_port_is_taken(simulator: Simulator) -> None:
    assert "is taken" in _refusal(simulator, "--bind", simulator.bind)


def _refusal(simulator: Simulator, *options: str) -> str:
    """What it says instead of starting: one line, and no trace."""
    done = subprocess.run(
        command(*options),
        cwd=ROOT,
        env=simulator.environment(),
        capture_output=True,
        text=True,
        timeout=STOP_SECONDS * 3,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr
