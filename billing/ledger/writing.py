"""How entries are written together: in one transaction, and once more where another was first."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, transaction

P = ParamSpec("P")
R = TypeVar("R")
TRIES = 3


def together(act: Callable[P, R]) -> Callable[P, R]:
    """All of it or nothing, in one transaction.

    Two who create the same row at once: the second meets the unique constraint, reads again, and
    finds a row that is there.
    """

    @wraps(act)
    def written(*args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(TRIES - 1):
            try:
                with transaction.atomic():
                    return act(*args, **kwargs)
            except IntegrityError:
                continue
        with transaction.atomic():
            return act(*args, **kwargs)

    return written
