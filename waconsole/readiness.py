"""What must be in place before the parts start: said in one line where it is not."""

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
    """The static files are those of this code.

    Done at each start of web rather than refused: it takes a second or two, only copies what
    changed, and a collection from before an upgrade would go unnoticed.
    """
    call_command("collectstatic", interactive=False, verbosity=0)
