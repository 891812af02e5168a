"""Becomes the leader of one part: `leader.py SUPERVISOR_PID COMMAND...`. The supervisor starts it.

On Linux the part is asked to stop (TERM) when its supervisor dies, whatever killed that. Elsewhere
nothing tells it, and the next `serve` ends what the dead one left.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main(supervisor_pid: int, command: list[str]) -> None:
    """This process is now `command`; it exits instead if the supervisor has already gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != supervisor_pid:
        sys.exit("The supervisor has gone.")
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
