"""`manage.py demo`, which is `make run`: the console and the simulator, with a business in it."""

import logging
import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from waconsole import demo_data, keeper, leftovers, parts, supervisor
from waconsole.binding import Bind, bind, refuse_busy
from waconsole.greeting import Greeting

GRACE_SECONDS = 10.0


class Command(BaseCommand):
    help = "Try everything on this machine: console, simulator, demo data. Talks to nobody else."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bind", type=bind, default=bind("127.0.0.1:8000"))
        parser.add_argument("--simulator-bind", type=bind, default=bind("127.0.0.1:8001"))

    def handle(self, *, bind: Bind, simulator_bind: Bind, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("The demo is for development, and DEBUG is off here.")
        leftovers.end_leftovers(settings.DATA_DIR, grace_seconds=GRACE_SECONDS)
        refuse_busy(bind, option="--bind, or BIND= of `make run`")
        refuse_busy(simulator_bind, option="--simulator-bind, or SIMULATOR_BIND= of `make run`")
        try:
            logins = self._prepare()
            self._run(bind, simulator_bind, logins)
        except KeyboardInterrupt:  # it came before the supervisor was there to take it
            raise SystemExit(130) from None

    def _say(self, words: str) -> None:
        """Seen at once, also by whoever reads it through a pipe."""
        self.stdout.write(words)
        self.stdout.flush()

    def _prepare(self) -> list[demo_data.Login]:
        self._say("Preparing the database ...")
        call_command("migrate", verbosity=0, interactive=False)
        logins = demo_data.load()
        connection.close()
        return logins

    def _run(self, console: Bind, simulator: Bind, logins: list[demo_data.Login]) -> None:
        self._say("Starting the console and the simulator ...")
        logging.getLogger("waconsole.serve").setLevel(logging.WARNING)
        greeting = Greeting(console.url, simulator.url, logins, say=self._say)
        own_database = None if settings.DATABASE_URL else settings.DATA_DIR
        with leftovers.named_run(settings.DATA_DIR) as run, keeper.kept(own_database):
            every = [
                parts.simulator(simulator, console=console),  # first: the others call it
                parts.web(console),
                parts.dispatch(),
                parts.worker(run),
            ]
            greeting.start()
            environment = {**environment_of_the_demo(console, simulator), **run}
            supervisor.run(every, grace_seconds=GRACE_SECONDS, environment=environment)
        self._say("Everything has stopped. `make run` goes on with the same data.")


def environment_of_the_demo(console: Bind, simulator: Bind) -> dict[str, str]:
    """What the parts are told, whatever `.env` says: no real credential, and nobody but each other.

    The assistant's own settings are left as they are: with a key, the demo thinks.
    """
    return {
        **demo_data.ENVIRONMENT,
        **parts.DEMO_CREDENTIALS,
        "DEBUG": "1",
        "SIMULATOR": "1",
        "GRAPH_API_URL": simulator.url,
        "GRAPH_API_VERSION": "v21.0",
        "PUBLIC_URL": console.url,
        "ALLOWED_HOSTS": "*",
        "BEHIND_PROXY": "0",
        "SSL_REDIRECT": "0",
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
    }
