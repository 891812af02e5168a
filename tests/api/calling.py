"""Another system that calls the API: `a_client(scopes)`, then `get`, `post`, `patch`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import count
from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from conversations import api_clients, scopes
from conversations.domain import Scope
from conversations.models import ApiClient

V1 = "/api/v1/"
_serial = count(1)


class Caller:
    """A program with a key (or, with `user`, a browser that is signed in)."""

    def __init__(self, key: str = "", user: User | None = None, **how: Any) -> None:
        self.http = Client(**how)
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}
        if user:
            self.http.force_login(user)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The answer; `body` goes as JSON, header names are written with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        address = path if path.startswith(("/", "http")) else V1 + path
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.http.generic(
            method,
            address,
            data if body is not None else b"",
            content_type="application/json",
            headers={**self.headers, **sent},
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, {} if body is None else body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.call("PATCH", path, body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> Any:
        return self.call("PUT", path, body, **headers)


def a_key(*allowed: Scope | str, **fields: Any) -> tuple[ApiClient, str]:
    """A client that may do this, and its key."""
    names = [scope if isinstance(scope, str) else scope.name for scope in allowed]
    return api_clients.create(f"Shop {next(_serial)}", names, **fields)


def a_client(*allowed: Scope | str, **fields: Any) -> Caller:
    """A program that may do this."""
    return Caller(a_key(*allowed, **fields)[1])


def everything() -> Iterable[str]:
    return list(scopes.known())
