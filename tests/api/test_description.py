"""The API's description: kept in the repository, whole, and served with its page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from drf_spectacular.validation import validate_schema

from conversations.api import problems
from conversations.api.documents import description
from tests import factories
from tests.api.calling import Caller, a_client
from tests.inbox.pages import signed_in

KEPT = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    schema: dict[str, Any] = yaml.safe_load(description())
    return schema


def operations(told: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, methods in told["paths"].items()
        for method, operation in methods.items()
    ]


def test_it_is_the_one_in_the_repository() -> None:
    assert KEPT.read_bytes() == description(), "write it anew: make openapi"


def test_it_is_an_openapi(told: dict[str, Any]) -> None:
    assert told["openapi"] == "3.1.0"
    validate_schema(told)  # type: ignore[no-untyped-call]  # untyped


def test_every_operation_may_answer_with_a_problem(told: dict[str, Any]) -> None:
    for path, method, operation in operations(told):
        answer = operation["responses"]["default"]
        assert answer == {"$ref": "#/components/responses/Problem"}, (path, method)
    response = told["components"]["responses"]["Problem"]
    assert list(response["content"]) == [problems.MEDIA_TYPE]
    assert all(code in response["description"] for code in problems.KINDS)


def test_every_operation_names_its_scope_and_its_key(told: dict[str, Any]) -> None:
    for path, method, operation in operations(told):
        assert "Needs the scope `" in operation["description"], (path, method)
        assert {"key": []} in operation["security"]


def test_every_post_takes_an_idempotency_key(told: dict[str, Any]) -> None:
    for path, method, operation in operations(told):
        names = {parameter["name"] for parameter in operation.get("parameters", [])}
        assert ("Idempotency-Key" in names) == (method == "post"), (path, method)


def test_what_a_message_is_made_of_has_an_example(told: dict[str, Any]) -> None:
    schemas = told["components"]["schemas"]
    for name in ("NewMessage", "NewButtons", "NewList", "NewMedia", "NewTemplate", "Problem"):
        assert schemas[name]["examples"], name


@pytest.mark.django_db
def test_it_is_served_to_whoever_is_known_here() -> None:
    served = a_client().get("openapi.yaml")
    assert served.content == description()
    assert Caller().get("openapi.yaml").status_code == 401


@pytest.mark.django_db
def test_its_page_comes_from_our_own_origin_and_to_staff_alone() -> None:
    page = signed_in(factories.an_agent()).get("/api/docs/reference/")
    html = page.content.decode()
    assert page.status_code == 200
    assert "swagger-ui-bundle.js" in html
    assert "https://" not in html
    assert (
        "'unsafe-inline'"
        not in page["Content-Security-Policy"].split("script-src")[1].split(";")[0]
    )
    assert Caller().http.get("/api/docs/reference/").status_code == 302
