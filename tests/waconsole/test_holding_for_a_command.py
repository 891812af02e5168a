"""`manage.py` starts the embedded database for the commands that need one, and for those alone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from waconsole import embedded

ROOT = Path(__file__).resolve().parents[2]
HOLD = (
    "import sys; from waconsole import embedded; embedded.hold_for_command(sys.argv); print('go')"
)


def run(data_dir: Path, *command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", HOLD, *command],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(data_dir), **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    "command", ["help", "version", "check", "collectstatic", "migrate --help", "serve -h", ""]
)
def test_it_starts_nothing_for_a_command_without_need(tmp_path: Path, command: str) -> None:
    done = run(tmp_path / "data", *command.split())

    assert done.stdout == "go\n"
    assert not (tmp_path / "data").exists()


def test_it_starts_nothing_where_a_database_url_is_set(tmp_path: Path) -> None:
    done = run(tmp_path / "data", "migrate", DATABASE_URL="postgresql://u:p@127.0.0.1:1/d")

    assert done.stdout == "go\n"
    assert not (tmp_path / "data").exists()


def test_a_command_that_needs_it_has_it_and_leaves_none_behind(tmp_path: Path) -> None:
    done = run(tmp_path, "migrate")

    assert done.returncode == 0
    assert "starting PostgreSQL" in (tmp_path / "postgres" / "server.log").read_text()
    assert not embedded.is_running(tmp_path)


def test_a_database_that_cannot_be_had_is_said_in_one_line(tmp_path: Path) -> None:
    done = run(tmp_path / "two words", "migrate")

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("DATA_DIR must be a path without spaces")
    assert done.stderr.count("\n") == 1


def test_a_secret_that_production_lacks_is_said_in_one_line(tmp_path: Path) -> None:
    done = run(tmp_path, "serve", DEBUG="0", SIMULATOR="0", SECRET_KEY="")

    assert done.returncode == 1
    assert done.stderr == ("SECRET_KEY is not set. With DEBUG off it must be: see .env.example.\n")
