"""What the steps play on: consoles of real processes, rows to begin with, and questions after."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import requests

from benchmarks.load import ROOT, Found, Load, body_of
from tests.processes.running import Console
from tests.processes.waiting import wait_for

READY_SECONDS = 60
NO_NOISE = {"LOG_LEVEL": "WARNING"}


@contextmanager
def web(*, fast_lane: bool) -> Iterator[Console]:
    """The web server alone, with the fast lane or without."""
    with Console(only=("web",), env={**NO_NOISE, "FAST_LANE": str(fast_lane)}) as console:
        wait_for(lambda: is_up(console), seconds=READY_SECONDS, what="web")
        yield console


@contextmanager
def web_and_dispatch() -> Iterator[Console]:
    """Webhooks come in and become rows; nobody answers them."""
    with Console(only=("web", "dispatch"), env=NO_NOISE) as console:
        wait_for(lambda: is_up(console), seconds=READY_SECONDS, what="web")
        yield console


def is_up(console: Console) -> bool:
    """Whether the web server answers; only the challenge's 403 needs no database."""
    try:
        return requests.get(f"{console.url}/webhooks/whatsapp/", timeout=10).status_code == 403
    except requests.RequestException:
        return False


def port_of(console: Console) -> int:
    """Where the web server listens."""
    return int(console.url.rpartition(":")[2])


def fill(console: Console, *arguments: str) -> None:
    """Make rows to begin with: see `benchmarks.rows`, which runs in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.rows", *arguments]
    subprocess.run(command, cwd=ROOT, env=console.env, check=True)


def events_in(console: Console) -> int:
    """How many webhook events are kept."""
    return int(console.query("SELECT count(*) FROM conversations_webhookevent")[0][0])


def open_events_in(console: Console) -> int:
    """How many of them wait to be taken in."""
    question = "SELECT count(*) FROM conversations_webhookevent WHERE processed_at IS NULL"
    return int(console.query(question)[0][0])


def missing_in(console: Console, sent: Load, found: Found) -> int:
    """How many bodies were answered with 200 and are not there."""
    rows = console.query("SELECT digest FROM conversations_webhookevent")
    kept = {bytes(digest) for (digest,) in rows}
    digests = (hashlib.sha256(body_of(sent, number)).digest() for number in found.accepted)
    return sum(digest not in kept for digest in digests)
