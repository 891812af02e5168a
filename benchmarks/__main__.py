"""`python -m benchmarks`, or `make bench`: every step, or those named on the command line.

Nothing here fails for being slow. A broken promise (an accepted event without a row, anything sent
twice) ends it with exit code 1.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from benchmarks.table import Line, is_broken

ROOT = Path(__file__).resolve().parent.parent
STEPS = (
    "ingest",
    "sustained",
    "big_posts",
    "taking_in",
    "answer",
    "delivery",
    "overtaking",
    "inbox",
    "api",
)


def main() -> int:
    """Run the steps one after another; print each line as it comes, and all of them at the end."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("steps", nargs="*", metavar="step", help=f"of {', '.join(STEPS)}")
    wanted = parser.parse_args().steps or STEPS
    if unknown := set(wanted) - set(STEPS):
        parser.error(f"there is no step {', '.join(sorted(unknown))}")
    _prepare()
    lines: list[Line] = []
    for step in wanted:
        began = time.monotonic()
        print(f"--- {step}", flush=True)
        for line in _step(step)():
            print(line, flush=True)
            lines.append(line)
        print(f"    ({time.monotonic() - began:.0f} s)", flush=True)
    print("", *lines, sep="\n")
    return 1 if is_broken(lines) else 0


def _prepare() -> None:
    """Settings of the tests' kind: nothing of a developer's environment, least of all a token."""
    os.environ.setdefault("DATA_DIR", str(ROOT / ".data" / "bench"))
    import_module("tests.settings")


def _step(name: str) -> Callable[[], Iterator[Line]]:
    run: Callable[[], Iterator[Line]] = import_module(f"benchmarks.{name}").run
    return run


if __name__ == "__main__":
    sys.exit(main())
