"""What is killed in which order: by the seed alone, and each kind at least once."""

import random

from tests.chaos import blows


def order(seed: int, seconds: float, *, has_redis: bool = True) -> list[str]:
    plan = blows.plan(random.Random(seed), seconds, has_redis=has_redis)
    assert seconds * 0.7 < sum(blow.pause for blow in plan) < seconds * 1.3
    return [blow.kind for blow in plan]


def test_the_same_seed_kills_the_same() -> None:
    assert order(7, 20) == order(7, 20)
    assert order(7, 20) != order(8, 20)


def test_twenty_seconds_have_each_kind() -> None:
    assert set(order(1, 20)) == set(blows.STRIKES)


def test_without_redis_there_is_none_to_kill() -> None:
    assert set(order(1, 20, has_redis=False)) == blows.STRIKES.keys() - {"redis"}


def test_a_minute_keeps_the_console_at_work_before_it_is_felled() -> None:
    kinds = order(1, 60)
    assert 25 <= len(kinds) <= 35
    assert all(kinds.count(kind) == 1 for kind in ("idle worker", "sentinel", "cluster"))
    assert kinds.count("busy worker") == 6
