"""`make`: what is missing on a bare machine is said in one line."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.processes.running import ROOT

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(not shutil.which("make"), reason="make is not installed"),
]

# `make test` started us: its own make would take that for a make inside a make, and say so.
OUTSIDE_MAKE = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A fresh one, as far as make looks at it."""
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def make(checkout: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["make", *arguments],
        cwd=checkout,
        capture_output=True,
        text=True,
        timeout=60,
        env=OUTSIDE_MAKE,
    )


def program(checkout: Path, *lines: str) -> str:
    """A stand-in for Python that answers make's questions with exit codes."""
    path = checkout / "python-of-the-test"
    path.write_text("\n".join(("#!/bin/sh", *lines, "")))
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("verb", ["run", "test", "setup", "lint"])
def test_a_missing_python_is_named(checkout: Path, verb: str) -> None:
    done = make(checkout, verb, "PYTHON=no-such-python")

    first = done.stderr.splitlines()[0]
    assert done.returncode == 2
    assert first.startswith("Python 3.11 or newer is needed, and there is no no-such-python")
    assert not (checkout / ".venv").exists()


def test_an_old_python_is_named(checkout: Path) -> None:
    old = program(checkout, "exit 1")

    done = make(checkout, "run", f"PYTHON={old}")

    assert done.returncode == 2
    assert f"and {old} is older" in done.stderr.splitlines()[0]


def test_a_python_without_venv_is_named(checkout: Path) -> None:
    bare = program(checkout, 'case "$2" in *version_info*) exit 0;; *) exit 1;; esac')

    done = make(checkout, "run", f"PYTHON={bare}")

    assert done.returncode == 2
    assert "apt-get install python3-venv" in done.stderr.splitlines()[0]


def test_an_installation_that_failed_is_begun_again(checkout: Path) -> None:
    (checkout / "requirements.txt").write_text("no-such-package-of-ours==0; python_version < '3'\n")
    venv = 'mkdir -p .venv/bin; printf "#!/bin/sh\\nexit 1\\n" > .venv/bin/python'
    broken = program(
        checkout, f'case "$*" in *"-m venv"*) {venv}; chmod +x .venv/bin/python;; esac'
    )

    done = make(checkout, ".venv/ready", f"PYTHON={broken}")

    assert done.returncode == 2
    assert not (checkout / ".venv" / "ready").exists()


def test_help_lists_every_verb(checkout: Path) -> None:
    said = make(checkout, "help").stdout
    listed = {line.split()[1] for line in said.splitlines()}
    verbs = (checkout / "Makefile").read_text().partition(".PHONY:")[2].split()

    assert listed == set(verbs) - {"help"}
