"""The embedded PostgreSQL of a checkout: who needs it, who holds it, where it is reached.

`manage.py` comes in before Django, `settings` asks for the address, the tests hold a server of
their own. The server itself is the business of `postgres_server`.
"""

import atexit
import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from waconsole import postgres_server
from waconsole.postgres_server import PORT, EmbeddedDatabaseError

DATABASE = "waconsole"
SOCKET_PATH_BYTES = 103  # sun_path of unix(4): 104 with the final NUL on macOS, 108 on Linux

# These never ask the database anything. Every other command is given a running one.
WITHOUT_DATABASE = frozenset(
    {"help", "version", "--version", "check", "diffsettings", "spectacular"}
    | {"collectstatic", "findstatic", "compilemessages", "makemessages", "startapp"}
)


def connection(data_dir: Path) -> dict[str, Any]:
    """The Django `DATABASES` entry for the server of `data_dir`; starts nothing, asks nothing."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE,
        "USER": "postgres",
        "HOST": str(_socket_folder(data_dir)),
        "PORT": PORT,
    }


def hold_for_command(argv: list[str]) -> None:
    """Start and hold the server where the command in `argv` needs one and no `DATABASE_URL` is set.

    Raises: SystemExit with one line when the server cannot be had, or a setting is missing.
    """
    if not _needs_database(argv):
        return
    from django.core.exceptions import ImproperlyConfigured

    try:
        from waconsole import settings

        if not settings.DATABASE_URL:
            hold(settings.DATA_DIR)
    except (EmbeddedDatabaseError, ImproperlyConfigured) as error:
        raise SystemExit(str(error)) from None


def hold(data_dir: Path) -> None:
    """The server runs until the last process that holds it has ended; this process holds it now.

    A holder keeps a shared lock on a file. At its exit it tries to make that lock exclusive; who
    succeeds was the last one, and stops the server. A killed holder only drops its lock: the next
    one finds the server running and takes it over. Forked children keep the lock, never stop it.
    Raises: EmbeddedDatabaseError. Twice: harmless.
    """
    with _only_one(data_dir):
        _start(data_dir)
        holders = _open_lock(data_dir / "postgres.holders")
        fcntl.flock(holders, fcntl.LOCK_SH)
    atexit.register(_let_go, data_dir, holders, os.getpid())


def start(data_dir: Path) -> None:
    """The server of `data_dir` answers and has the database `waconsole`.

    Raises: EmbeddedDatabaseError. Twice, or by several at once: one server.
    """
    with _only_one(data_dir):
        _start(data_dir)


def stop(data_dir: Path) -> None:
    """No server of `data_dir` runs; whoever was connected is cut off. Twice: nothing happens.

    Raises: EmbeddedDatabaseError when it has not ended after a minute.
    """
    with _only_one(data_dir):
        postgres_server.stop(_cluster(data_dir))


def is_running(data_dir: Path) -> bool:
    """Whether a server of exactly this directory runs; another program with its old pid is none."""
    return postgres_server.process(_cluster(data_dir)) is not None


def _cluster(data_dir: Path) -> Path:
    return data_dir.absolute() / "postgres"


def _socket_folder(data_dir: Path) -> Path:
    """The cluster itself, which only its owner may enter; a short path where that one is long."""
    cluster = _cluster(data_dir)
    if len(os.fsencode(cluster / f".s.PGSQL.{PORT}")) <= SOCKET_PATH_BYTES:
        return cluster
    name = hashlib.sha256(os.fsencode(cluster)).hexdigest()[:12]
    # Not gettempdir(): two processes with different TMPDIR must arrive at the same folder.
    return Path("/tmp") / f"waconsole-{os.geteuid()}-{name}"  # noqa: S108 - owner, mode are checked


def _start(data_dir: Path) -> None:
    cluster, sockets = _cluster(data_dir), _socket_folder(data_dir)
    for _ in range(3):  # the server that was found may have been ending: then start another
        postgres_server.start(cluster, sockets=sockets)
        if postgres_server.create_database(cluster, DATABASE, sockets=sockets):
            return
    raise EmbeddedDatabaseError(f"The embedded database in {cluster} ends again and again.")


def _needs_database(argv: list[str]) -> bool:
    command = argv[1] if len(argv) > 1 else "help"
    return command not in WITHOUT_DATABASE and not {"-h", "--help"} & set(argv)


def _let_go(data_dir: Path, holders: int, owner_pid: int) -> None:
    if os.getpid() != owner_pid:
        return
    with suppress(EmbeddedDatabaseError), _only_one(data_dir):
        try:
            fcntl.flock(holders, fcntl.LOCK_EX | fcntl.LOCK_NB)
            postgres_server.stop(_cluster(data_dir))
        except BlockingIOError:
            pass  # somebody else still holds it
        finally:
            os.close(holders)


@contextmanager
def _only_one(data_dir: Path) -> Iterator[None]:
    """Starting, stopping and counting the holders exclude each other, across processes."""
    _refuse_awkward_path(data_dir)
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = _open_lock(data_dir / "postgres.lock")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)
    except OSError as error:
        raise EmbeddedDatabaseError(f"The embedded database in {data_dir}: {error}") from error


def _open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def _refuse_awkward_path(data_dir: Path) -> None:
    # The server's options pass through a shell, and its list of socket folders is split at commas.
    if any(mark.isspace() or mark in ",'\"\\$`;&|<>()*?[]!#" for mark in str(data_dir)):
        raise EmbeddedDatabaseError(
            f"DATA_DIR must be a path without spaces, commas, quotes and the like: {data_dir}"
        )
