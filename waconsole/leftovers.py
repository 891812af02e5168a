"""What a killed `serve` left running is found and ended by the next one.

Every run has a name. It holds a lock on a file of that name as long as it lives, and all of its
processes carry the name in their environment, which a new process with an old pid does not.
"""

import fcntl
import os
import shutil
import signal
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

RUN_VARIABLE = "WACONSOLE_RUN"


@contextmanager
def named_run(data_dir: Path) -> Iterator[dict[str, str]]:
    """The environment that every process of this run must carry; forgotten when the run is over."""
    with _only_one(data_dir) as folder:
        notes = folder / uuid.uuid4().hex
        notes.mkdir(mode=0o700)
        lock = notes.with_suffix(".lock").open("w")
        fcntl.flock(lock, fcntl.LOCK_EX)
    with lock:
        yield {RUN_VARIABLE: str(notes)}
        _forget(notes)


def end_leftovers(data_dir: Path, *, grace_seconds: float) -> int:
    """No process of a dead run is left; how many there were. Runs that live are left alone."""
    ended = 0
    with _only_one(data_dir) as folder:
        for path in folder.glob("*.lock"):
            with path.open("w") as lock, suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                ended += _end(path.with_suffix(""), grace_seconds)
                _forget(path.with_suffix(""))
    return ended


@contextmanager
def _only_one(data_dir: Path) -> Iterator[Path]:
    """Nobody takes a run for dead that has its file already, and not yet its lock."""
    folder = data_dir / "serve"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "runs").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def _end(notes: Path, grace_seconds: float) -> int:
    """TERM to the leaders, which then end their own; KILL to all that is left after the grace."""
    found = _processes(notes)
    for process in found:
        with suppress(OSError, psutil.Error):
            if os.getsid(process.pid) == process.pid:
                process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + grace_seconds
    while _processes(notes) and time.monotonic() < deadline:
        time.sleep(0.1)
    for process in _processes(notes):
        with suppress(psutil.Error):
            process.kill()
    return len(found)


def _processes(notes: Path) -> list[psutil.Process]:
    found = psutil.process_iter(["environ", "status"])
    return [
        process
        for process in found
        if (process.info["environ"] or {}).get(RUN_VARIABLE) == str(notes)
        and process.info["status"] != psutil.STATUS_ZOMBIE
    ]


def _forget(notes: Path) -> None:
    shutil.rmtree(notes, ignore_errors=True)
    notes.with_suffix(".lock").unlink(missing_ok=True)
