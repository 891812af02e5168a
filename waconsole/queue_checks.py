"""System checks of django-q2's settings: combinations that lose jobs, or run them twice.

`manage.py check` comes in. Measured with django-q2 1.11: a job waits in the cluster's own queue
after it was taken from the broker, and is given out again when `retry` has passed since then.
"""

import math
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

# A worker that outlives its time is only ended when its timer meets zero exactly, so the step
# must divide it without a rest in binary.
GUARD_CYCLES = (0.25, 0.5, 1, 1.0)
KILL_SECONDS = 3  # django-q2 waits so much longer before it kills
CACHES_OF_ONE_PROCESS = ("locmem.LocMemCache", "dummy.DummyCache")


@register("waconsole")
def queue_is_set_up(**_kwargs: Any) -> list[CheckMessage]:
    """No setting makes the cluster lose jobs, repeat them, or hide its figures."""
    cluster = settings.Q_CLUSTER
    if settings.WORKERS < 1:
        return [_error(0, "WORKERS is less than 1.", "One process must answer: WORKERS=2")]
    if not isinstance(cluster["timeout"], int) or cluster["timeout"] < 1:
        return [_error(1, "Q_CLUSTER['timeout'] is no whole number of seconds.", "Use 60.")]
    return [*_retry(cluster), *_guard_cycle(cluster), *_database(cluster), *_cache(cluster)]


def _retry(cluster: dict[str, Any]) -> Iterator[CheckMessage]:
    rounds = math.ceil((cluster["queue_limit"] + cluster["bulk"]) / cluster["workers"]) + 1
    longest = rounds * (cluster["timeout"] + KILL_SECONDS)
    if cluster["retry"] <= longest:
        yield _error(
            *(2, "Q_CLUSTER['retry'] is too short: a job that only waits its turn runs twice."),
            f"More than {longest} s, with this queue_limit, bulk, workers and timeout.",
        )


def _guard_cycle(cluster: dict[str, Any]) -> Iterator[CheckMessage]:
    if cluster["guard_cycle"] not in GUARD_CYCLES:
        yield _error(
            *(3, "With this Q_CLUSTER['guard_cycle'] a worker that hangs is never ended."),
            "Use 0.25, 0.5 or 1.",
        )


def _database(cluster: dict[str, Any]) -> Iterator[CheckMessage]:
    if "orm" not in cluster:
        return
    if cluster["orm"] != "default":
        yield _error(
            *(4, "Q_CLUSTER['orm'] is another database than the rows it must commit with."),
            "Use 'default'.",
        )
    if settings.DATABASES["default"].get("CONN_MAX_AGE") == 0:
        yield _error(
            *(5, "With CONN_MAX_AGE 0 the cluster connects twice for every look at its table."),
            "Use 600.",
        )


def _cache(cluster: dict[str, Any]) -> Iterator[CheckMessage]:
    backend = settings.CACHES[cluster["cache"]]["BACKEND"]
    if backend.endswith(CACHES_OF_ONE_PROCESS):
        yield _error(
            *(6, "The cache is one process's own: nobody else sees the cluster's figures."),
            "Use a file, database or Redis cache.",
        )


def _error(number: int, message: str, hint: str) -> Error:
    return Error(message, hint=hint, id=f"waconsole.E{100 + number}")
