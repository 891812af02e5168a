"""Times as Meta writes them, and as nobody should: text, numbers, milliseconds, nonsense."""

from datetime import UTC, datetime
from typing import Any

import pytest

from conversations.whatsapp import events
from conversations.whatsapp.events import Broken, InboundMessage
from tests.whatsapp.samples import data


def at(timestamp: Any) -> datetime | Broken:
    sample = data("messages__text")
    sample["entry"][0]["changes"][0]["value"]["messages"][0]["timestamp"] = timestamp
    (event,) = events.parse(sample)
    assert isinstance(event, InboundMessage | Broken)
    return event if isinstance(event, Broken) else event.sent_at


@pytest.mark.parametrize(
    "timestamp", ["1749416383", 1749416383, 1749416383.7, 1749416383000, "1749416383000"]
)
def test_every_way_to_write_a_time_is_understood(timestamp: Any) -> None:
    assert at(timestamp) == datetime(2025, 6, 8, 20, 59, 43, tzinfo=UTC)


@pytest.mark.parametrize("timestamp", ["0", "4102444800"])
def test_an_odd_time_is_a_time(timestamp: str) -> None:
    """Intake decides what to make of 1970 and 2100; a message is not lost for its time."""
    assert at(timestamp) == datetime.fromtimestamp(int(timestamp), UTC)


@pytest.mark.parametrize(
    "timestamp",
    [
        None,
        "",
        "soon",
        "-5",
        -5,
        True,
        [],
        {},
        float("inf"),
        float("nan"),
        10**30,
        "9" * 5000,
    ],
)
def test_what_is_no_time_is_broken(timestamp: Any) -> None:
    broken = at(timestamp)
    assert isinstance(broken, Broken)
    assert broken.reason == "timestamp is no time"
