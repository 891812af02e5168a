"""Embedded servers for tests: asked from here, held by processes of their own."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg

from waconsole import embedded, postgres_server

HOLDER = """
import sys
from pathlib import Path
from waconsole import embedded
embedded.hold(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def ask(data_dir: Path, question: str) -> object:
    at = embedded.connection(data_dir)
    address = {"host": at["HOST"], "port": at["PORT"], "user": at["USER"], "dbname": at["NAME"]}
    with psycopg.connect(**address, autocommit=True) as database:
        cursor = database.execute(question)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def server_pid(data_dir: Path) -> int:
    server = postgres_server.process(data_dir / "postgres")
    assert server is not None
    return int(server.pid)


def launch(data_dir: Path, *, script: str = HOLDER, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", script, str(data_dir)],
        env={**os.environ, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def wait_until_held(process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"


def holder(data_dir: Path, **environment: str) -> "subprocess.Popen[str]":
    process = launch(data_dir, **environment)
    wait_until_held(process)
    return process


def end(process: "subprocess.Popen[str]") -> None:
    process.communicate(timeout=30)
