"""What the console is made of when it runs: the command line of each part. `serve`, `demo` ask."""

import sys
from pathlib import Path

from django.conf import settings

from waconsole import demo_data
from waconsole.binding import Bind
from waconsole.leftovers import RUN_VARIABLE
from waconsole.supervisor import Part
from waconsole.watchdog import Watchdog

NAMES = ("web", "dispatch", "worker")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
# Known to everybody, and the simulator's own defaults.
DEMO_CREDENTIALS = {
    "WHATSAPP_TOKEN": "demo-token",
    "WHATSAPP_APP_SECRET": "demo-app-secret",
    "WEBHOOK_VERIFY_TOKEN": "demo-verify-token",
    "PHONE_NUMBER_ID": "100000000000001",
    "WHATSAPP_BUSINESS_ACCOUNT_ID": "200000000000001",
    "DEV_CLOCK_TOKEN": "demo-clock-token",
}
# Webhooks that came together share one commit, and no more of them than there are threads: with 8,
# 4,000 a second wait for the disk as soon as dispatch uses it too. An idle thread costs nothing.
BLOCKING_THREADS = 32
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


def simulator(where: Bind, *, console: Bind) -> Part:
    """Meta and the customers' phones, for the console at `console`."""
    options = {
        "--bind": str(where),
        "--webhook-url": f"{console.url}/webhooks/whatsapp/",
        "--console-clock-url": f"{console.url}/dev/clock/",
        "--business-name": demo_data.BUSINESS_NAME,
    }
    flags = [word for pair in options.items() for word in pair]
    # Whoever gives an address that others reach has asked for it.
    flags += [] if where.host in LOOPBACK else ["--public"]
    # It refuses much on purpose, as Meta does; only its own faults are worth a line.
    return Part("simulator", manage("simulator", *flags), {"LOG_LEVEL": "ERROR"})


def manage(*arguments: str) -> list[str]:
    """The command line of one of our commands."""
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
