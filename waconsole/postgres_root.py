"""What the embedded PostgreSQL needs when root starts it: a system user of its own, and a way in.

`postgres_server` comes in, only as root.
"""

import os
import pwd
import stat
import subprocess
import sys
from pathlib import Path


def open_the_way(cluster: Path, *, programs: Path, user: str) -> None:
    """The system user exists and reaches the cluster's place and the folder `programs`.

    Folders further up that were closed to others become passable (o+x, not readable); they are
    named on standard error. Twice: nothing is left to open, and nothing is said.
    """
    _ensure_user(user)
    _make_passable(cluster.parent)
    _make_readable(programs.parent)
    above = sorted({*cluster.parent.parents, *programs.parents})
    opened = [str(folder) for folder in above if _make_passable(folder)]
    if opened:
        sys.stderr.write(
            f"Running as root: PostgreSQL runs as the user {user}, so every user may now pass "
            f"through (o+x): {', '.join(opened)}\n"
        )


def give(folder: Path, user: str) -> int:
    """`folder` belongs to `user`, whose id is returned; a link is not followed. Raises: OSError."""
    entry = pwd.getpwnam(user)
    os.chown(folder, entry.pw_uid, entry.pw_gid, follow_symlinks=False)
    return entry.pw_uid


def _ensure_user(user: str) -> None:
    if _exists(user):
        return
    made = subprocess.run(["useradd", "--system", user], capture_output=True, text=True)
    if not _exists(user):  # another process may have been quicker; then this one only failed
        raise OSError(f"the system user {user} cannot be made: {made.stderr.strip()}")


def _exists(user: str) -> bool:
    try:
        return bool(pwd.getpwnam(user))
    except KeyError:
        return False


def _make_passable(folder: Path) -> bool:
    mode = folder.stat().st_mode
    if mode & stat.S_IXOTH:
        return False
    folder.chmod(mode | stat.S_IXOTH)
    return True


def _make_readable(installed: Path) -> None:
    """Packages that root installed under a strict umask are readable for root alone."""
    if os.stat(installed / "bin" / "postgres").st_mode & stat.S_IXOTH:
        return
    for path in (installed, *installed.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(mode | (0o055 if mode & stat.S_IXUSR else 0o044))
