"""The bell between the doors and the pump: something was put down, look now."""

from threading import Event

_bell = Event()


def wake() -> None:
    """The pump looks at its tables at once. Harmless where no pump runs."""
    _bell.set()


def wait(seconds: float) -> None:
    """Until the bell rings, or this long."""
    _bell.wait(seconds)
    _bell.clear()
