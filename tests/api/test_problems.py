"""Every error is a problem with a code, whatever went wrong."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from conversations import scopes
from conversations.api import access, bodies, problems
from conversations.api.resource import Door
from tests.api.calling import Caller, a_client

pytestmark = pytest.mark.django_db


class Fragile(Door):
    """Reads a body, or breaks as the query says."""

    access = {"get": access.ANYBODY, "post": access.ANYBODY}
    parameters = {"get": ["break"]}

    class Wanted(bodies.Body):
        from rest_framework import serializers

        name = serializers.CharField(max_length=3)
        counts = serializers.ListField(child=serializers.IntegerField())

    def get(self, request: Request) -> Response:
        raise {"away": OperationalError, "bug": RuntimeError}[request.query_params["break"]](
            "secret-of-the-house"
        )

    def post(self, request: Request) -> Response:
        return Response(bodies.read(self.Wanted, request))


urlpatterns = [path("api/v1/fragile", Fragile.as_view())]


@pytest.fixture
def fragile(settings: Any) -> Caller:
    settings.ROOT_URLCONF = __name__
    return a_client()


def is_problem(response: Any, status: int, code: str) -> dict[str, Any]:
    assert response["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = response.json()
    assert (response.status_code, told["status"], told["code"]) == (status, status, code)
    assert told["type"] == f"/api/docs/problems#{code}"
    assert told["title"]
    assert told["instance"] == f"urn:uuid:{response['X-Request-Id']}"
    return told


def known() -> Caller:
    return a_client(scopes.LABELS_READ)


REFUSALS: list[tuple[Callable[[], Any], int, str]] = [
    (lambda: Caller().get("labels"), 401, "not_authenticated"),
    (lambda: Caller("wac_a_b").get("labels"), 401, "key_refused"),
    (lambda: a_client().get("labels"), 403, "not_allowed"),
    (lambda: known().get("labels/1"), 404, "not_found"),
    (lambda: known().get("labels/" + "9" * 30), 404, "not_found"),
    (lambda: known().get("labels/"), 404, "not_found"),
    (lambda: known().get("labels/%0A"), 404, "not_found"),
    (lambda: known().get("nothing"), 404, "not_found"),
    (lambda: known().get("/api/nothing"), 404, "not_found"),
    (lambda: known().post("labels"), 405, "method_not_allowed"),
    (lambda: known().call("OPTIONS", "labels"), 405, "method_not_allowed"),
    (lambda: known().call("DELETE", "labels/1"), 405, "method_not_allowed"),
    (lambda: known().get("labels", Accept="text/html"), 406, "not_acceptable"),
    (lambda: known().get("labels?nmae=VIP"), 400, "invalid_parameters"),
    (lambda: known().get("labels?name=%00"), 400, "invalid_parameters"),
    (lambda: known().get("labels?page_size=0"), 400, "invalid_parameters"),
    (lambda: known().get("labels?page_size=x"), 400, "invalid_parameters"),
    (lambda: known().get("labels?page_size=000000001999"), 400, "invalid_parameters"),
    (lambda: known().get(f"labels?page_size=1{'0' * 5000}"), 400, "invalid_parameters"),
    (lambda: known().get("labels?cursor=x"), 400, "invalid_parameters"),
    (lambda: known().get("labels?cursor=cD1hYmM="), 400, "invalid_parameters"),
]


@pytest.mark.parametrize(("call", "status", "code"), REFUSALS)
def test_a_refusal_is_a_problem(call: Callable[[], Any], status: int, code: str) -> None:
    is_problem(call(), status, code)


def test_a_parameter_nobody_knows_is_named() -> None:
    told = known().get("labels?nmae=VIP").json()
    assert told["errors"][0]["parameter"] == "nmae"
    assert "nmae" in told["detail"]


def test_each_wrong_field_is_named_with_what_to_do(fragile: Caller) -> None:
    response = fragile.post("fragile", {"name": "long", "counts": [1, "x"], "conuts": 1})
    told = is_problem(response, 422, "invalid_fields")
    assert [error["pointer"] for error in told["errors"]] == ["#/conuts"]
    told = fragile.post("fragile", {"name": "long", "counts": [1, "x"]}).json()
    assert {error["pointer"] for error in told["errors"]} == {"#/name", "#/counts/1"}
    assert told["errors"][0]["what_to_do"] == "Shorten it."


def test_a_body_that_cannot_be_read(fragile: Caller) -> None:
    is_problem(fragile.post("fragile", b"{"), 400, "malformed_body")
    is_problem(fragile.post("fragile", b"\xff\xfe"), 400, "malformed_body")
    is_problem(fragile.post("fragile", b"[" * 100_000), 400, "malformed_body")
    is_problem(
        fragile.post("fragile", b'{"counts": [1' + b"0" * 9_999 + b"]}"), 400, "malformed_body"
    )
    is_problem(fragile.post("fragile", b'{"counts": [NaN]}'), 400, "malformed_body")
    is_problem(fragile.post("fragile", [1]), 422, "invalid_fields")


def test_a_body_of_another_type(fragile: Caller) -> None:
    response = fragile.http.post("/api/v1/fragile", {"a": 1}, headers=fragile.headers)
    is_problem(response, 415, "unsupported_media_type")


def test_a_body_that_is_too_large(fragile: Caller, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    is_problem(fragile.post("fragile", {"name": "a" * 20}), 413, "too_large")


def test_a_fault_of_ours_tells_nothing_of_the_inside(
    fragile: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    response = fragile.get("fragile?break=bug")
    is_problem(response, 500, "internal_error")
    assert "secret-of-the-house" not in response.content.decode()
    assert "RuntimeError" in caplog.text
    assert response["X-Request-Id"] in caplog.text


def test_a_database_that_is_away_asks_for_patience(fragile: Caller) -> None:
    response = fragile.get("fragile?break=away")
    is_problem(response, 503, "unavailable")
    assert int(response["Retry-After"]) > 0


def test_a_code_means_one_thing() -> None:
    problems.add_kinds({"not_found": problems.KINDS["not_found"]})
    with pytest.raises(ValueError, match="not_found"):
        problems.add_kinds({"not_found": problems.Kind(410, "Gone")})


def test_a_login_without_the_csrf_token_changes_nothing() -> None:
    from tests import factories

    caller = Caller(user=factories.an_agent(), enforce_csrf_checks=True)
    assert caller.get("labels").status_code == 200
    is_problem(caller.post("labels"), 403, "csrf_failed")


def test_problems_are_json() -> None:
    assert json.loads(Caller().get("labels").content)["errors"] == []
