"""Thousands of accounts and invoices handed over in one call: kept as rows, written set by set.

The REST API comes in with `begin`; a worker, or the call itself where they are few, with `run`. The
rows that have no outcome yet are the work that is left, so whoever dies in the middle is followed
by somebody who goes on. All or nothing is one transaction, and nobody ever sees half of it.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from billing import ledger
from billing.ledger.outcomes import Outcome, Problem, refused
from billing.ledger.reading import Reader, Unreadable
from billing.models import ImportRow, LedgerImport
from conversations.deadlocks import stepping_back

logger = logging.getLogger(__name__)

ROWS_MAX = 10_000
BYTES_MAX = 4 * 1024 * 1024
# So few are written while the caller waits.
AT_ONCE_MAX = 200
SET = 1000
ATTEMPTS_MAX = 3
# Longer than a job may run: the queue kills it after a minute.
WOKEN_FOR = timedelta(seconds=90)
# Any number of ours: one import writes at a time, so that two never wait for one another.
LOCK = 7_245_002
INTERRUPTED = (
    "It was interrupted three times. The rows without an outcome were not written: "
    "send the import again, and what was written stays unchanged."
)
TWICE = Problem("external_id", "twice", "It stands in an earlier row of this import as well.")

Status, Kind, Fate = LedgerImport.Status, ImportRow.Kind, ImportRow.Outcome
OPEN = (Status.WAITING, Status.WORKING)
ANSWERED = ("outcome", "errors")


@transaction.atomic
def begin(
    accounts: Sequence[Any], invoices: Sequence[Any], *, all_or_nothing: bool, asked_by: str
) -> LedgerImport:
    """The import stands with all its rows, as they came; nothing of it is written yet."""
    named = LedgerImport.objects.create(
        all_or_nothing=all_or_nothing,
        asked_by=asked_by,
        rows_total=len(accounts) + len(invoices),
        woken_until=timezone.now() + WOKEN_FOR,
    )
    rows = [*_rows(named, Kind.ACCOUNT, accounts, 0)]
    rows += _rows(named, Kind.INVOICE, invoices, len(rows))
    ImportRow.objects.bulk_create(rows, batch_size=SET)
    doubles = sum(row.outcome == Fate.REFUSED for row in rows)
    LedgerImport.objects.filter(pk=named.pk).update(rows_done=doubles, rows_refused=doubles)
    return named


def _rows(
    named: LedgerImport, kind: ImportRow.Kind, given: Sequence[Any], before: int
) -> Iterable[ImportRow]:
    seen: set[str] = set()
    for number, entry in enumerate(given, start=1):
        key = entry.get("external_id") if isinstance(entry, dict) else None
        key = key if isinstance(key, str) else ""
        is_double = bool(key) and key in seen
        seen.add(key)
        yield ImportRow(
            ledger_import=named,
            sequence=before + number,
            kind=kind,
            row=number,
            external_id="".join(filter(str.isprintable, key))[:64],
            entry=json.dumps(entry),
            outcome=Fate.REFUSED if is_double else Fate.WAITING,
            errors=[asdict(TWICE)] if is_double else [],
        )


def run(import_id: int) -> None:
    """The import is at its end, with an outcome for every row.

    Set by set, each in a transaction of its own, or all in one. Twice, and two at once: every row
    is written once. Killed: the next call goes on.
    """
    named = LedgerImport.objects.filter(pk=import_id, status__in=OPEN).first()
    if named is None:
        return
    if named.all_or_nothing:
        _run_whole(import_id)
    else:
        while _run_set(import_id):
            pass
    logger.info("import=%s rows=%s run", import_id, named.rows_total)


@stepping_back
@transaction.atomic
def _run_set(import_id: int) -> bool:
    """Write the next rows and their outcomes together; whether there may be more."""
    named = _locked(import_id)
    if named is None:
        return False
    rows = list(_waiting(named)[:SET])
    if not rows:
        _end(named, Status.DONE)
        return False
    _write(rows)
    _note(named, rows)
    LedgerImport.objects.filter(pk=import_id).update(
        status=Status.WORKING, attempts=0, woken_until=Now() + WOKEN_FOR
    )
    return True


class _OneRefused(Exception):
    """Something was refused, so that nothing is written."""


def _run_whole(import_id: int) -> None:
    rows: list[ImportRow] = []
    try:
        _write_whole(import_id, rows)
    except _OneRefused:
        _hold_back(import_id, rows)


@stepping_back
@transaction.atomic
def _write_whole(import_id: int, rows: list[ImportRow]) -> None:
    """Everything is written, or nothing: then the rows know why. Raises: _OneRefused."""
    named = _locked(import_id)
    if named is None:
        return
    rows[:] = _waiting(named)
    for start in range(0, len(rows), SET):
        _write(rows[start : start + SET])
    if named.rows_refused or any(row.outcome == Fate.REFUSED for row in rows):
        raise _OneRefused
    _note(named, rows)
    _end(named, Status.DONE)


@transaction.atomic
def _hold_back(import_id: int, rows: Sequence[ImportRow]) -> None:
    """Say of each row why it was refused, or that it was not written for the sake of others."""
    named = _locked(import_id)
    if named is None:
        return
    for row in rows:
        row.outcome = row.outcome if row.outcome == Fate.REFUSED else Fate.HELD_BACK
    _note(named, rows)
    _end(named, Status.REFUSED)


def _locked(import_id: int) -> LedgerImport | None:
    """The import, while it is open and nobody else is at it."""
    rows = LedgerImport.objects.select_for_update(skip_locked=True, no_key=True)
    return rows.filter(pk=import_id, status__in=OPEN).first()


def _waiting(named: LedgerImport) -> Any:
    return named.rows.filter(outcome=Fate.WAITING).order_by("sequence")


def _write(rows: Sequence[ImportRow]) -> None:
    """Accounts first, for invoices name them; every row knows its outcome afterwards."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    reader = Reader()
    of_kind = {kind: [row for row in rows if row.kind == kind] for kind in Kind}
    _answer(of_kind[Kind.ACCOUNT], reader.account, ledger.write_accounts)
    _answer(of_kind[Kind.INVOICE], reader.invoice, ledger.write_invoices)


