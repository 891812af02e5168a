"""What every test stands on: its own settings, the embedded PostgreSQL, no network but loopback."""

import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TextIO

import pytest
from django.test import TransactionTestCase
from playwright.sync_api import Browser, sync_playwright
from pytest_django import DjangoDbBlocker

CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",  # a microphone that beeps, for who may use it
]
DATA_DIR = Path(os.environ["DATA_DIR"]).resolve()


def _refuse_the_world(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if host not in (None, "", b"", "localhost") and not _is_loopback(host):
        raise RuntimeError(f"A test reached for {host!r}. Tests speak to 127.0.0.1 only.")


def _is_loopback(host: str | bytes) -> bool:
    try:
        return ip_address(host.decode() if isinstance(host, bytes) else host).is_loopback
    except ValueError:
        return False


sys.addaudithook(_refuse_the_world)


def pytest_configure(config: pytest.Config) -> None:
    is_shared = bool(config.getoption("numprocesses", None))
    if is_shared:
        config.add_cleanup(_the_only_run().close)
    if is_shared or hasattr(config, "workerinput"):
        from tests import sharing

        config.pluginmanager.register(sharing.Plugin())


def _the_only_run() -> TextIO:
    """A lock on DATA_DIR until it is closed; a second run at once on one DATA_DIR is refused."""
    DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = (DATA_DIR / "tests.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pytest.exit(f"Another test run uses {DATA_DIR}. Set DATA_DIR to another folder.", 2)
    return lock


@pytest.fixture(scope="session")
def embedded_database() -> Iterator[None]:
    """The PostgreSQL of the tests runs."""
    from waconsole import embedded

    embedded.hold(DATA_DIR)
    with _the_only_run():
        _leave_the_disk_alone()
        yield


def _leave_the_disk_alone() -> None:
    """A power cut may spoil the databases of the tests: nobody waits for the disk."""
    from tests.processes import databases

    for setting in ("fsync", "full_page_writes"):
        databases.query("postgres", f"ALTER SYSTEM SET {setting} = off")
    databases.query("postgres", "SELECT pg_reload_conf()")


@pytest.fixture(scope="session")
def django_db_setup(
    embedded_database: None, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Before pytest-django makes its database there is a server to make it on.

    After each test that commits it is emptied in our way, which is ten times as fast as Django's.
    """
    from tests import emptying

    with django_db_blocker.unblock():
        emptying.remember()
        emptying.restore()  # with --reuse-db: a run that was killed left its rows
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda test: emptying.restore())
        yield


@pytest.fixture(scope="session")
def need_chromium() -> str:
    """Path of Debian's Chromium; a test without one is skipped, or with CI=true fails."""
    return _need("chromium", "apt-get install chromium")


@pytest.fixture(scope="session")
def chromium(need_chromium: str) -> Iterator[Browser]:
    """The one browser of a test run: Playwright runs once in a thread. It calls nobody at home."""
    patch = pytest.MonkeyPatch()
    # Playwright's own event loop runs in this thread; the rows are still ours to read.
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=need_chromium, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()
    patch.undo()


@pytest.fixture(scope="session")
def need_redis() -> str:
    """Path of redis-server; a test without one is skipped, or with CI=true fails."""
    return _need("redis-server", "apt-get install redis-server")


def _need(program: str, remedy: str) -> str:
    found = shutil.which(program)
    if found:
        return found
    message = f"{program} is not installed: {remedy}"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)
