"""Runs a supervisor over the parts on its command line: `supervised GRACE NAME=CODE...`.

The supervisor's tests start it as a process of its own, so that they can signal and kill it.
"""

import logging
import signal
import sys

from waconsole import supervisor
from waconsole.supervisor import Part


def main(grace: str, *described: str) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # who started the tests may ignore it: nohup
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parts = [
        Part(name, [sys.executable, "-c", code])
        for name, _, code in (description.partition("=") for description in described)
    ]
    supervisor.run(parts, grace_seconds=float(grace), environment={})


if __name__ == "__main__":
    main(*sys.argv[1:])
