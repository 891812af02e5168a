"""The embedded PostgreSQL: one server a folder, strangers live, what is wrong is one line."""

import os
import shutil
import signal
import stat
import subprocess
from pathlib import Path

import psutil
import psycopg
import pytest

from tests.processes.waiting import wait_for
from tests.waconsole.embedding import ask, server_pid
from waconsole import embedded
from waconsole.postgres_server import EmbeddedDatabaseError

pytestmark = pytest.mark.processes


def test_it_makes_the_database_and_knows_case_beyond_ascii(data_dir: Path) -> None:
    embedded.start(data_dir)

    assert ask(data_dir, "SELECT current_database()") == "waconsole"
    assert ask(data_dir, "SELECT upper('zoë ñandú') || current_setting('server_encoding')") == (
        "ZOË ÑANDÚUTF8"
    )
    assert ask(data_dir, "SHOW fsync") == "on"
    assert ask(data_dir, "SHOW synchronous_commit") == "on"
    assert ask(data_dir, "SHOW min_wal_size") == "512MB"


def test_a_second_start_leaves_the_server_alone(data_dir: Path) -> None:
    embedded.start(data_dir)
    first = server_pid(data_dir)

    embedded.start(data_dir)

    assert server_pid(data_dir) == first


def test_stop_stops_and_a_second_stop_does_nothing(data_dir: Path) -> None:
    embedded.start(data_dir)

    embedded.stop(data_dir)
    embedded.stop(data_dir)

    assert not embedded.is_running(data_dir)


def test_it_lets_a_stranger_with_the_old_pid_live(data_dir: Path) -> None:
    stranger = subprocess.Popen(["sleep", "60"])
    lines = [
        str(stranger.pid),
        str(data_dir / "postgres"),
        "1700000000",
        "5432",
        "",
        "",
        "",
        "ready",
    ]
    (data_dir / "postgres" / "postmaster.pid").write_text("\n".join(lines) + "\n")

    assert not embedded.is_running(data_dir)
    embedded.start(data_dir)
    embedded.stop(data_dir)

    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_another_server_with_the_old_pid_is_a_stranger_too(data_dir: Path, tmp_path: Path) -> None:
    embedded.start(data_dir)
    elsewhere = tmp_path / "postgres"
    elsewhere.mkdir()
    shutil.copy(data_dir / "postgres" / "postmaster.pid", elsewhere)

    embedded.stop(tmp_path)

    assert not embedded.is_running(tmp_path)
    assert embedded.is_running(data_dir)


def test_after_a_kill_it_starts_again_with_what_was_committed(data_dir: Path) -> None:
    embedded.start(data_dir)
    ask(data_dir, "CREATE TABLE kept AS SELECT 42 AS answer")

    os.kill(server_pid(data_dir), signal.SIGKILL)
    embedded.start(data_dir)

    assert ask(data_dir, "SELECT answer FROM kept") == 42
    ask(data_dir, "DROP TABLE kept")


def test_a_zombie_is_no_server(data_dir: Path) -> None:
    zombie = subprocess.Popen(["true"])
    wait_for(lambda: psutil.Process(zombie.pid).status() == psutil.STATUS_ZOMBIE)
    (data_dir / "postgres" / "postmaster.pid").write_text(f"{zombie.pid}\n")

    embedded.start(data_dir)

    assert ask(data_dir, "SELECT 1") == 1
    zombie.wait()


def test_a_long_path_gets_a_short_private_socket_folder(tmp_path: Path) -> None:
    data_dir = tmp_path / ("long" * 30)
    embedded.start(data_dir)
    sockets = Path(embedded.connection(data_dir)["HOST"])

    try:
        assert ask(data_dir, "SELECT 1") == 1
        assert len(str(sockets)) < 60
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    finally:
        embedded.stop(data_dir)
        shutil.rmtree(sockets)


def test_it_does_not_follow_a_link_laid_in_place_of_the_socket_folder(tmp_path: Path) -> None:
    data_dir = tmp_path / ("laid" * 30)
    sockets = Path(embedded.connection(data_dir)["HOST"])
    sockets.symlink_to(tmp_path)

    try:
        with pytest.raises(EmbeddedDatabaseError, match="not private"):
            embedded.start(data_dir)
    finally:
        sockets.unlink()


@pytest.mark.parametrize("name", ["with space", "comma,ed", "quo'ted"])
def test_it_refuses_an_awkward_data_dir_in_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(EmbeddedDatabaseError, match=r"^DATA_DIR must be a path without[^\n]+$"):
        embedded.start(tmp_path / name)

    assert not (tmp_path / name).exists()


def test_a_data_dir_that_cannot_be_used_is_named_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(EmbeddedDatabaseError, match=r"^The embedded database in [^\n]+$"):
        embedded.start(tmp_path / "file")


def test_an_initdb_that_was_killed_half_way_is_begun_anew(tmp_path: Path) -> None:
    half = tmp_path / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")

    embedded.start(tmp_path)

    assert ask(tmp_path, "SELECT 1") == 1
    embedded.stop(tmp_path)


def test_a_broken_cluster_is_named_in_one_line(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made / "postgres", tmp_path / "postgres", copy_function=_copy_with_owner)
    shutil.copystat(made / "postgres", tmp_path / "postgres")
    _give(made / "postgres", tmp_path / "postgres")
    (tmp_path / "postgres" / "global" / "pg_control").unlink()

    with pytest.raises(EmbeddedDatabaseError, match=r"^.*does not start: [^\n]+$"):
        embedded.start(tmp_path)


def _copy_with_owner(source: str, target: str) -> None:
    shutil.copy2(source, target)
    _give(Path(source), Path(target))


def _give(source: Path, target: Path) -> None:
    os.chown(target, source.stat().st_uid, source.stat().st_gid)


def test_a_cluster_of_another_version_is_named_in_one_line(made: Path, tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir(mode=0o700)
    _give(made / "postgres", tmp_path / "postgres")
    version = tmp_path / "postgres" / "PG_VERSION"
    version.write_text("16\n")
    _give(made / "postgres", version)

    with pytest.raises(EmbeddedDatabaseError, match=r"^[^\n]*does not start: [^\n]+$"):
        embedded.start(tmp_path)


def test_the_servers_log_keeps_no_customers_words(data_dir: Path) -> None:
    embedded.start(data_dir)
    ask(data_dir, "CREATE TABLE said (words text UNIQUE)")
    ask(data_dir, "INSERT INTO said VALUES ('my PIN is 4711')")

    with pytest.raises(psycopg.errors.UniqueViolation):
        ask(data_dir, "INSERT INTO said VALUES ('my PIN is 4711')")

    log = (data_dir / "postgres" / "server.log").read_text()
    assert "said_words_key" in log
    assert "4711" not in log
    ask(data_dir, "DROP TABLE said")


def test_only_the_owner_may_enter_the_cluster(data_dir: Path) -> None:
    embedded.start(data_dir)

    assert stat.S_IMODE((data_dir / "postgres").stat().st_mode) == 0o700
    assert ask(data_dir, "SHOW listen_addresses") == ""