def _answer(
    rows: Sequence[ImportRow],
    read: Callable[[Any], Any],
    write: Callable[[Sequence[Any]], list[Outcome]],
) -> None:
    readable: list[tuple[ImportRow, Any]] = []
    for row in rows:
        try:
            readable.append((row, read(json.loads(row.entry))))
        except Unreadable as error:
            _tell(row, refused(*error.problems))
    outcomes = write([entry for _, entry in readable]) if readable else []
    for (row, _), outcome in zip(readable, outcomes, strict=True):
        _tell(row, outcome)


def _tell(row: ImportRow, outcome: Outcome) -> None:
    row.outcome = Fate(outcome.kind)
    row.errors = [asdict(problem) for problem in outcome.problems]


def _note(named: LedgerImport, rows: Sequence[ImportRow]) -> None:
    """The rows and the counts say what became of them."""
    for fate in (Fate.CREATED, Fate.UPDATED, Fate.UNCHANGED, Fate.HELD_BACK):
        if keys := [row.pk for row in rows if row.outcome == fate]:
            ImportRow.objects.filter(pk__in=keys).update(outcome=fate)
    if wrong := [row for row in rows if row.outcome == Fate.REFUSED]:
        # One statement with all values; an UPDATE with a CASE for each row takes ten times as long.
        ImportRow.objects.bulk_create(
            wrong, SET, update_conflicts=True, unique_fields=["id"], update_fields=ANSWERED
        )
    tally = Counter(row.outcome for row in rows)
    LedgerImport.objects.filter(pk=named.pk).update(
        rows_done=F("rows_done") + len(rows),
        rows_created=F("rows_created") + tally[Fate.CREATED],
        rows_updated=F("rows_updated") + tally[Fate.UPDATED],
        rows_unchanged=F("rows_unchanged") + tally[Fate.UNCHANGED],
        rows_refused=F("rows_refused") + tally[Fate.REFUSED],
    )


def _end(named: LedgerImport, status: LedgerImport.Status) -> None:
    LedgerImport.objects.filter(pk=named.pk).update(status=status, ended_at=Now())


@transaction.atomic
def wake_due(call: Callable[[int], object]) -> list[int]:
    """Call for each import that is open and in nobody's hands, and mark it as woken.

    What has been woken three times without a step ahead has failed, and says so.
    """
    due = LedgerImport.objects.select_for_update(skip_locked=True, no_key=True).filter(
        Q(woken_until=None) | Q(woken_until__lt=Now()), status__in=OPEN
    )
    attempts = dict(due.order_by("pk").values_list("pk", "attempts"))
    lost = [pk for pk, count in attempts.items() if count >= ATTEMPTS_MAX]
    LedgerImport.objects.filter(pk__in=lost).update(
        status=Status.FAILED, error=INTERRUPTED, ended_at=Now()
    )
    keys = [pk for pk in attempts if pk not in lost]
    LedgerImport.objects.filter(pk__in=keys).update(
        attempts=F("attempts") + 1, woken_until=Now() + WOKEN_FOR
    )
    for key in keys:
        call(key)
    return keys


def prune() -> int:
    """Imports that ended long ago are gone with their rows; what they wrote stays. How many."""
    oldest = timezone.now() - timedelta(days=settings.KEEP_IMPORTS_DAYS)
    gone = LedgerImport.objects.filter(ended_at__lt=oldest)
    count, _ = gone.delete()
    return count
