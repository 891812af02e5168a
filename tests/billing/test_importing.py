"""Imports: thousands of rows in one call, twice, two at once, and with a worker who dies."""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing import importing, jobs
from billing.models import Account, ImportRow, Invoice, LedgerImport
from tests.billing.rows import an_account, an_invoice
from tests.factories import a_clerk

pytestmark = pytest.mark.django_db
Status, Fate = LedgerImport.Status, ImportRow.Outcome


def account(key: str = "acme", **fields: Any) -> dict[str, Any]:
    return {"external_id": key, "name": f"Account {key}", **fields}


def invoice(serial: int = 1, **fields: Any) -> dict[str, Any]:
    return {
        "external_id": f"erp-{serial}",
        "number": f"INV-{serial}",
        "account": "acme",
        "total": {"amount": "100.00", "currency": "ZAR"},
        "issued_on": "2026-10-01",
        "due_on": "2026-10-31",
        **fields,
    }


def begun(
    accounts: list[Any] | None = None, invoices: list[Any] | None = None, *, whole: bool = False
) -> LedgerImport:
    return importing.begin(accounts or [], invoices or [], all_or_nothing=whole, asked_by="ERP")


def run(*args: Any, **kwargs: Any) -> LedgerImport:
    named = begun(*args, **kwargs)
    importing.run(named.pk)
    return LedgerImport.objects.get(pk=named.pk)


def fates(named: LedgerImport) -> list[str]:
    return list(named.rows.order_by("sequence").values_list("outcome", flat=True))


def test_every_row_gets_its_outcome_and_the_counts_add_up() -> None:
    named = run([account()], [invoice(1), invoice(2), invoice(3, account="nobody"), "nonsense"])
    assert fates(named) == ["created", "created", "created", "refused", "refused"]
    assert (named.status, named.rows_total, named.rows_done) == (Status.DONE, 5, 5)
    assert (named.rows_created, named.rows_refused) == (3, 2)
    assert named.ended_at is not None


def test_the_same_again_changes_nothing() -> None:
    run([account()], [invoice(1), invoice(2)])
    versions = list(Invoice.objects.values_list("version", flat=True))
    again = run([account()], [invoice(1), invoice(2)])
    assert fates(again) == ["unchanged"] * 3
    assert list(Invoice.objects.values_list("version", flat=True)) == versions


def test_what_changed_is_updated_and_the_rest_is_left() -> None:
    run([account()], [invoice(1), invoice(2)])
    other = {"amount": "120.00", "currency": "ZAR"}
    named = run(None, [invoice(1, total=other), invoice(2)])
    assert fates(named) == ["updated", "unchanged"]
    assert Invoice.objects.get(number="INV-1").amount == Decimal("120.00")


def test_a_refused_row_names_its_place_its_field_and_its_reason() -> None:
    named = run([account()], [invoice(1), invoice(2, total={"amount": 5, "currency": "ZAR"})])
    row = named.rows.get(outcome=Fate.REFUSED)
    assert (row.kind, row.row, row.external_id) == ("invoice", 2, "erp-2")
    assert row.errors == [
        {
            "field": "total.amount",
            "code": "not_an_amount",
            "detail": 'Write it as text with at most two decimals: "1234.50".',
        }
    ]


def test_all_or_nothing_writes_nothing_when_one_row_is_refused() -> None:
    named = run([account()], [invoice(1), invoice(2, due_on="2026-01-01")], whole=True)
    assert (named.status, fates(named)) == (Status.REFUSED, ["held_back", "held_back", "refused"])
    assert (named.rows_created, named.rows_refused) == (0, 1)
    assert not Invoice.objects.exists()
    assert not Account.objects.exists()


def test_all_or_nothing_writes_everything_when_nothing_is_refused() -> None:
    named = run([account()], [invoice(1), invoice(2)], whole=True)
    assert (named.status, fates(named)) == (Status.DONE, ["created"] * 3)
    assert Invoice.objects.count() == 2


@pytest.mark.parametrize("whole", [False, True])
def test_a_key_that_comes_twice_is_refused_the_second_time(
    whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "SET", 1)
    named = run([account()], [invoice(1), invoice(1, number="INV-7")], whole=whole)
    assert named.rows.get(row=2).errors[0]["code"] == "twice"
    assert named.rows_refused == 1
    assert Invoice.objects.count() == (0 if whole else 1)


@pytest.mark.parametrize(
    "entry",
    [
        *(None, 5, [], "text", {}, {"external_id": None}),
        {"external_id": "a\x00\ud800"},
        {"status": "\x00\ud800"},
    ],
)
def test_what_is_no_row_at_all_is_refused_and_breaks_nothing(entry: object) -> None:
    named = run([entry], [entry])
    assert (named.status, fates(named)) == (Status.DONE, ["refused", "refused"])
    assert all(row.errors for row in named.rows.all())


def test_numbers_of_customers_come_with_their_account() -> None:
    run([account(phone_numbers=["+27 82 123 4567"])])
    assert Account.objects.get().contacts.get().wa_id == "27821234567"


@pytest.mark.parametrize("whole", [False, True])
def test_a_thousand_rows_take_no_more_statements_than_ten(whole: bool) -> None:
    an_account(external_id="acme")

    def statements(first: int, count: int) -> int:
        named = begun(None, [invoice(first + n) for n in range(count)], whole=whole)
        with CaptureQueriesContext(connection) as queries:
            importing.run(named.pk)
        assert Counter(fates(named)) == {"created": count}
        return len(queries)

    few = statements(0, 10)
    assert statements(1000, 1000) == few
    assert few <= 20


