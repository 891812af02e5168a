"""The load generator: what it sends is what it says, and its counts are those of the server."""

import time

import pytest

from benchmarks import load
from benchmarks.load import Found, Load
from conversations.whatsapp import signature
from tests.benchmarks.webhook_server import WebhookServer
from tests.processes.running import free_port

pytestmark = pytest.mark.processes


def a_load(port: int, **given: object) -> Load:
    fields: dict[str, object] = {"connections": 4, "seconds": 10.0, "count": 60, "seed": 5}
    return Load(port=port, **(fields | given))  # type: ignore[arg-type]  # the fields by name


def test_every_body_is_sent_once_signed_and_answered() -> None:
    with WebhookServer(lambda number: 200) as server:
        wanted = a_load(server.port)
        found = load.run(wanted)
    assert sorted(found.accepted) == list(range(60))
    assert sorted(server.bodies) == sorted(load.body_of(wanted, number) for number in range(60))
    signed = [signature.sign(body, "demo-app-secret") for body in server.bodies]
    assert server.signatures == signed
    assert (found.sent, found.unanswered, found.not_sent) == (60, 0, 0)
    assert found.statuses == {"200": 60}
    assert len(found.latencies) == 60


def test_answers_other_than_200_are_counted_apart() -> None:
    with WebhookServer(lambda number: 503 if number % 3 == 0 else 200) as server:
        found = load.run(a_load(server.port))
    assert found.statuses == {"200": 40, "503": 20}
    assert len(found.accepted) == 40


def test_who_hangs_up_has_not_answered_and_the_load_goes_on() -> None:
    with WebhookServer(lambda number: None if number == 5 else 200) as server:
        found = load.run(a_load(server.port))
    assert (found.unanswered, len(found.accepted)) == (1, 59)


def test_a_paced_load_keeps_its_rate() -> None:
    with WebhookServer(lambda number: 200) as server:
        found = load.run(a_load(server.port, rate=100.0))
    assert len(found.accepted) == 60
    assert 0.55 < found.seconds < 3, "60 at 100 a second"


def test_the_time_of_a_paced_request_counts_from_when_it_was_due() -> None:
    def slow_at_first(number: int) -> int:
        if number == 0:
            time.sleep(0.5)
        return 200

    with WebhookServer(slow_at_first) as server:
        found = load.run(a_load(server.port, connections=1, rate=100.0))
    late = [one for one in found.latencies if one > 0.2]
    assert len(late) > 20, "those that were due meanwhile waited as well"


def test_where_nobody_listens_nothing_is_sent() -> None:
    found = load.run(a_load(free_port(), rate=1000.0, seconds=0.5, patience_seconds=0.1))
    assert (found.sent, found.accepted) == (0, [])
    assert found.not_sent > 0


def test_percentiles_are_those_of_the_accepted() -> None:
    found = Found(latencies=[number / 1000 for number in range(1, 101)])
    assert (found.percentile(0.5), found.percentile(0.99), found.percentile(1)) == (51, 100, 100)
