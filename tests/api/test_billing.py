"""Accounts and invoices over the API: kept, found, changed one at a time, refused in words."""

from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from billing.domain import ACCOUNTS_READ, ACCOUNTS_WRITE, INVOICES_READ, INVOICES_WRITE
from billing.models import Account, Invoice
from tests.api.calling import Caller, a_client
from tests.billing.rows import an_account, an_invoice, paid_invoice
from tests.factories import a_contact

pytestmark = pytest.mark.django_db

INVOICE: dict[str, Any] = {
    "number": "INV-1",
    "account": "acme",
    "total": {"amount": "1234.50", "currency": "ZAR"},
    "issued_on": "2026-10-01",
    "due_on": "2026-10-31",
}


@pytest.fixture
def acme() -> Account:
    return an_account(name="Acme", external_id="acme")


@pytest.fixture
def erp() -> Caller:
    return a_client(ACCOUNTS_READ, ACCOUNTS_WRITE, INVOICES_READ, INVOICES_WRITE)


def faults(response: Any) -> dict[str, str]:
    return {fault["pointer"]: fault["code"] for fault in response.json()["errors"]}


def test_put_creates_and_the_same_again_changes_nothing(erp: Caller, acme: Account) -> None:
    first = erp.put("invoices/INV/2026/0001", INVOICE)
    again = erp.put("invoices/INV/2026/0001", INVOICE)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first["Location"].endswith("/api/v1/invoices/INV/2026/0001")
    assert first["ETag"] == again["ETag"] == erp.get(first["Location"])["ETag"]
    shown = again.json()
    assert shown["total"] == {"amount": "1234.50", "currency": "ZAR"}
    assert (shown["account"], shown["status"], shown["version"]) == ("acme", "open", 1)


def test_an_account_is_kept_with_its_speakers(erp: Caller) -> None:
    body = {"name": "Acme", "phone_numbers": ["+27 82 123 4567"]}
    created = erp.put("accounts/acme", body)
    assert created.status_code == 201
    speaker = Account.objects.get().contacts.get()
    assert created.json()["contact_ids"] == [speaker.pk]
    renamed = erp.patch("accounts/acme", {"name": "Acme Limited"}).json()
    assert (renamed["name"], renamed["contact_ids"]) == ("Acme Limited", [speaker.pk])
    link = f"accounts/acme/contacts/{speaker.pk}"
    assert [erp.call("DELETE", link).status_code for _ in range(2)] == [204, 204]
    assert erp.get("accounts/acme").json()["contact_ids"] == []
    assert [erp.put(link, None).status_code for _ in range(2)] == [204, 204]
    assert erp.get(f"accounts?contact_id={speaker.pk}").json()["results"][0]["id"] == renamed["id"]
    assert erp.put(f"accounts/acme/contacts/{speaker.pk + 99}", None).status_code == 404
    assert erp.put(f"accounts/nobody/contacts/{speaker.pk}", None).status_code == 404


def test_post_adds_and_does_not_replace(erp: Caller, acme: Account) -> None:
    body = {**INVOICE, "external_id": "erp-1"}
    assert erp.post("invoices", body).status_code == 201
    again = erp.post("invoices", {**body, "due_on": "2026-12-01"})
    assert (again.status_code, again.json()["code"]) == (409, "already_there")
    assert erp.post("accounts", {"external_id": "acme", "name": "X"}).status_code == 409
    assert erp.post("accounts", {"external_id": "new", "name": "X"}).status_code == 201


def test_post_with_an_idempotency_key_acts_once(erp: Caller, acme: Account) -> None:
    body = {**INVOICE, "external_id": "erp-1"}
    both = [erp.post("invoices", body, Idempotency_Key="one") for _ in range(2)]
    assert [answer.status_code for answer in both] == [201, 201]
    assert both[1]["Idempotent-Replayed"] == "true"


