"""The permission matrix: every address and method, against every scope alone and every group.

The table is written by hand and the addresses are read from the project's urls, so that whoever
adds one must say here, beside the code that says it, whom it is for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import URLPattern, URLResolver, get_resolver

from conversations import scopes
from conversations.api.resource import Door
from tests import factories
from tests.api.calling import Caller, a_client

pytestmark = pytest.mark.django_db

V1 = "api/v1/"
ALL = "everybody"  # who is known at all
# Method and address: the scope a key needs, and the groups whose members come in by their login:
# A(gent), S(upervisor), B(illing). Bob of no group comes in nowhere but where everybody does.
TABLE: dict[tuple[str, str], tuple[str, str]] = {
    ("GET", "accounts"): ("accounts:read", "ASB"),
    ("POST", "accounts"): ("accounts:write", "B"),
    ("GET", "accounts/{external_id}"): ("accounts:read", "ASB"),
    ("PUT", "accounts/{external_id}"): ("accounts:write", "B"),
    ("PATCH", "accounts/{external_id}"): ("accounts:write", "B"),
    ("PUT", "accounts/{external_id}/contacts/{contact_id}"): ("accounts:write", "B"),
    ("DELETE", "accounts/{external_id}/contacts/{contact_id}"): ("accounts:write", "B"),
    ("GET", "announcements"): ("announcements:read", "ASB"),
    ("GET", "contacts"): ("contacts:read", "ASB"),
    ("POST", "contacts"): ("contacts:write", "S"),
    ("GET", "contacts/{pk}"): ("contacts:read", "ASB"),
    ("PATCH", "contacts/{pk}"): ("contacts:write", "S"),
    ("GET", "imports"): ("imports:read", "SB"),
    ("POST", "imports"): ("imports:write", "B"),
    ("GET", "imports/{pk}"): ("imports:read", "SB"),
    ("GET", "imports/{import_id}/rows"): ("imports:read", "SB"),
    ("GET", "invoices"): ("invoices:read", "ASB"),
    ("POST", "invoices"): ("invoices:write", "B"),
    ("GET", "invoices/{external_id}"): ("invoices:read", "ASB"),
    ("PUT", "invoices/{external_id}"): ("invoices:write", "B"),
    ("PATCH", "invoices/{external_id}"): ("invoices:write", "B"),
    ("GET", "labels"): ("labels:read", "ASB"),
    ("GET", "labels/{pk}"): ("labels:read", "ASB"),
    ("POST", "media"): ("media:write", "ASB"),
    ("GET", "media/{pk}"): ("media:read", "ASB"),
    ("GET", "messages"): ("messages:read", "ASB"),
    ("POST", "messages"): ("messages:send", "ASB"),
    ("GET", "messages/{pk}"): ("messages:read", "ASB"),
    ("GET", "openapi.yaml"): (ALL, "ASB"),
    ("GET", "phone_numbers"): ("phone_numbers:read", ""),
    ("GET", "phone_numbers/{pk}"): ("phone_numbers:read", ""),
    ("GET", "templates"): ("templates:read", "ASB"),
    ("GET", "templates/{pk}"): ("templates:read", "ASB"),
    ("GET", "threads"): ("threads:read", "ASB"),
    ("GET", "threads/{pk}"): ("threads:read", "ASB"),
    ("POST", "threads/{pk}/close"): ("threads:write", "ASB"),
    ("POST", "threads/{pk}/hand_over"): ("threads:write", "ASB"),
    ("POST", "threads/{pk}/labels"): ("threads:write", "ASB"),
    ("POST", "threads/{pk}/release"): ("threads:write", "ASB"),
    ("POST", "threads/{pk}/reopen"): ("threads:write", "ASB"),
    ("POST", "threads/{pk}/take"): ("threads:write", "ASB"),
    ("GET", "webhook_subscriptions"): ("webhooks:write", ""),
    ("POST", "webhook_subscriptions"): ("webhooks:write", ""),
    ("GET", "webhook_subscriptions/{pk}"): ("webhooks:write", ""),
    ("PATCH", "webhook_subscriptions/{pk}"): ("webhooks:write", ""),
    ("DELETE", "webhook_subscriptions/{pk}"): ("webhooks:write", ""),
    ("GET", "webhook_subscriptions/{pk}/deliveries"): ("webhooks:write", ""),
    ("POST", "webhook_subscriptions/{pk}/pause"): ("webhooks:write", ""),
    ("POST", "webhook_subscriptions/{pk}/test"): ("webhooks:write", ""),
    ("POST", "webhook_subscriptions/{pk}/replay"): ("webhooks:write", ""),
    ("POST", "webhook_subscriptions/{pk}/resume"): ("webhooks:write", ""),
    ("POST", "webhook_subscriptions/{pk}/rotate"): ("webhooks:write", ""),
}
GROUPS = {"A": factories.an_agent, "S": factories.a_supervisor, "B": factories.a_clerk}
METHODS = ("get", "post", "put", "patch", "delete")


def addresses() -> set[tuple[str, str]]:
    """Every method and address below /api/v1/ that the project answers."""
    found = set()
    for route, callback in _patterns(get_resolver(), ""):
        kind = getattr(callback, "cls", None)
        if route.startswith(V1) and kind is not None and issubclass(kind, Door):
            actions = getattr(callback, "actions", None) or METHODS
            found |= {
                (method.upper(), re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.removeprefix(V1)))
                for method in METHODS
                if method in actions and (hasattr(kind, method) or hasattr(callback, "actions"))
            }
    return found


def _patterns(resolver: Any, before: str) -> Iterator[tuple[str, Any]]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.callback


def opened(caller: Caller) -> set[tuple[str, str]]:
    """What lets this caller in; rows that are not there are no refusal."""
    return {entry for entry in TABLE if status(caller, *entry) not in (401, 403)}


def status(caller: Caller, method: str, address: str) -> int:
    path = re.sub(r"\{\w+\}", "987654321", address)
    answer = caller.call(method, path, None if method == "GET" else {})
    assert answer.status_code < 500, (method, path, answer.content)
    assert answer.status_code != 405, (method, path)
    return int(answer.status_code)


def test_every_address_of_the_api_stands_in_the_table() -> None:
    assert addresses() == set(TABLE)


def test_every_scope_of_the_table_exists() -> None:
    assert {scope for scope, _ in TABLE.values()} - {ALL} <= set(scopes.known())


@pytest.mark.parametrize("scope", sorted(scopes.known()))
def test_a_key_with_one_scope_opens_what_the_table_says_and_nothing_else(scope: str) -> None:
    wanted = {entry for entry, (needs, _) in TABLE.items() if needs in (scope, ALL)}
    assert opened(a_client(scope, calls_per_minute=10_000)) == wanted


def test_a_key_without_a_scope_opens_nothing() -> None:
    wanted = {entry for entry, (needs, _) in TABLE.items() if needs == ALL}
    assert opened(a_client(calls_per_minute=10_000)) == wanted


@pytest.mark.parametrize("group", GROUPS)
def test_a_member_of_a_group_opens_what_the_table_says(group: str) -> None:
    wanted = {entry for entry, (_, groups) in TABLE.items() if group in groups}
    assert opened(Caller(user=GROUPS[group]())) == wanted


def test_bob_of_no_group_opens_nothing() -> None:
    wanted = {entry for entry, (needs, _) in TABLE.items() if needs == ALL}
    assert opened(Caller(user=factories.bob())) == wanted


def test_a_superuser_opens_everything() -> None:
    root = User.objects.create_superuser("root")
    assert opened(Caller(user=root)) == set(TABLE)


@pytest.mark.parametrize("who", ["nobody", "a stranger", "a login that is no staff"])
def test_whoever_is_not_known_opens_nothing(who: str) -> None:
    customer = User.objects.create_user("customer")
    callers = {
        "nobody": Caller(),
        "a stranger": Caller("wac_abcdefgh_nothing"),
        "a login that is no staff": Caller(user=customer),
    }
    assert {status(callers[who], *entry) for entry in TABLE} <= {401, 429}
