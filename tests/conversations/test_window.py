"""The 24-hour rule."""

from datetime import UTC, datetime, timedelta

import pytest

from conversations import window

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(hours=24)


def test_a_message_opens_it_for_24_hours_from_its_own_time() -> None:
    late = NOON - timedelta(hours=3)
    assert window.closes_at(None, late, NOON) == late + DAY


def test_a_message_that_comes_late_never_shortens_it() -> None:
    assert window.closes_at(NOON + DAY, NOON - timedelta(hours=5), NOON) == NOON + DAY


def test_a_message_from_the_far_future_counts_as_now() -> None:
    assert window.closes_at(None, NOON + timedelta(days=9), NOON) == NOON + DAY


def test_a_clock_that_is_five_minutes_ahead_is_believed() -> None:
    ahead = NOON + timedelta(minutes=5)
    assert window.closes_at(None, ahead, NOON) == ahead + DAY


@pytest.mark.parametrize(
    ("left", "margin", "is_open"),
    [
        (timedelta(seconds=1), timedelta(), True),
        (timedelta(), timedelta(), False),
        (timedelta(seconds=60), window.DELIVERY_MARGIN, False),
        (timedelta(seconds=61), window.DELIVERY_MARGIN, True),
        (timedelta(seconds=-1), timedelta(), False),
    ],
)
def test_the_last_moment_is_outside(left: timedelta, margin: timedelta, is_open: bool) -> None:
    assert window.is_open(NOON + left, NOON, margin=margin) is is_open


def test_it_never_was_open_for_who_never_wrote() -> None:
    assert not window.is_open(None, NOON)
    assert window.time_left(None, NOON) == timedelta()


def test_the_time_left_is_never_negative() -> None:
    assert window.time_left(NOON - DAY, NOON) == timedelta()
    assert window.time_left(NOON + DAY, NOON) == DAY
