"""What every endpoint has from the frame: pages, tags, rates, and a row in the log."""

import uuid
from datetime import timedelta

import pytest
from django.conf import settings as project
from django.utils import timezone

from conversations import pruning, scopes
from conversations.models import ApiAllowance, ApiAnswer, ApiCall, ApiClient, Label
from tests.api.calling import Caller, a_client, a_key
from tests.desk.together import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def labels() -> list[Label]:
    return [Label.objects.create(name=f"Label {number}") for number in range(5)]


@pytest.fixture
def caller() -> Caller:
    return a_client(scopes.LABELS_READ)


def names(response: object) -> list[str]:
    return [row["name"][-1] for row in response.json()["results"]]  # type: ignore[attr-defined]


def test_pages_come_newest_first_and_lead_on_and_back(caller: Caller, labels: list[Label]) -> None:
    first = caller.get("labels?page_size=2")
    assert names(first) == ["4", "3"]
    assert first.json()["previous"] is None
    second = caller.get(first.json()["next"])
    assert names(second) == ["2", "1"]
    assert names(caller.get(second.json()["previous"])) == ["4", "3"]
    assert caller.get(second.json()["next"]).json()["next"] is None


def test_what_is_written_meanwhile_neither_repeats_nor_skips(
    caller: Caller, labels: list[Label]
) -> None:
    first = caller.get("labels?page_size=2").json()
    Label.objects.create(name="Label 9")
    labels[3].delete()
    labels[2].delete()
    assert names(caller.get(first["next"])) == ["1", "0"]


def test_a_row_that_is_known_is_not_sent_again(caller: Caller, labels: list[Label]) -> None:
    address = f"labels/{labels[0].pk}"
    tag = caller.get(address)["ETag"]
    assert tag.startswith('"')
    known = caller.get(address, If_None_Match=f'"other", W/{tag}')
    assert (known.status_code, known.content, known["ETag"]) == (304, b"", tag)
    labels[0].name = "Another"
    labels[0].save(update_fields=["name"])
    assert caller.get(address, If_None_Match=tag).status_code == 200


def hold_the_time(*, ago: float | None = None) -> None:
    """No time passes between the calls that follow; or the last one was so many seconds ago."""
    moment = timedelta(hours=1) if ago is None else -timedelta(seconds=ago)
    ApiAllowance.objects.update(counted_at=timezone.now() + moment)


def test_what_was_asked_is_counted_and_told(labels: list[Label]) -> None:
    caller = a_client(scopes.LABELS_READ, calls_per_minute=2)
    first = caller.get("labels")
    assert first["RateLimit-Limit"] == "2"
    assert first["RateLimit-Policy"] == "2;w=60"
    assert first["RateLimit-Remaining"] == "1"
    hold_the_time()
    assert caller.get("labels")["RateLimit-Remaining"] == "0"
    refused = caller.get("labels")
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert (refused["Retry-After"], refused["RateLimit-Reset"]) == ("30", "60")
    assert refused["RateLimit-Remaining"] == "0"
    hold_the_time(ago=30)  # as long as Retry-After said
    assert caller.get("labels").status_code == 200
    hold_the_time()
    assert caller.get("labels").status_code == 429


def test_a_minute_that_turns_gives_nothing_twice(labels: list[Label]) -> None:
    """Wherever the clock's minutes turn: a burst, a pause of six seconds, and a tenth is back."""
    caller = a_client(scopes.LABELS_READ, calls_per_minute=10)
    assert caller.get("labels").status_code == 200
    hold_the_time()
    assert [caller.get("labels").status_code for _ in range(12)] == [200] * 9 + [429] * 3
    hold_the_time(ago=6.5)
    assert caller.get("labels").status_code == 200
    hold_the_time()
    assert caller.get("labels").status_code == 429


