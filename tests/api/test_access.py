"""Each endpoint and the one scope that opens it: for every key, for nobody, and for staff."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from conversations import scopes
from conversations.api import access
from conversations.api.resource import Door
from conversations.domain import Scope
from tests import factories
from tests.api.calling import Caller, a_client, everything

pytestmark = pytest.mark.django_db


def endpoints() -> list[tuple[str, str, Scope | None]]:
    """Every address of the API as the project knows it: method, path with ids, scope."""
    found = []
    for route, view in _views(get_resolver(), ""):
        if not route.startswith("api/v1/") or view.__name__ == "Nowhere":
            continue
        actions = view.view_initkwargs_actions
        for method, action in actions.items():
            found.append((method.upper(), "/" + _with_ids(route), _scope(view, action)))
    return sorted(found, key=lambda one: one[:2])


def _views(resolver: Any, before: str) -> Any:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _views(pattern, route)
        elif isinstance(pattern, URLPattern):
            cls = getattr(pattern.callback, "cls", None)
            if cls is not None and issubclass(cls, Door):
                actions = getattr(pattern.callback, "actions", None) or {
                    name: name
                    for name in ("get", "post", "put", "patch", "delete")
                    if hasattr(cls, name)
                }
                actions = {m: a for m, a in actions.items() if m != "head"}
                yield route, type(cls.__name__, (cls,), {"view_initkwargs_actions": actions})


def _with_ids(route: str) -> str:
    for part in route.split("/"):
        if part.startswith("<"):
            route = route.replace(part, "1" if "int" in part else "some-key")
    return route


def _scope(view: Any, action: str) -> Scope | None:
    return access.needed(view, action)


ENDPOINTS = endpoints()
named = pytest.mark.parametrize(("method", "path", "scope"), ENDPOINTS)


def call(caller: Caller, method: str, path: str) -> Any:
    return caller.call(method, path, None if method == "GET" else {})


def test_there_are_endpoints() -> None:
    assert ("GET", "/api/v1/labels", scopes.LABELS_READ) in ENDPOINTS
    assert ("POST", "/api/v1/threads/1/take", scopes.THREADS_WRITE) in ENDPOINTS


@named
def test_every_endpoint_names_a_scope_that_can_be_ticked(
    method: str, path: str, scope: Scope | None
) -> None:
    assert scope is not None
    assert scope is access.ANYBODY or scope == scopes.known()[scope.name]


@named
def test_nobody_comes_in(method: str, path: str, scope: Scope) -> None:
    assert call(Caller(), method, path).status_code == 401


@named
def test_every_other_scope_together_does_not_open_it(method: str, path: str, scope: Scope) -> None:
    if scope is access.ANYBODY:
        return
    response = call(a_client(*(set(everything()) - {scope.name})), method, path)
    assert (response.status_code, response.json()["code"]) == (403, "not_allowed")
    assert response.json()["needs"] == scope.name


@named
def test_its_own_scope_alone_opens_it(method: str, path: str, scope: Scope) -> None:
    assert call(a_client(scope), method, path).status_code not in (401, 403, 405)


@named
def test_staff_come_in_by_their_rights_alone(method: str, path: str, scope: Scope) -> None:
    bob = factories.bob()
    if scope is not access.ANYBODY:
        assert call(Caller(user=bob), method, path).status_code == 403
    bob.user_permissions.set(rights(scope))
    assert call(Caller(user=User.objects.get(pk=bob.pk)), method, path).status_code not in (
        401,
        403,
    )


def rights(scope: Scope) -> list[Permission]:
    wanted = [name.split(".") for name in scope.permissions]
    return [
        Permission.objects.get(content_type__app_label=app, codename=code) for app, code in wanted
    ]


def test_each_scope_asks_for_a_right_that_exists() -> None:
    for scope in scopes.known().values():
        assert scope.permissions
        assert len(rights(scope)) == len(scope.permissions)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_login_needs_the_csrf_token_for_whatever_changes_something(method: str) -> None:
    caller = Caller(user=factories.an_agent(), enforce_csrf_checks=True)
    response = caller.call(method, "labels", {})
    assert (response.status_code, response.json()["code"]) == (403, "csrf_failed")
