"""What is killed in which order: by the seed alone, and each kind at least once."""

import random

from tests.chaos import blows


def order(seed: int, seconds: float, *, has_redis: bool = True) -> list[str]:
    plan = blows.plan(random.Random(seed), seconds, has_redis=has_redis)
    assert [blow.after for blow in plan] == sorted(blow.after for blow in plan)
    assert plan[-1].after <= seconds
    return [blow.kind for blow in plan]


def test_the_same_seed_kills_the_same() -> None:
    assert order(7, 20) == order(7, 20)
    assert order(7, 20) != order(8, 20)


def test_twenty_seconds_have_each_kind() -> None:
    assert set(order(1, 20)) == set(blows.STRIKES)


def test_without_redis_there_is_none_to_kill() -> None:
    assert set(order(1, 20, has_redis=False)) == blows.STRIKES.keys() - {"redis"}


def test_a_minute_does_not_keep_the_cluster_down() -> None:
    assert 30 <= len(order(1, 60)) <= 36
    assert all(order(1, 60).count(kind) == 2 for kind in blows.FELLS_THE_CLUSTER)