def test_an_import_that_has_ended_is_not_run_again() -> None:
    named = run([account()])
    Account.objects.update(name="By hand")
    importing.run(named.pk)
    assert Account.objects.get().name == "By hand"


def test_three_deaths_without_a_step_ahead_are_a_failure_that_says_so() -> None:
    named = begun([account()])
    woken: list[int] = []
    for _ in range(importing.ATTEMPTS_MAX + 1):
        LedgerImport.objects.update(woken_until=timezone.now() - timedelta(seconds=1))
        importing.wake_due(woken.append)
    named.refresh_from_db()
    assert woken == [named.pk] * importing.ATTEMPTS_MAX
    assert (named.status, bool(named.ended_at)) == (Status.FAILED, True)
    assert "interrupted" in named.error
    importing.run(named.pk)
    assert not Account.objects.exists()


def test_what_nobody_works_at_is_woken_once_at_a_time() -> None:
    named = begun([account()])
    woken: list[int] = []
    assert importing.wake_due(woken.append) == []
    LedgerImport.objects.update(woken_until=timezone.now() - timedelta(seconds=1))
    assert importing.wake_due(woken.append) == [named.pk]
    assert importing.wake_due(woken.append) == []
    assert woken == [named.pk]


def test_the_job_takes_up_what_was_left() -> None:
    named = begun([account()])
    jobs.run_import(named.pk)
    assert LedgerImport.objects.get().status == Status.DONE


def test_old_imports_are_gone_and_what_they_wrote_stays() -> None:
    run([account()])
    begun([account("open")])
    LedgerImport.objects.filter(status=Status.DONE).update(
        ended_at=timezone.now() - timedelta(days=31)
    )
    jobs.tend_imports()
    assert [named.status for named in LedgerImport.objects.all()] == [Status.WAITING]
    assert Account.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_the_same_rows_at_once_both_end() -> None:
    rows = [invoice(n) for n in range(300)]
    both = [begun([account()], rows), begun([account()], rows[::-1], whole=True)]
    at_once([lambda pk=named.pk: importing.run(pk) for named in both])  # type: ignore[misc]
    tallies = [Counter(fates(named)) for named in both]
    assert sum(tallies, Counter()) == {"created": 301, "unchanged": 301}
    assert Invoice.objects.count() == 300


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_one_import_write_every_row_once() -> None:
    named = begun([account()], [invoice(n) for n in range(50)])
    at_once([lambda: importing.run(named.pk)] * 4)
    importing.run(named.pk)
    named.refresh_from_db()
    assert (named.rows_created, named.rows_done) == (51, 51)
    assert Counter(fates(named)) == {"created": 51}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("whole", [False, True])
def test_a_worker_that_dies_in_the_middle_leaves_whole_sets_and_another_goes_on(
    whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "SET", 2)
    acme = an_account(external_id="acme")
    held = an_invoice(acme, number="INV-5", external_id="erp-5")
    named = begun(None, [invoice(n) for n in range(1, 7)], whole=whole)
    died: list[Exception] = []
    with holding(held):
        worker = Thread(target=dying(lambda: importing.run(named.pk), died))
        worker.start()
        kill_whoever_waits()
        worker.join(30)
    assert isinstance(died[0], OperationalError)
    assert fates(named).count("created") == (0 if whole else 4)
    assert Invoice.objects.count() == (1 if whole else 5)
    importing.run(named.pk)
    named.refresh_from_db()
    assert (named.status, named.rows_done) == (Status.DONE, 6)
    assert Counter(fates(named)) == {"created": 5, "updated": 1}


def at_once(acts: list[Callable[[], object]]) -> None:
    barrier = Barrier(len(acts))
    faults: list[Exception] = []

    def go(act: Callable[[], object]) -> None:
        barrier.wait()
        dying(act, faults)()

    threads = [Thread(target=go, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []


def dying(act: Callable[[], object], faults: list[Exception]) -> Callable[[], None]:
    def run_once() -> None:
        try:
            act()
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    return run_once


@contextmanager
def holding(row: Invoice) -> Iterator[None]:
    """Nobody else gets at this row meanwhile."""
    with transaction.atomic():
        Invoice.objects.select_for_update().get(pk=row.pk)
        yield


def kill_whoever_waits() -> None:
    """The connection that waits for a lock is cut, as when its process was killed."""
    with connection.cursor() as cursor:
        for _ in range(600):
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity, pg_sleep(0.05)"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchall():
                return
            cursor.execute("SELECT pg_stat_clear_snapshot()")
    raise AssertionError("nobody waited")


def test_the_page_of_an_import_leads_to_what_was_refused_and_why() -> None:
    named = run([account()], [invoice(1), invoice(2, account="nobody")])
    clerk = Client()
    clerk.force_login(a_clerk())
    page = clerk.get(f"/admin/billing/ledgerimport/{named.pk}/change/").content.decode()
    assert "2 created, 0 updated, 0 unchanged" in page
    link = re.search(r'href="(/admin/billing/importrow/\?[^"]+)"', page)
    assert link is not None
    rows = clerk.get(html.unescape(link[1])).content.decode()
    assert "No account has this external_id." in rows
    assert "Invoice row 1" not in rows