def test_who_may_call_less_from_now_on_waits_no_longer_than_a_minute(labels: list[Label]) -> None:
    client, key = a_key(scopes.LABELS_READ, calls_per_minute=1000)
    Caller(key).get("labels")
    hold_the_time()
    ApiAllowance.objects.update(spent=900)
    ApiClient.objects.filter(pk=client.pk).update(calls_per_minute=6)
    assert Caller(key).get("labels")["Retry-After"] == "10"


def test_who_is_told_to_wait_does_not_wait_longer_for_asking(labels: list[Label]) -> None:
    caller = a_client(scopes.LABELS_READ, calls_per_minute=1)
    caller.get("labels")
    hold_the_time()
    assert {caller.get("labels")["Retry-After"] for _ in range(5)} == {"60"}


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_no_more_pass_than_may(labels: list[Label]) -> None:
    _, key = a_key(scopes.LABELS_READ, calls_per_minute=6)
    statuses = together(*[lambda: Caller(key).get("labels").status_code] * 12)
    assert sorted(map(str, statuses)) == ["200"] * 6 + ["429"] * 6


def test_one_client_does_not_spend_what_another_has(labels: list[Label]) -> None:
    spent = a_client(scopes.LABELS_READ, calls_per_minute=1)
    spent.get("labels")
    hold_the_time()
    assert spent.get("labels").status_code == 429
    other = a_client(scopes.LABELS_READ).get("labels")
    assert other["RateLimit-Limit"] == str(project.API_CALLS_PER_MINUTE)


def test_who_tries_keys_is_slowed_down(monkeypatch: pytest.MonkeyPatch) -> None:
    Caller("wac_abcdefgh_x").get("labels")
    hold_the_time()
    ApiAllowance.objects.update(spent=60)
    assert Caller("wac_abcdefgh_x").get("labels").status_code == 429
    assert Caller("wac_abcdefgh_x").get("labels").status_code == 429
    assert ApiCall.objects.count() == 2  # of all that came too early one stands in the log


def test_every_call_is_one_row_of_the_log(labels: list[Label]) -> None:
    client, key = a_key(scopes.LABELS_READ)
    response = Caller(key).get(f"labels/{labels[0].pk}")
    call = ApiCall.objects.get()
    assert (call.client, call.user, call.method, call.status) == (client, None, "GET", 200)
    assert call.route == "api/v1/labels/<int:pk>"
    assert call.touched == {"label": [labels[0].pk]}
    assert call.request_id == uuid.UUID(response["X-Request-Id"])


def test_a_list_names_the_rows_of_its_page(caller: Caller, labels: list[Label]) -> None:
    caller.get("labels?page_size=2")
    assert ApiCall.objects.get().touched == {"label": [labels[4].pk, labels[3].pk]}


def test_an_address_that_leads_nowhere_is_not_kept(caller: Caller) -> None:
    caller.get("customers/27821234567")
    assert ApiCall.objects.get().route == "api/"


@pytest.mark.parametrize("path", ["nothing", "labels/x%0A", "labels/%1C%C2%A3"])
def test_an_address_that_leads_nowhere_is_a_problem_too(path: str, caller: Caller) -> None:
    answer = caller.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_a_refusal_stands_in_the_log_with_its_code(caller: Caller) -> None:
    caller.get("labels/1")
    call = ApiCall.objects.get()
    assert (call.status, call.code, call.touched) == (404, "not_found", {})


def test_the_log_and_the_answers_are_pruned(caller: Caller) -> None:
    caller.get("labels")
    old = timezone.now() - timedelta(days=project.KEEP_API_CALLS_DAYS + 1)
    ApiCall.objects.update(at=old)
    caller.get("labels")
    for age in (1, 26):
        at = timezone.now() - timedelta(hours=age)
        ApiAnswer.objects.create(caller="client:1", key=str(age), created_at=at)
    pruning.prune()
    assert ApiAllowance.objects.count() == 1
    ApiAllowance.objects.update(counted_at=timezone.now() - timedelta(days=2))
    pruning.prune()
    assert not ApiAllowance.objects.exists()
    assert ApiCall.objects.get().at > old
    assert ApiAnswer.objects.get().key == "1"
