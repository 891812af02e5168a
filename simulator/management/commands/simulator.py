"""`manage.py simulator`: Meta's Graph API and a phone, in a process of their own."""

import os
import socket
from argparse import ArgumentParser
from dataclasses import fields
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, OperationalError, connections
from granian.constants import Interfaces
from granian.server import Server

from simulator.configuration import Configuration
from simulator.models import World

DOOR_THREADS = 128
BACKLOG = 1024
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Command(BaseCommand):
    """Serves until it is interrupted. The tables must be there: run `migrate` first."""

    help = "Meta's Graph API and customers' phones, for development, demos and tests."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One option for each field of the configuration, with its default."""
        for field in fields(Configuration):
            parser.add_argument(f"--{field.name.replace('_', '-')}", default=field.default)
        parser.add_argument(
            "--public", action="store_true", help="Allow an address others can reach"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check what can be checked in one line, then serve."""
        told = Configuration(**{field.name: options[field.name] for field in fields(Configuration)})
        _check_address(told, is_public=options["public"])
        _check_tables()
        os.environ.update(told.as_environment())
        self.stdout.write(f"Simulator: the phone is at http://{told.bind}/")
        Server(
            "simulator.wsgi:application",
            address=told.host,
            port=told.port,
            interface=Interfaces.WSGI,
            workers=1,
            blocking_threads=DOOR_THREADS,
            backlog=BACKLOG,
            websockets=False,
            respawn_failed_workers=True,
            log_enabled=True,
            log_level="error",  # type: ignore[arg-type] # it is turned into its own enum inside
        ).serve()


def _check_address(told: Configuration, *, is_public: bool) -> None:
    try:
        port = told.port
    except ValueError as problem:
        raise CommandError(f"--bind {told.bind} is not address:port.") from problem
    if told.host not in LOOPBACK and not is_public:
        raise CommandError(
            f"--bind {told.bind} can be reached by others, and /control/ has no login: whoever "
            "reaches it plays your customers and reads their chats. Add --public if you mean it."
        )
    family = socket.AF_INET6 if ":" in told.host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((told.host, port))
        except OSError as problem:
            raise CommandError(f"--bind {told.bind} is taken or not ours: {problem}") from problem


def _check_tables() -> None:
    try:
        World.objects.exists()
    except OperationalError as problem:
        raise CommandError("The database does not answer.") from problem
    except DatabaseError as problem:
        raise CommandError(
            "The simulator's tables are not there: run `manage.py migrate`."
        ) from problem
    finally:
        # The worker is another process; it must not inherit this connection.
        connections.close_all()
