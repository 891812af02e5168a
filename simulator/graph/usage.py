"""Calls that manage the account are counted by the hour, and the answer says how many are left.

Sends are not counted: they have the throughput of the number instead.
Source: Cloud API, rate limits; Graph API, X-Business-Use-Case-Usage.
"""

import json
import time
from collections import deque
from threading import Lock
from typing import Any

from simulator.graph import errors
from simulator.graph.call import Call

HEADER = "X-Business-Use-Case-Usage"
HOUR_SECONDS = 3600

_lock = Lock()
_calls: dict[str, deque[float]] = {}


def forget() -> None:
    """Nobody has called yet."""
    with _lock:
        _calls.clear()


def count(call: Call, waba_id: str) -> None:
    """One more call about this account. Raises: GraphError 80007 above the limit of the hour."""
    now, limit = time.monotonic(), call.switches.management_calls_per_hour
    with _lock:
        calls = _calls.setdefault(waba_id, deque())
        while calls and calls[0] <= now - HOUR_SECONDS:
            calls.popleft()
        used = len(calls)
        if limit and used >= limit:
            call.headers[HEADER] = _header(waba_id, 100, HOUR_SECONDS - (now - calls[0]))
            raise errors.known(80007)
        calls.append(now)
    call.headers[HEADER] = _header(waba_id, 100 * (used + 1) // limit if limit else 0, 0)


def _header(waba_id: str, percent: int, wait_seconds: float) -> str:
    row: dict[str, Any] = {
        "type": "whatsapp",
        "call_count": percent,
        "total_cputime": 0,
        "total_time": 0,
        # Minutes, where the other three are percentages.
        "estimated_time_to_regain_access": -(-int(wait_seconds) // 60),
    }
    return json.dumps({waba_id: [row]})
