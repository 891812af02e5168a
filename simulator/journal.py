"""The log of Graph API calls: collected in memory, written in batches, read by people and tests.

A row for each call within the call would double what a send costs.
"""

import logging
from collections import deque
from datetime import datetime
from threading import Lock
from typing import Any

from django.db import DatabaseError, DataError

from simulator import rows
from simulator.models import Call

logger = logging.getLogger(__name__)

KEPT_ROWS = 100_000

_waiting: deque[Call] = deque()
_writing = Lock()


def record(
    *,
    method: str,
    path: str,
    body: Any,
    status: int,
    answer: Any,
    at: datetime,
    milliseconds: float,
) -> None:
    """The call will stand in the log after the next `flush`."""
    _waiting.append(
        Call(
            method=method,
            path=path[:500],
            body=body,
            status=status,
            answer=answer,
            at=at,
            milliseconds=round(milliseconds, 2),
        )
    )


def flush() -> int:
    """All recorded calls are rows, in order; how many were written.

    Raises: DatabaseError, with the calls still waiting for the next flush. Calls that can never
    be rows are dropped instead, for they would hold up the others for ever.
    """
    with _writing:
        batch = [_waiting.popleft() for _ in range(len(_waiting))]
        try:
            rows.copy_in(batch)
        except DataError:
            logger.exception("%s calls cannot stand in the log", len(batch))
        except DatabaseError:
            _waiting.extendleft(reversed(batch))
            raise
    return len(batch)


def forget() -> None:
    """What was not yet written is dropped: the log begins anew."""
    with _writing:
        _waiting.clear()


def prune() -> None:
    """Only the newest rows stay, so that a load test does not fill the disk."""
    newest = Call.objects.order_by("-id").values_list("id", flat=True).first()
    if newest is not None:
        Call.objects.filter(id__lte=newest - KEPT_ROWS).delete()
