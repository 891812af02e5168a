"""A database with 100,000 conversations and 1,000,000 messages, made once a run.

The steps `inbox` and `api` come in, whichever is first: `loader.url()` is what `DATABASE_URL` of
their processes is to be. It is dropped when the run ends.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import time
from functools import cache

from benchmarks.load import ROOT
from tests.processes import databases

THREADS, MESSAGES = 100_000, 1_000_000


def url() -> str:
    """The address of the loaded database; the first call makes it, in about a minute."""
    return databases.url(database())


@cache
def database() -> str:
    """Its name on the embedded server."""
    name = databases.create()
    atexit.register(databases.drop, name)
    began = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "benchmarks.history", str(THREADS), str(MESSAGES)],
        cwd=ROOT,
        env=environment(databases.url(name)),
        check=True,
    )
    print(f"    ({MESSAGES:,} messages loaded in {time.monotonic() - began:.0f} s)", flush=True)
    return name


def environment(database_url: str) -> dict[str, str]:
    """For a process that works on this database; the settings of the tests would take their own."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "waconsole.settings",
        "DATABASE_URL": database_url,
    }