def test_patch_changes_what_it_names(erp: Caller, acme: Account) -> None:
    an_invoice(acme, "100.00", external_id="erp-1", number="INV-9")
    changed = erp.patch("invoices/erp-1", {"total": {"amount": "90.00"}, "status": "paid"}).json()
    assert changed["total"] == {"amount": "90.00", "currency": "ZAR"}
    assert (changed["number"], changed["status"]) == ("INV-9", "paid")
    assert changed["paid_on"]
    assert erp.patch("invoices/nobody", {}).status_code == 404


def test_of_two_who_saw_the_same_state_one_writes(erp: Caller, acme: Account) -> None:
    tag = erp.put("invoices/erp-1", INVOICE)["ETag"]
    first = erp.patch("invoices/erp-1", {"due_on": "2026-11-30"}, If_Match=tag)
    second = erp.put("invoices/erp-1", INVOICE, If_Match=tag)
    assert (first.status_code, second.status_code) == (200, 412)
    assert second["ETag"] == first["ETag"]
    assert erp.put("invoices/erp-1", INVOICE, If_Match=first["ETag"]).status_code == 200
    assert erp.put("invoices/erp-2", INVOICE, If_Match="*").status_code == 412
    assert Invoice.objects.count() == 1


def test_if_none_match_creates_and_never_replaces(erp: Caller, acme: Account) -> None:
    answers = [erp.put("accounts/new", {"name": name}, If_None_Match="*") for name in "AB"]
    assert [answer.status_code for answer in answers] == [201, 412]
    assert Account.objects.get(external_id="new").name == "A"


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_with_one_tag_one_writes(acme: Account) -> None:
    tag = a_client(INVOICES_WRITE, INVOICES_READ).put("invoices/erp-1", INVOICE)["ETag"]
    barrier = Barrier(5)
    answers: list[int] = []

    def pay(number: int) -> None:
        erp, due = a_client(INVOICES_WRITE), f"2026-12-0{number}"
        barrier.wait()
        answers.append(erp.patch("invoices/erp-1", {"due_on": due}, If_Match=tag).status_code)
        connections.close_all()

    threads = [Thread(target=pay, args=(number,)) for number in range(1, 6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == [200, 412, 412, 412, 412]
    assert Invoice.objects.get().version == 2


def test_faults_name_their_place(erp: Caller, acme: Account) -> None:
    wrong = {**INVOICE, "total": {"amount": 5, "currency": "rand"}, "due_no": "2026-01-01"}
    assert faults(erp.put("invoices/erp-1", wrong)) == {"#/due_no": "unknown"}
    wrong.pop("due_no")
    refused = erp.put("invoices/erp-1", {**wrong, "due_on": "tomorrow"})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_fields")
    assert faults(refused) == {
        "#/total/amount": "not_an_amount",
        "#/total/currency": "invalid",
        "#/due_on": "invalid",
    }
    assert faults(erp.put("invoices/erp-1", {**INVOICE, "due_on": "2026-09-01"})) == {
        "#/due_on": "due_before_issued"
    }
    assert faults(erp.put("invoices/erp-1", {**INVOICE, "account": "x"})) == {
        "#/account": "no_such_account"
    }
    assert faults(erp.put("invoices/erp-1", {**INVOICE, "external_id": "erp-2"})) == {
        "#/external_id": "differs"
    }
    assert faults(erp.put("invoices/-", INVOICE)) == {"#/external_id": "invalid"}
    assert not Invoice.objects.exists()


def test_what_the_invoice_itself_forbids_is_a_conflict_with_its_reason(
    erp: Caller, acme: Account
) -> None:
    paid_invoice(acme, external_id="paid", number="P", days_ago=3)
    an_invoice(acme, external_id="gone", number="C", status="cancelled")

    def code(key: str, change: dict[str, Any]) -> tuple[int, str]:
        answer = erp.patch(f"invoices/{key}", change)
        return answer.status_code, answer.json()["code"]

    assert code("paid", {"total": {"amount": "1.00"}}) == (409, "invoice_settled")
    assert code("paid", {"status": "cancelled"}) == (409, "status_not_possible")
    assert code("paid", {"number": "C"}) == (409, "number_taken")
    assert code("gone", {"due_on": "2030-01-01"}) == (409, "invoice_cancelled")
    assert erp.patch("invoices/paid", {"status": "open"}).json()["paid_on"] is None


def found(caller: Caller, path: str) -> list[str]:
    answer = caller.get(path)
    assert answer.status_code == 200, answer.content
    return sorted(row["number"] for row in answer.json()["results"])


def test_invoices_are_found_by_what_systems_ask(erp: Caller, acme: Account) -> None:
    other = an_account(name="Other", external_id="other")
    an_invoice(acme, due_in=-5, number="LATE", external_id="erp/1")
    an_invoice(acme, due_in=5, number="SOON")
    paid_invoice(other, days_ago=3, number="PAID")
    day = Invoice.objects.get(number="SOON").due_on.isoformat()
    assert found(erp, "invoices?account=acme") == ["LATE", "SOON"]
    assert found(erp, "invoices?status=paid") == ["PAID"]
    assert found(erp, "invoices?overdue=true") == ["LATE"]
    assert found(erp, "invoices?overdue=false") == ["PAID", "SOON"]
    assert found(erp, f"invoices?due_from={day}&due_until={day}") == ["SOON"]
    assert found(erp, "invoices?number=SOON") == ["SOON"]
    assert found(erp, "invoices?external_id=erp/1") == ["LATE"]
    Invoice.objects.filter(number="PAID").update(updated_at="2020-01-01T00:00:00Z")
    since = Invoice.objects.get(number="SOON").updated_at.isoformat().replace("+00:00", "Z")
    assert "LATE" not in found(erp, f"invoices?updated_since={since}")
    assert found(erp, "invoices?updated_since=1464-09-22T09:37:52-17:38") == [
        "LATE",
        "PAID",
        "SOON",
    ]
    assert erp.get("invoices?updated_since=0001-01-01T00:00:00%2B05:00").status_code == 400
    assert erp.get("invoices?status=late").status_code == 400
    assert erp.get("invoices?overdu=true").status_code == 400


def test_an_account_without_a_key_is_shown_in_lists(erp: Caller) -> None:
    an_invoice(an_account(name="By hand"))
    assert erp.get("accounts").json()["results"][0]["external_id"] is None
    assert erp.get("invoices").json()["results"][0]["account"] is None


SAME = {**INVOICE, "number": "N0"}
# What each costs: the key, the allowance, the rows, the act, and the row of the log.
QUERIES: list[tuple[str, str, Any, int]] = [
    ("GET", "accounts", None, 5),
    ("GET", "accounts/acme", None, 5),
    ("GET", "invoices", None, 4),
    ("GET", "invoices/erp-0", None, 4),
    ("PUT", "invoices/erp-0", SAME, 12),
    ("PATCH", "invoices/erp-0", {"due_on": "2030-01-01"}, 12),
    ("PUT", "accounts/acme", {"name": "Other"}, 12),
]


@pytest.mark.parametrize(("method", "path", "body", "wanted"), QUERIES)
def test_an_endpoint_takes_as_many_queries_as_it_is_named_with(
    method: str, path: str, body: Any, wanted: int, erp: Caller, acme: Account
) -> None:
    for number in range(30):
        an_invoice(acme, external_id=f"erp-{number}", number=f"N{number}")
        an_account(a_contact(), name=f"A{number}", external_id=f"a{number}")
    erp.get("invoices")  # what is looked up once in a process
    with CaptureQueriesContext(connection) as queries:
        assert erp.call(method, path, body).status_code == 200
    assert len(queries) == wanted, [query["sql"][:300] for query in queries]
