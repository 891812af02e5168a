"""Databases for tests with real processes: copies of one template that was migrated once."""

import hashlib
import os
import subprocess
import sys
import uuid
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from waconsole import embedded

ROOT = Path(__file__).resolve().parents[2]
DATA_DIR = Path(os.environ["DATA_DIR"]).resolve()
TEMPLATE = "stories_template_"


def create() -> str:
    """The name of a new, migrated, empty database on the embedded server of the tests."""
    name = f"story_{uuid.uuid4().hex[:12]}"
    _admin("CREATE DATABASE {} TEMPLATE {}", name, _template())
    return name


def drop(name: str) -> None:
    """It is gone, and whoever was connected is cut off."""
    _admin("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def url(name: str) -> str:
    """As `DATABASE_URL` wants it: a socket folder goes into the query."""
    return f"postgresql://postgres:@/{name}?host={embedded.connection(DATA_DIR)['HOST']}"


def query(name: str, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """The rows a statement gives, committed; none for one that gives no rows."""
    with _connect(name) as connection:
        cursor = connection.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []


@cache
def _template() -> str:
    """The template for the migrations as they stand; kept on the server for the next test run."""
    embedded.hold(DATA_DIR)
    wanted = TEMPLATE + _fingerprint()
    for (name,) in query("postgres", "SELECT datname FROM pg_database"):
        if name.startswith(TEMPLATE) and name != wanted:
            drop(name)
    if not query("postgres", "SELECT 1 FROM pg_database WHERE datname = %s", wanted):
        _migrate(wanted)
    return wanted


def _migrate(wanted: str) -> None:
    """Under another name until it is whole, so that an interrupted one is never taken for it."""
    unfinished = TEMPLATE + "unfinished"
    drop(unfinished)
    _admin("CREATE DATABASE {}", unfinished)
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": url(unfinished),
            "DJANGO_SETTINGS_MODULE": "waconsole.settings",
        },
        check=True,
    )
    _admin("ALTER DATABASE {} RENAME TO {}", unfinished, wanted)


def _fingerprint() -> str:
    migrations = sorted(ROOT.glob("*/migrations/*.py"))
    parts = [path.read_bytes() for path in (ROOT / "requirements.txt", *migrations)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def _admin(statement: str, *names: str) -> None:
    with _connect("postgres") as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _connect(name: str) -> "psycopg.Connection[tuple[Any, ...]]":
    at = embedded.connection(DATA_DIR)
    return psycopg.connect(
        host=at["HOST"], port=at["PORT"], user=at["USER"], dbname=name, autocommit=True
    )
