"""What is refused though the message is right: too fast, unpaid, by a switch, window shut.

The buckets are kept in memory and in real time: a jump of the simulated clock earns nothing.
Source: Cloud API, throughput and pair rate limits.
"""

import time
from collections import deque
from threading import Lock

from simulator import world
from simulator.graph import errors
from simulator.graph.order import Order

PAIR_BURST = 45
PAIR_SECONDS = 6.0

_lock = Lock()
_sent: dict[int, deque[float]] = {}
_pairs: dict[int, tuple[float, float]] = {}


def forget() -> None:
    """All buckets are full again."""
    with _lock:
        _sent.clear()
        _pairs.clear()


def check_throughput(order: Order) -> None:
    """130429: more messages than the number may send within the last second."""
    most = order.switches.throughput_per_second
    if not most:
        return
    now = time.monotonic()
    with _lock:
        sent = _sent.setdefault(order.number.pk, deque())
        while sent and sent[0] <= now - 1:
            sent.popleft()
        if len(sent) >= most:
            raise errors.known(130429)
        sent.append(now)


def check_pair(order: Order) -> None:
    """131056: a burst of 45 to one person, then one every six seconds."""
    if not order.switches.pair_limit or order.chat is None:
        return
    now = time.monotonic()
    with _lock:
        left, at = _pairs.get(order.chat.pk, (float(PAIR_BURST), now))
        left = min(PAIR_BURST, left + (now - at) / PAIR_SECONDS)
        if left < 1:
            raise errors.known(131056)
        _pairs[order.chat.pk] = (left - 1, now)


def check_payment(order: Order) -> None:
    """131042 while the account has not paid."""
    if order.switches.payment_problem:
        raise errors.known(131042)


def check_refused_by_switch(order: Order) -> None:
    """Whatever code the switch names, for all sends or for the next few."""
    code = order.switches.refuse_sends_with
    if not code:
        return
    if order.switches.refuse_sends_count:
        world.change_switches(lambda old: old.one_refusal_less())
    raise errors.dead_token(order.now) if code == "190" else errors.known(int(code))


def check_window_at_once(order: Order) -> None:
    """131047 as an answer, where the switch asks for that instead of a failed webhook."""
    if (
        order.switches.window_error_at_once
        and order.type != "template"
        and not order.window_is_open
    ):
        raise errors.known(131047)
