"""Two who claim each other's number or key at the same moment: both are answered."""

import threading
import time
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from billing import importing, ledger
from billing.ledger.entries import InvoiceEntry
from billing.models import Invoice, LedgerImport
from tests.billing.rows import an_account, an_invoice
from tests.desk.together import together

pytestmark = pytest.mark.django_db(transaction=True)

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.fixture(autouse=True)
def two_invoices(db: None) -> None:
    acme = an_account(name="Acme", external_id="acme")
    for serial in (1, 2):
        an_invoice(acme, number=f"INV-{serial}", external_id=f"erp-{serial}")


def entry(key: str, number: str) -> InvoiceEntry:
    return InvoiceEntry(
        external_id=key,
        number=number,
        account="acme",
        amount=Decimal("100.00"),
        currency="ZAR",
        issued_on=date(2026, 10, 1),
        due_on=date(2026, 10, 31),
    )


def until_somebody_waits(_row: object) -> None:
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)


def numbers() -> list[str]:
    return list(Invoice.objects.order_by("pk").values_list("number", flat=True))


@pytest.mark.parametrize("act", ["put", "change"])
def test_two_who_want_each_others_number_are_both_told_that_it_is_taken(act: str) -> None:
    barrier = threading.Barrier(2)

    def meet(_row: object) -> None:
        """Both have what they lock first, if they can."""
        with suppress(threading.BrokenBarrierError):
            barrier.wait(0.5)

    def write(key: str, number: str) -> ledger.Outcome:
        if act == "put":
            return ledger.put_invoice(entry(key, number), meet)
        return ledger.change_invoice(key, {"number": number}, meet)

    began = time.monotonic()
    outcomes: list[Any] = together(lambda: write("erp-1", "INV-2"), lambda: write("erp-2", "INV-1"))
    assert [one.problems[0].code for one in outcomes] == ["number_taken"] * 2
    assert numbers() == ["INV-1", "INV-2"]
    assert time.monotonic() - began < 30  # no dead-lock that nobody ends


@pytest.mark.parametrize("whole", [True, False])
def test_an_import_and_a_put_that_want_each_others_rows_both_end(
    whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The import holds the number that the PUT wants, and wants the row that the PUT holds."""
    monkeypatch.setattr(importing, "SET", 1)
    rows = [
        {
            "external_id": key,
            "number": number,
            "account": "acme",
            "total": {"amount": "250.00", "currency": "ZAR"},
            "issued_on": "2026-10-01",
            "due_on": "2026-10-31",
        }
        for key, number in (("erp-9", "INV-9"), ("erp-2", "INV-2"))
    ]
    named = importing.begin([], rows, all_or_nothing=whole, asked_by="ERP")
    held = threading.Event()

    def put() -> ledger.Outcome:
        def check(row: object) -> None:
            held.set()
            until_somebody_waits(row)

        return ledger.put_invoice(entry("erp-2", "INV-9"), check)

    def run() -> None:
        held.wait(5)
        importing.run(named.pk)

    outcome, failed = together(put, run)
    assert failed is None
    assert isinstance(outcome, ledger.Outcome)
    named.refresh_from_db()
    assert (named.status, numbers()) in (
        (LedgerImport.Status.DONE, ["INV-1", "INV-2", "INV-9"]),  # the import was first
        (LedgerImport.Status.REFUSED, ["INV-1", "INV-9"]),  # the PUT was
    )
    refused = [problem.code for problem in outcome.problems]
    assert refused == (["number_taken"] if named.status == LedgerImport.Status.DONE else [])
    assert named.rows_done == 2
