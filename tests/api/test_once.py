"""A POST that is repeated acts once: with real transactions, real threads, and a killed holder."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.http import Http404
from django.test.client import encode_multipart
from django.urls import path
from django.utils import timezone
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from conversations.api import access
from conversations.api.problems import Problem
from conversations.api.resource import Door
from conversations.models import ApiAnswer, Label
from tests.api.calling import Caller, a_key

pytestmark = pytest.mark.django_db
several = pytest.mark.django_db(transaction=True)  # connections that see each other's commits

KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324"
TOGETHER = 20


class Making(Door):
    """Makes a label, and then does what the body says: nothing more, wait, refuse or break."""

    access = {"post": access.ANYBODY}
    parser_classes = (JSONParser, MultiPartParser)
    waiting = threading.Event()
    inside = threading.Event()
    dies = False

    def post(self, request: Request) -> Response:
        label = Label.objects.create(name=f"Made {Label.objects.count()} {threading.get_ident()}")
        self.touch(label)
        then = dict(request.data).get("then", "")
        if then == "wait":
            self.inside.set()
            assert self.waiting.wait(20)
        if then == "refuse":
            raise Problem("precondition_failed", "No.")
        if then == "lose":
            raise Http404
        if then == "break":
            raise RuntimeError
        if self.dies:
            _die()
        return Response({"id": label.pk}, status=201, headers={"Location": f"/{label.pk}"})


def _die() -> None:
    """The connection of this act is gone, as with a killed process."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


urlpatterns = [path("api/v1/making", Making.as_view())]


@pytest.fixture(autouse=True)
def making(settings: Any) -> Iterator[None]:
    settings.ROOT_URLCONF = __name__
    Making.waiting.clear()
    Making.inside.clear()
    yield
    Making.waiting.set()
    Making.dies = False


@pytest.fixture
def key() -> str:
    return a_key(calls_per_minute=10_000)[1]


def make(key: str, then: str = "", idempotency_key: str = KEY) -> Any:
    return Caller(key).post("making", {"then": then}, Idempotency_Key=idempotency_key)


def at_once(call: Callable[[], Any], count: int) -> list[Any]:
    """What `count` threads get who begin together, each with a connection of its own."""
    answers: list[Any] = []
    start = threading.Barrier(count)

    def run() -> None:
        start.wait(20)
        try:
            answers.append(call())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def test_the_first_answer_is_given_again(key: str) -> None:
    first, again = make(key), make(key)
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert first["Location"] == again["Location"]
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert Label.objects.count() == 1


def test_the_order_of_the_fields_makes_no_other_request(key: str) -> None:
    caller = Caller(key)
    caller.post("making", b'{"then": "", "why": 1}', Idempotency_Key=KEY)
    again = caller.post("making", b'{ "why": 1, "then": "" }', Idempotency_Key=KEY)
    assert again["Idempotent-Replayed"] == "true"


def test_another_body_with_the_same_key_is_refused(key: str) -> None:
    make(key)
    other = make(key, "other")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert Label.objects.count() == 1


@several
def test_of_twenty_at_once_one_acts(key: str) -> None:
    answers = at_once(lambda: make(key), TOGETHER)
    counts = Counter(answer.status_code for answer in answers)
    assert Label.objects.count() == 1
    assert set(counts) <= {201, 409}
    assert sum(counts.values()) == TOGETHER
    assert {a.json()["id"] for a in answers if a.status_code == 201} == {Label.objects.get().pk}
    refused = [answer for answer in answers if answer.status_code == 409]
    assert all(a.json()["code"] == "request_in_progress" and a["Retry-After"] for a in refused)
    assert make(key).status_code == 201
    assert Label.objects.count() == 1


@several
def test_whoever_asks_again_as_told_gets_the_answer_in_the_end(key: str) -> None:
    def insist() -> int:
        for _ in range(200):
            answer = make(key)
            if answer.status_code == 201:
                return int(answer.json()["id"])
        return 0

    assert set(at_once(insist, TOGETHER)) == {Label.objects.get().pk}


