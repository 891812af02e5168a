"""`manage.py serve`: what production runs on one machine; or some of its parts on several."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection

from waconsole import keeper, leftovers, parts, readiness, supervisor
from waconsole.binding import Bind, bind, refuse_busy


class Command(BaseCommand):
    help = "Run the console: web, dispatch and worker, each restarted when it dies."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bind", type=bind, default=bind("127.0.0.1:8000"))
        parser.add_argument(
            "--only",
            action="append",
            choices=parts.NAMES,
            help="Run this part alone; may be given several times.",
        )
        parser.add_argument(
            "--grace",
            type=float,
            default=20.0,
            help="Seconds that a part may take to stop before it is killed (default: 20).",
        )

    def handle(self, *, bind: Bind, only: list[str] | None, grace: float, **options: Any) -> None:
        wanted = only or parts.NAMES
        leftovers.end_leftovers(settings.DATA_DIR, grace_seconds=grace)
        readiness.refuse_unapplied_migrations()
        if "web" in wanted:
            refuse_busy(bind, option="--bind")
            if not settings.DEBUG:
                readiness.collect_static_files()
        connection.close()  # from here on only the watchdog asks, in a thread of its own
        own_database = None if settings.DATABASE_URL else settings.DATA_DIR
        with leftovers.named_run(settings.DATA_DIR) as run, keeper.kept(own_database):
            every = [parts.web(bind), parts.dispatch(), parts.worker(run)]
            chosen = [part for part in every if part.name in wanted]
            supervisor.run(chosen, grace_seconds=grace, environment=run)
