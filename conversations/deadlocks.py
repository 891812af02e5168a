"""Acts that begin anew where the database ended one of two who waited for each other."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError
from psycopg.errors import DeadlockDetected

P = ParamSpec("P")
R = TypeVar("R")
TRIES = 3
# Whoever was waited for is woken within this; who comes back sooner may take it all again.
STEP_BACK_SECONDS = 0.05


def stepping_back(act: Callable[P, R]) -> Callable[P, R]:
    """Of two who wait for each other the database ends one: that one lets go, and begins anew.

    For the outermost act that takes locks: one that still holds some would be waited for again.
    """

    @wraps(act)
    def done(*args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(TRIES - 1):
            try:
                return act(*args, **kwargs)
            except OperationalError as error:
                if not isinstance(error.__cause__, DeadlockDetected):
                    raise
            time.sleep(STEP_BACK_SECONDS)
        return act(*args, **kwargs)

    return done