@several
def test_twenty_keys_at_once_act_twenty_times(key: str) -> None:
    keys = iter([f"key-{number}" for number in range(TOGETHER)])
    answers = at_once(lambda: make(key, idempotency_key=next(keys)), TOGETHER)
    assert {answer.status_code for answer in answers} == {201}
    assert Label.objects.count() == TOGETHER


@several
def test_while_the_first_runs_the_second_is_told_when_to_ask_again(key: str) -> None:
    first: list[Any] = []
    thread = threading.Thread(target=lambda: first.extend(at_once(lambda: make(key, "wait"), 1)))
    thread.start()
    assert Making.inside.wait(20)
    second = make(key, "wait")
    assert (second.status_code, second.json()["code"]) == (409, "request_in_progress")
    assert int(second["Retry-After"]) > 0
    Making.waiting.set()
    thread.join(20)
    assert first[0].status_code == 201
    assert make(key, "wait").json() == first[0].json()
    assert Label.objects.count() == 1


@several
def test_killed_in_the_middle_it_did_nothing_and_the_key_is_free_at_once(key: str) -> None:
    Making.dies = True
    killed = at_once(lambda: make(key), 1)[0]
    assert killed.status_code == 503
    assert ApiAnswer.objects.get().status is None
    assert not Label.objects.exists()
    Making.dies = False
    assert make(key).status_code == 201
    assert make(key)["Idempotent-Replayed"] == "true"
    assert Label.objects.count() == 1


@pytest.mark.parametrize(("then", "status"), [("refuse", 412), ("lose", 404)])
def test_a_refusal_is_given_again_and_leaves_no_rows(key: str, then: str, status: int) -> None:
    first, again = make(key, then), make(key, then)
    assert first.status_code == again.status_code == status
    assert first.content == again.content
    assert again["Content-Type"] == "application/problem+json"
    assert not Label.objects.exists()


def test_a_fault_of_ours_is_not_kept(key: str) -> None:
    assert make(key, "break").status_code == 500
    assert ApiAnswer.objects.get().status is None
    assert make(key, "break").status_code == 500
    assert not Label.objects.exists()


def test_each_caller_has_keys_of_its_own(key: str) -> None:
    make(key)
    assert "Idempotent-Replayed" not in make(a_key()[1])
    assert Label.objects.count() == 2


def test_after_a_day_the_key_is_new(key: str) -> None:
    make(key)
    ApiAnswer.objects.update(created_at=timezone.now() - timedelta(hours=24, seconds=1))
    later = make(key, "something else")
    assert later.status_code == 201
    assert make(key, "something else").json() == later.json()
    assert Label.objects.count() == 2


def test_a_file_is_the_same_whatever_divides_the_form(key: str) -> None:
    def send(content: bytes, boundary: str) -> Any:
        http, headers = Caller(key).http, {"Authorization": f"Bearer {key}", "Idempotency-Key": KEY}
        body = _form(content, boundary)
        kind = f"multipart/form-data; boundary={boundary}"
        return http.generic("POST", "/api/v1/making", body, content_type=kind, headers=headers)

    assert send(b"abc", "one").status_code == 201
    assert send(b"abc", "two")["Idempotent-Replayed"] == "true"
    assert send(b"abd", "two").json()["code"] == "idempotency_key_reused"


def _form(content: bytes, boundary: str) -> bytes:
    return encode_multipart(boundary, {"file": SimpleUploadedFile("a.txt", content)})


@pytest.mark.parametrize("wrong", ["", "x" * 256, "schlüssel", "two\twords"])
def test_a_key_that_is_none_is_refused(key: str, wrong: str) -> None:
    answer = make(key, idempotency_key=wrong)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_header")
    assert answer.json()["errors"][0]["header"] == "Idempotency-Key"
    assert not Label.objects.exists()


def test_without_a_key_each_request_acts(key: str) -> None:
    for _ in range(2):
        assert Caller(key).post("making", {}).status_code == 201
    assert Label.objects.count() == 2
    assert Caller(key).post("making", {"then": "refuse"}).status_code == 412
    assert Label.objects.count() == 2


def test_what_is_kept_of_an_answer_is_its_body(key: str) -> None:
    first = make(key)
    row = ApiAnswer.objects.get()
    assert json.loads(row.body) == first.json()
    assert row.headers == {"Location": first["Location"], "Content-Type": "application/json"}
