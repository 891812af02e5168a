"""Root's embedded PostgreSQL: a user of its own that gets a way in, no wider than it must be."""

import os
import stat
from pathlib import Path

import pytest

from waconsole import postgres_root

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root has another user to let in")


@pytest.fixture
def cluster(tmp_path: Path) -> Path:
    """Where a cluster will be, below a home that is closed to others."""
    tmp_path.chmod(0o711)
    data_dir = tmp_path / "home" / "data"
    data_dir.mkdir(parents=True)
    data_dir.parent.chmod(0o700)
    data_dir.chmod(0o700)
    return data_dir / "postgres"


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """PostgreSQL as root installs it under a strict umask."""
    programs = tmp_path / "installed" / "bin"
    programs.mkdir(parents=True)
    (programs / "postgres").touch(mode=0o700)
    (programs.parent / "library").touch(mode=0o600)
    programs.chmod(0o700)
    return programs


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_folders_on_the_way_become_passable_and_not_readable(cluster: Path, programs: Path) -> None:
    postgres_root.open_the_way(cluster, programs=programs, user="pgserver")

    assert mode(cluster.parent) == 0o701
    assert mode(cluster.parent.parent) == 0o701


def test_programs_become_readable_and_only_what_runs_may_run(cluster: Path, programs: Path) -> None:
    postgres_root.open_the_way(cluster, programs=programs, user="pgserver")

    assert mode(programs / "postgres") == 0o755
    assert mode(programs) == 0o755
    assert mode(programs.parent / "library") == 0o644


def test_opened_folders_above_are_named_once(
    cluster: Path, programs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    postgres_root.open_the_way(cluster, programs=programs, user="pgserver")
    said = capsys.readouterr().err
    postgres_root.open_the_way(cluster, programs=programs, user="pgserver")

    assert said.startswith("Running as root: PostgreSQL runs as the user pgserver")
    assert said.strip().endswith(str(cluster.parent.parent))
    assert capsys.readouterr().err == ""


def test_what_is_given_away_is_never_what_a_link_points_to(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "target")

    owner = postgres_root.give(tmp_path / "link", "pgserver")

    assert (tmp_path / "link").lstat().st_uid == owner
    assert (tmp_path / "target").stat().st_uid == 0
