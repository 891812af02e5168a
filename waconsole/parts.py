"""What the console is made of when it runs: the command line of each part. `serve`, `demo` ask."""

import sys
from pathlib import Path

from django.conf import settings

from waconsole.binding import Bind
from waconsole.leftovers import RUN_VARIABLE
from waconsole.supervisor import Part
from waconsole.watchdog import Watchdog

NAMES = ("web", "dispatch", "worker")
BLOCKING_THREADS = 8
# Requests that wait inside granian; more wait in the kernel's backlog, where they cost nothing.
BACKPRESSURE = 64


def web(where: Bind) -> Part:
    """granian with our WSGI application; TERM lets the requests in hand finish."""
    options = {
        "--interface": "wsgi",
        "--host": where.host,
        "--port": str(where.port),
        "--workers": "1",
        "--blocking-threads": str(BLOCKING_THREADS),
        "--backpressure": str(BACKPRESSURE),
        "--workers-kill-timeout": "10",
        "--log-level": "error",  # warns of more threads than cores, which are meant: they wait
    }
    flags = [word for pair in options.items() for word in pair]
    return Part(
        "web",
        [sys.executable, "-m", "granian", *flags, "--no-ws", "waconsole.wsgi:application"],
    )


def dispatch() -> Part:
    """The loop that looks at the tables."""
    return Part("dispatch", manage("dispatch"))


def worker(run: dict[str, str]) -> Part:
    """The django-q2 cluster, and the watchdog that tells when it is stuck."""
    return Part("worker", manage("qcluster"), watch=Watchdog(Path(run[RUN_VARIABLE])))


def manage(*arguments: str) -> list[str]:
    """The command line of one of our commands."""
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
