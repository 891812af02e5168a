"""Keeps the parts of the console running, each in a process group of its own, and stops them all.

`serve` and `demo` come in. It knows nothing of Django: commands, signals and time are all it has.
"""

import logging
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Protocol

log = logging.getLogger("waconsole.serve")

FIRST_DELAY_SECONDS = 1.0
LONGEST_DELAY_SECONDS = 30.0
HEALTHY_AFTER_SECONDS = 60.0
TICK_SECONDS = 0.5
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Watch(Protocol):
    """Somebody who can tell that a living part no longer works."""

    def began(self, pid: int) -> None:
        """The part was started; `pid` leads its group."""

    def ended(self) -> None:
        """The part is stopped for good."""

    def is_stuck(self) -> bool:
        """Whether the part that began last must be killed."""


@dataclass(frozen=True)
class Part:
    """One thing to keep running. TERM to `command`'s process must make it stop by itself."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    watch: Watch | None = None


def run(parts: Sequence[Part], *, grace_seconds: float, environment: Mapping[str, str]) -> None:
    """All parts run until INT, TERM or HUP comes, and none of their processes is left afterwards.

    Steps: 1 start them  2 start again what died or is stuck, after a pause that grows to 30 s and
    is forgotten after a healthy minute  3 at a signal TERM to each leader  4 after the grace, or at
    a second signal, KILL to what is left of each group.
    """
    children = [_Child(part, environment) for part in parts]
    with _signals() as wait:
        try:
            while not wait(0 if any(child.is_due() for child in children) else TICK_SECONDS):
                for child in children:
                    child.keep_running()
        finally:
            _stop(children, wait, grace_seconds)


class _Child:
    """One part and the process it has at the moment."""

    def __init__(self, part: Part, environment: Mapping[str, str]) -> None:
        self.part = part
        self.environment = {**os.environ, **environment, **part.environment}
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.start_at = 0.0
        self.delay = FIRST_DELAY_SECONDS

    def is_due(self) -> bool:
        return self.process is None and time.monotonic() >= self.start_at

    def keep_running(self) -> None:
        if self.is_due():
            self._start()
        elif self.process and self.process.poll() is not None:
            self._bury(self.process)
        elif self.process and self.part.watch and self.part.watch.is_stuck():
            log.error("%s is stuck: ending it (pid %d)", self.part.name, self.process.pid)
            self.delay = 0.0  # it was well when it began, and customers have waited long enough
            self.kill_group()

    def terminate(self) -> None:
        if self.part.watch:
            self.part.watch.ended()
        # To the leader alone: django-q2's main process hangs when its children get TERM as well.
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def kill_group(self) -> None:
        if self.process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def _start(self) -> None:
        leader = [sys.executable, "-I", "-S", str(Path(__file__).with_name("leader.py"))]
        self.process = subprocess.Popen(
            [*leader, str(os.getpid()), *self.part.command],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.started_at = time.monotonic()
        if self.part.watch:
            self.part.watch.began(self.process.pid)
        log.info("%s started (pid %d)", self.part.name, self.process.pid)

    def _bury(self, process: "subprocess.Popen[bytes]") -> None:
        """What is left of the group of a dead leader ends too; the part is due again in a while."""
        self.kill_group()
        now = time.monotonic()
        if now - self.started_at >= HEALTHY_AFTER_SECONDS:
            self.delay = FIRST_DELAY_SECONDS
        log.error(
            "%s ended (%s): starting it again in %.0f s",
            *(self.part.name, _how_it_ended(process.returncode), self.delay),
        )
        self.process, self.start_at = None, now + self.delay
        self.delay = min(LONGEST_DELAY_SECONDS, max(FIRST_DELAY_SECONDS, self.delay * 2))


def _how_it_ended(returncode: int) -> str:
    return signal.Signals(-returncode).name if returncode < 0 else f"exit code {returncode}"


class _Wait(Protocol):
    def __call__(self, seconds: float) -> bool: ...


def _stop(children: list[_Child], wait: _Wait, grace_seconds: float) -> None:
    log.info("stopping")
    for child in children:
        child.terminate()
    deadline = time.monotonic() + grace_seconds
    while not all(child.has_ended() for child in children):
        if wait(TICK_SECONDS) or time.monotonic() > deadline:
            break
    for child in children:
        if not child.has_ended():
            log.warning("%s did not stop in time: killing it", child.part.name)
        child.kill_group()
    for child in children:
        if child.process:
            child.process.wait()
    log.info("stopped")


@contextmanager
def _signals() -> Iterator[_Wait]:
    """A `wait(seconds)` that returns early when a child ends, and True when we are to stop."""
    receiver, sender = socket.socketpair()
    sender.setblocking(False)
    former_fd = signal.set_wakeup_fd(sender.fileno(), warn_on_full_buffer=False)
    numbers = {*STOP_SIGNALS, signal.SIGCHLD}
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:  # nohup: the terminal may close
        numbers.remove(signal.SIGHUP)
    former = {number: signal.signal(number, _only_wake_up) for number in numbers}

    def wait(seconds: float) -> bool:
        if not select.select([receiver], [], [], seconds)[0]:
            return False
        return any(number in STOP_SIGNALS for number in receiver.recv(256))

    try:
        yield wait
    finally:
        signal.set_wakeup_fd(former_fd)
        for number, handler in former.items():
            signal.signal(number, handler)
        receiver.close()
        sender.close()


def _only_wake_up(number: int, frame: FrameType | None) -> None:
    """Python writes the number to the wake-up socket by itself; without a handler it would not."""
