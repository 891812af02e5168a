"""Which workers are at work, as the watchdog sees it from outside."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from waconsole import at_work

GROUP = os.getpgrp()


def signalled(notes: Path, *names: str) -> None:
    """django-q2's signals in a process that connected, as a worker does."""
    lines = [f"signals.{name}.send(sender='django_q', func=None, task={{}})" for name in names]
    program = "import django; django.setup(); from django_q import signals; " + "; ".join(lines)
    subprocess.run(
        [sys.executable, "-c", program + "; import os; print(os.getpid())"],
        env={**os.environ, "WACONSOLE_RUN": str(notes)},
        check=True,
        capture_output=True,
        cwd=Path(__file__).resolve().parents[2],
    )


def test_nobody_is_at_work_at_first(tmp_path: Path) -> None:
    assert at_work.look(tmp_path, group=GROUP).pids == frozenset()


def test_a_group_has_spawned_once_one_of_its_workers_is_there(tmp_path: Path) -> None:
    assert not at_work.look(tmp_path, group=GROUP).has_spawned

    signalled(tmp_path, "post_spawn")

    assert at_work.look(tmp_path, group=GROUP).has_spawned
    assert not at_work.look(tmp_path, group=GROUP + 1).has_spawned


def test_a_worker_of_the_group_with_a_job_is(tmp_path: Path) -> None:
    (tmp_path / str(os.getpid())).touch()

    assert at_work.look(tmp_path, group=GROUP).pids == {os.getpid()}
    assert at_work.look(tmp_path, group=GROUP + 1).pids == frozenset()


def test_a_worker_that_died_at_its_job_is_not(tmp_path: Path) -> None:
    signalled(tmp_path, "pre_execute")

    assert len(list(tmp_path.iterdir())) == 1
    assert at_work.look(tmp_path, group=GROUP).pids == frozenset()


def test_the_end_of_a_job_leaves_no_file_and_counts_as_a_change(tmp_path: Path) -> None:
    before = at_work.look(tmp_path, group=GROUP).changed_ns
    time.sleep(0.02)

    signalled(tmp_path, "pre_execute", "post_execute_in_worker")

    assert list(tmp_path.iterdir()) == []
    assert at_work.look(tmp_path, group=GROUP).changed_ns > before


def test_a_folder_that_is_gone_does_not_fail_the_job(tmp_path: Path) -> None:
    signalled(tmp_path / "gone", "pre_execute", "post_execute_in_worker")

    with pytest.raises(FileNotFoundError):
        at_work.look(tmp_path / "gone", group=GROUP)
