"""One console and one simulator for all the checks, real processes both, and seats at a browser."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.acceptance.seat import Seat
from tests.processes.running import Console
from waconsole import demo_data

MakeSeat = Callable[..., Seat]

FILL = """
from django.contrib.auth.models import User
from waconsole import demo_data
demo_data.load(); demo_data.tell_phones("{simulator}")
from tests.acceptance import rows
rows.add()
"""


@pytest.fixture(scope="session")
def console(embedded_database: None) -> Iterator[Console]:
    """`serve` with the demo's business in it, and more conversations than a page shows."""
    # The clock jumps by days; conversations shall stay with the people who took them.
    own = {"QUIET_SECONDS": "0.2", "STAFF_SILENCE_HOURS": "72"}
    env = {**demo_data.ENVIRONMENT, **own}
    with Console(simulator=True, env=env) as running:
        running.manage("shell", "-c", FILL.format(simulator=running.simulator_url))
        yield running


@pytest.fixture
def seat(console: Console, chromium: Browser) -> Iterator[MakeSeat]:
    """seat("sam", width=..., height=..., dark=...): a browser in which this person is signed in."""
    seats: list[Seat] = []

    def take(username: str = "sam", **how: object) -> Seat:
        seats.append(Seat(chromium, console, username, **how))  # type: ignore[arg-type]
        return seats[-1]

    yield take
    for one in seats:
        one.close()
