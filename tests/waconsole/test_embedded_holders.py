"""Whoever holds the embedded PostgreSQL: many at once, killed, forked; the last one stops it."""

from pathlib import Path

import pytest

from tests.waconsole.embedding import HOLDER, ask, end, holder, launch, server_pid, wait_until_held
from waconsole import embedded

pytestmark = pytest.mark.processes


def test_three_starters_at_once_get_one_server(tmp_path: Path) -> None:
    starters = [launch(tmp_path) for _ in range(3)]
    for starter in starters:
        wait_until_held(starter)
    for starter in starters:
        end(starter)

    log = (tmp_path / "postgres" / "server.log").read_text()
    assert [starter.returncode for starter in starters] == [0, 0, 0]
    assert log.count("starting PostgreSQL") == 1
    assert not embedded.is_running(tmp_path)


def test_the_last_holder_stops_it(data_dir: Path) -> None:
    first, second = holder(data_dir), holder(data_dir)

    end(first)
    assert embedded.is_running(data_dir)

    end(second)
    assert not embedded.is_running(data_dir)


def test_two_holders_that_end_at_the_same_moment_leave_no_server(data_dir: Path) -> None:
    holders = [holder(data_dir) for _ in range(4)]

    for process in holders:
        assert process.stdin is not None
        process.stdin.close()
    for process in holders:
        process.wait(timeout=30)
        assert process.stdout is not None
        process.stdout.close()

    assert not embedded.is_running(data_dir)


def test_the_server_of_a_killed_holder_is_taken_over_and_stopped(data_dir: Path) -> None:
    killed = holder(data_dir)
    pid = server_pid(data_dir)
    killed.kill()
    end(killed)
    assert server_pid(data_dir) == pid

    heir = holder(data_dir)
    assert server_pid(data_dir) == pid
    end(heir)

    assert not embedded.is_running(data_dir)


def test_a_forked_child_that_ends_leaves_the_server_to_its_parent(data_dir: Path) -> None:
    fork = "import os\npid = os.fork()\nif pid == 0:\n    sys.exit()\nos.waitpid(pid, 0)\n"
    script = HOLDER.replace("print(", fork + "print(")
    parent = launch(data_dir, script=script)
    wait_until_held(parent)

    assert embedded.is_running(data_dir)
    end(parent)
    assert not embedded.is_running(data_dir)


def test_the_callers_locale_and_postgres_variables_do_not_matter(tmp_path: Path) -> None:
    process = holder(
        tmp_path,
        LC_ALL="de_DE.ISO-8859-1",
        LANG="xx_XX",
        PGPORT="6543",
        PGDATA="/nowhere",
        PGUSER="x",
    )

    assert ask(tmp_path, "SHOW server_encoding") == "UTF8"
    end(process)
