"""The state that every request needs, kept at hand: clock, switches, numbers, subscriptions.

One process serves the simulator, so what it keeps in memory is exact as long as every change goes
through this module; a send then costs two queries instead of five.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from threading import RLock
from typing import Any

from simulator.models import Number, Subscription, World
from simulator.switches import Switches


@dataclass(frozen=True)
class Snapshot:
    """One consistent look. `numbers` by phone number id, `subscribed` by account id."""

    offset_seconds: float
    switches: Switches
    numbers: dict[str, Number]
    subscribed: dict[str, Subscription]


_lock = RLock()
_kept: list[Snapshot] = []


def current() -> Snapshot:
    """The world as it is now."""
    with _lock:
        if not _kept:
            _kept.append(_read())
        return _kept[0]


def forget() -> None:
    """The next `current()` reads the tables again; call it after changing numbers and the like."""
    with _lock:
        _kept.clear()


def switches() -> Switches:
    """The switches as they stand."""
    return current().switches


def set_switches(wanted: Switches) -> None:
    """From now on the world behaves like this."""
    with _lock:
        World.objects.filter(id=1).update(switches=wanted.not_default())
        forget()


def set_offset(seconds: float) -> None:
    """The simulated clock is so far ahead of the real one."""
    with _lock:
        World.objects.filter(id=1).update(clock_offset_seconds=seconds)
        forget()


def use_up(name: str) -> bool:
    """Count the switch down by one; False where it already stood at zero."""
    with _lock:
        left = int(getattr(switches(), name))
        if left <= 0:
            return False
        fewer: dict[str, Any] = {name: left - 1}
        set_switches(replace(switches(), **fewer))
        return True


def change_switches(change: Callable[[Switches], Switches]) -> Switches:
    """Read, change and write without another change in between; the new state."""
    with _lock:
        wanted = change(switches())
        set_switches(wanted)
        return wanted


def as_dict() -> dict[str, bool | int | float | str]:
    """All switches by name."""
    return asdict(switches())


def _read() -> Snapshot:
    world, _ = World.objects.get_or_create(id=1)
    return Snapshot(
        offset_seconds=world.clock_offset_seconds,
        switches=Switches.of(world.switches),
        numbers={number.phone_number_id: number for number in Number.objects.order_by("id")},
        subscribed={one.waba_id: one for one in Subscription.objects.all()},
    )
