"""`manage.py serve` whole: it comes up, heals, stops, and leaves nothing behind."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.processes import databases
from tests.processes.running import ROOT, Console, free_port
from tests.processes.waiting import is_alive, wait_for

pytestmark = pytest.mark.processes

PARTS = ("web", "dispatch", "worker")


@pytest.fixture
def console(embedded_database: None) -> Iterator[Console]:
    with Console() as console:
        yield console


def everything(console: Console) -> list[int]:
    return [pid for part in PARTS for pid in console.pids(part)]


def health(console: Console) -> int:
    return requests.get(f"{console.url}/healthz", timeout=10).status_code


def serve(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """A `serve` that is expected to give up."""
    return subprocess.run(
        [sys.executable, "manage.py", "serve", *arguments],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "waconsole.settings", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_signal_stops_every_process(console: Console) -> None:
    pids = everything(console)

    leader = console.kill("serve", signal.SIGINT)

    wait_for(lambda: not is_alive(leader), what="serve to stop")
    assert len(pids) >= 8
    assert not any(is_alive(pid) for pid in pids)
    assert "did not stop in time" not in console.log()


def test_every_part_that_is_killed_comes_back(console: Console) -> None:
    killed = [console.kill(part) for part in PARTS]

    wait_for(lambda: all(console.log().count(f"{part} started") == 2 for part in PARTS))
    assert not any(is_alive(pid) for pid in killed)
    wait_for(lambda: _answer_of_healthz(console) == (200, None), what="web")
    wait_for(console.worker_pids, what="the workers")


def test_orphans_of_a_killed_cluster_are_ended(console: Console) -> None:
    cluster = console.pids("worker")

    console.kill("worker")

    wait_for(lambda: not any(is_alive(pid) for pid in cluster), what="the old cluster to end")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the next `serve` ends them")
def test_nothing_runs_on_after_serve_was_killed(console: Console) -> None:
    pids = everything(console)

    console.kill("serve")

    wait_for(lambda: not any(is_alive(pid) for pid in pids), what="the parts to end")


def test_the_next_serve_ends_what_a_killed_one_left(embedded_database: None) -> None:
    with Console(grace=2) as console:
        pids = everything(console)
        for pid in pids:  # so that nobody hears that the supervisor died
            os.kill(pid, signal.SIGSTOP)
        console.kill("serve")
        assert all(is_alive(pid) for pid in pids)

        console.start()

        assert not any(is_alive(pid) for pid in pids)
        assert health(console) == 200


def test_a_serve_that_lives_is_none_of_the_next_ones_business(console: Console) -> None:
    pids = everything(console)
    other = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--only", "dispatch"], cwd=ROOT, env=console.env
    )
    marks = console.data_dir / "serve"
    wait_for(lambda: len(list(marks.glob("*.lock"))) == 2, what="the second serve")

    other.terminate()
    other.wait(timeout=30)

    assert all(is_alive(pid) for pid in pids)


def test_one_part_alone_runs_no_other(embedded_database: None) -> None:
    with Console(only=("web",)) as console:
        wait_for(lambda: _answer_of_healthz(console), what="web")

        assert console.pids("dispatch") == console.pids("worker") == []
        assert _answer_of_healthz(console) == (
            503,
            [{"part": "dispatch", "reason": "It has never run."}],
        )


def test_a_database_that_went_away_is_the_reason_it_is_unwell(embedded_database: None) -> None:
    with Console(only=("web",)) as console:
        wait_for(lambda: _answer_of_healthz(console), what="web")

        databases.drop(console.database)

        assert _answer_of_healthz(console) == (
            503,
            [{"part": "database", "reason": "It does not answer."}],
        )


def _answer_of_healthz(console: Console) -> tuple[int, object] | None:
    try:
        answer = requests.get(f"{console.url}/healthz", timeout=10)
    except requests.ConnectionError:
        return None
    return answer.status_code, answer.json().get("reasons")


def test_without_debug_it_collects_its_static_files_and_answers_plain_http(
    embedded_database: None,
) -> None:
    settings = {"DEBUG": "0", "SIMULATOR": "0", "ALLOWED_HOSTS": "127.0.0.1"}
    with Console(env=settings) as console:
        page = requests.get(f"{console.url}/admin/login/", timeout=10)
        sheet = re.search(r'href="(/static/[^"]+\.css)"', page.text)
        assert sheet is not None
        style = requests.get(f"{console.url}{sheet[1]}", timeout=10)
        clock = requests.post(f"{console.url}/dev/clock/", timeout=10)

    assert (page.status_code, style.status_code, clock.status_code) == (200, 200, 404)
    assert style.headers["Cache-Control"].endswith("immutable")


def test_a_busy_port_is_said_in_one_line_before_anything_starts(console: Console) -> None:
    where = console.url.removeprefix("http://")

    done = serve("--bind", where, DATABASE_URL=console.database_url)

    assert done.returncode == 1
    assert done.stderr == (
        f"CommandError: Cannot listen on {where}: Address already in use. "
        "Choose another with --bind.\n"
    )


def test_unapplied_migrations_are_refused_in_one_line(
    embedded_database: None, tmp_path: Path
) -> None:
    databases.query("postgres", "CREATE DATABASE story_empty")
    try:
        done = serve(DATABASE_URL=databases.url("story_empty"), DATA_DIR=str(tmp_path))
    finally:
        databases.drop("story_empty")

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "run `python manage.py migrate` first" in done.stderr


def test_a_database_that_is_away_is_said_in_one_line(tmp_path: Path) -> None:
    away = f"postgresql://nobody:nothing@127.0.0.1:{free_port()}/none"

    done = serve(DATABASE_URL=away, DATA_DIR=str(tmp_path))

    assert done.returncode == 1
    assert done.stderr.startswith("CommandError: The database does not answer:")
    assert done.stderr.count("\n") == 1
    assert "nothing" not in done.stderr
