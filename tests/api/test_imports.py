"""Imports over the API: answered at once, or written by a worker while the caller looks on."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_q.models import OrmQ

from billing import importing, jobs
from billing.domain import IMPORTS_READ, IMPORTS_WRITE
from billing.models import Account, Invoice, LedgerImport
from tests.api.calling import Caller, a_client

pytestmark = pytest.mark.django_db

ACCOUNT = {"external_id": "acme", "name": "Acme"}


def invoice(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "external_id": f"erp-{number}",
        "number": f"INV-{number}",
        "account": "acme",
        "total": {"amount": "100.00", "currency": "ZAR"},
        "issued_on": "2026-10-01",
        "due_on": "2026-10-31",
        **fields,
    }


@pytest.fixture
def erp() -> Caller:
    return a_client(IMPORTS_READ, IMPORTS_WRITE)


def test_a_small_import_is_answered_with_its_end(erp: Caller) -> None:
    rows = [invoice(1), invoice(2, due_on="2026-01-01")]
    answer = erp.post("imports", {"accounts": [ACCOUNT], "invoices": rows})
    told = answer.json()
    assert (answer.status_code, told["status"]) == (201, "done")
    assert (told["rows_created"], told["rows_refused"]) == (2, 1)
    assert told["asked_by"].startswith("Shop")
    assert erp.get(answer["Location"]).json() == told
    refused = erp.get(f"{told['rows']}?outcome=refused").json()["results"]
    assert refused == [
        {
            "kind": "invoice",
            "row": 2,
            "external_id": "erp-2",
            "outcome": "refused",
            "errors": [
                {
                    "pointer": "#/due_on",
                    "code": "due_before_issued",
                    "detail": "It must not be before issued_on.",
                }
            ],
        }
    ]


def test_all_or_nothing_says_what_was_held_back(erp: Caller) -> None:
    rows = [invoice(1), invoice(2, total={"amount": "0", "currency": "ZAR"})]
    body = {"accounts": [ACCOUNT], "invoices": rows, "all_or_nothing": True}
    told = erp.post("imports", body).json()
    assert told["status"] == "refused"
    outcomes = [row["outcome"] for row in erp.get(told["rows"]).json()["results"]]
    assert outcomes == ["held_back", "held_back", "refused"]
    assert not Account.objects.exists()


def test_a_large_import_is_a_job_that_can_be_watched(
    erp: Caller, django_capture_on_commit_callbacks: Any
) -> None:
    rows = [invoice(number) for number in range(importing.AT_ONCE_MAX)]
    with django_capture_on_commit_callbacks(execute=True):
        answer = erp.post("imports", {"accounts": [ACCOUNT], "invoices": rows})
    assert (answer.status_code, answer.json()["status"]) == (202, "waiting")
    queued = OrmQ.objects.get().task
    assert (queued["func"], queued["args"]) == ("billing.jobs.run_import", (answer.json()["id"],))
    jobs.run_import(*queued["args"])
    told = erp.get(answer["Location"]).json()
    assert (told["status"], told["rows_done"], told["rows_created"]) == ("done", 201, 201)


def test_the_rows_come_in_pages_and_in_their_order(erp: Caller) -> None:
    rows = [invoice(number) for number in range(1, 8)]
    told = erp.post("imports", {"accounts": [ACCOUNT], "invoices": rows}).json()
    seen, page = [], f"{told['rows']}?page_size=3"
    while page:
        answer = erp.get(page).json()
        seen += [row["external_id"] for row in answer["results"]]
        page = answer["next"]
    assert seen == ["acme", *[f"erp-{number}" for number in range(1, 8)]]


def test_the_same_key_imports_once(erp: Caller) -> None:
    both = [erp.post("imports", {"accounts": [ACCOUNT]}, Idempotency_Key="k") for _ in range(2)]
    assert both[0].json() == both[1].json()
    assert LedgerImport.objects.count() == 1


def test_too_many_rows_and_too_many_bytes_are_refused_whole(
    erp: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "ROWS_MAX", 2)
    refused = erp.post("imports", {"accounts": [ACCOUNT] * 3})
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
    large = erp.post("imports", b'{"accounts": ["' + b"x" * importing.BYTES_MAX + b'"]}')
    assert (large.status_code, large.json()["code"]) == (413, "too_large")
    assert not LedgerImport.objects.exists()


def test_what_is_no_import_is_refused(erp: Caller) -> None:
    assert erp.post("imports", {"rows": []}).json()["errors"][0]["pointer"] == "#/rows"
    assert erp.post("imports", {"accounts": "all"}).status_code == 422
    assert erp.post("imports", []).status_code == 422
    assert erp.get("imports/999999").status_code == 404
    assert erp.get("imports/999999/rows").status_code == 404


def test_a_hundred_rows_take_as_many_queries_as_three(erp: Caller) -> None:
    def queries(first: int, count: int) -> int:
        rows = [invoice(first + number) for number in range(count)]
        with CaptureQueriesContext(connection) as taken:
            assert erp.post("imports", {"accounts": [ACCOUNT], "invoices": rows}).status_code == 201
        return len(taken)

    queries(0, 1)
    assert queries(100, 3) == queries(200, 100)
    assert Invoice.objects.count() == 104
    with CaptureQueriesContext(connection) as taken:
        erp.get("imports/" + str(LedgerImport.objects.latest("pk").pk) + "/rows")
    assert len(taken) == 6
