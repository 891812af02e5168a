"""The door of django-q2 to billing: entry points by name. Ids in, nothing out, may run twice."""

from functools import partial

from django_q.tasks import async_task

from billing import importing

RUN = "billing.jobs.run_import"


def run_import(import_id: int) -> None:
    """The import is written, or says why not."""
    importing.run(import_id)


def tend_imports() -> None:
    """Imports whose worker died are taken up again, and old ones are gone."""
    importing.wake_due(partial(async_task, RUN))
    importing.prune()
