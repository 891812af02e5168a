"""Which workers of the cluster are at work: each lays a file named by its pid while it has a job.

django-q2's signals come in, in the workers; the watchdog reads it in `serve`. Leases would not do:
jobs other than replies have none, and those of other hosts count in the same table.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from waconsole.leftovers import RUN_VARIABLE


@dataclass(frozen=True)
class Work:
    """What a look at the files showed.

    `has_spawned`: the group has, or had, a worker. `changed_ns` moves when a job begins or ends.
    """

    has_spawned: bool
    pids: frozenset[int]
    changed_ns: int


def connect() -> None:
    """The workers of this process lay their files from now on, if `serve` runs them."""
    notes = os.environ.get(RUN_VARIABLE)
    if not notes:
        return
    from django_q import signals

    signals.post_spawn.connect(_spawned, dispatch_uid="at_work")
    signals.pre_execute.connect(_begin, dispatch_uid="at_work")
    signals.post_execute_in_worker.connect(_end, dispatch_uid="at_work")


def look(notes: Path, *, group: int) -> Work:
    """Who is at work in the process group `group`; a dead worker's file counts for nothing."""
    pids = (int(entry.name) for entry in notes.iterdir() if entry.name.isdigit())
    at_work = frozenset(pid for pid in pids if _is_in(group, pid))
    return Work((notes / f"spawned-{group}").exists(), at_work, notes.stat().st_mtime_ns)


def _is_in(group: int, pid: int) -> bool:
    try:
        return os.getpgid(pid) == group
    except ProcessLookupError:
        return False


def _file(name: str) -> Path:
    return Path(os.environ[RUN_VARIABLE]) / name


# A full or vanished disk must not fail the job: the worst of it is a cluster restarted in vain.


def _spawned(**_signal: Any) -> None:
    with suppress(OSError):
        _file(f"spawned-{os.getpgrp()}").touch()


def _begin(**_signal: Any) -> None:
    with suppress(OSError):
        _file(str(os.getpid())).touch()


def _end(**_signal: Any) -> None:
    with suppress(OSError):
        _file(str(os.getpid())).unlink()
