"""What must be in place before the parts start: said in one line where it is not."""

import hashlib
import os

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor


def refuse_unapplied_migrations() -> None:
    """The tables are those of this code. Raises: CommandError that names the command to run."""
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except OperationalError as error:
        raise CommandError(f"The database does not answer: {str(error).splitlines()[0]}") from None
    if plan:
        raise CommandError(
            f"{len(plan)} migrations are not applied to the database: "
            "run `python manage.py migrate` first."
        )


def collect_static_files() -> None:
    """The collected static files are those of this code.

    Done here rather than refused: a collection from before an upgrade would be there, and wrong.
    Compressing them takes ten seconds, so it is left out while nothing has changed.
    """
    noted = settings.DATA_DIR / "static.collected"
    wanted = _fingerprint_of_static_files()
    if noted.exists() and noted.read_text() == wanted and settings.STATIC_ROOT.exists():
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    noted.write_text(wanted)


def _fingerprint_of_static_files() -> str:
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = os.stat(storage.path(name))
            digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
