"""Driving a WSGI application by hand: what goes in as an environ comes out as an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.test import RequestFactory
from django.test.client import ClientHandler

from conversations.whatsapp import signature
from waconsole.fast_lane import Application, Environ, FastLane

URL = "/webhooks/whatsapp/"


@dataclass(frozen=True)
class Answer:
    """What a client would read; header names in lower case."""

    status_code: int
    content: bytes
    headers: dict[str, str]


Post = Callable[..., Answer]


def door(name: str) -> Post:
    """Posts through the `view` or the `lane`: `post(body, *, secret=..., **environ)`."""
    application: Application = django if name == "view" else FastLane(django)

    def post(body: bytes, *, secret: str = "demo-app-secret", **environ: Any) -> Answer:
        return ask(application, environ_of(body, secret=secret, **environ))

    return post


def django(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django as the test client runs it, which leaves the transaction of a test alone."""
    response = ClientHandler()(environ)
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return [b"".join(response)]


def environ_of(body: bytes, *, secret: str = "demo-app-secret", **more: Any) -> Environ:
    """As a server would make it; signed, unless a signature is given. None leaves a key out."""
    signed = {"HTTP_X_HUB_SIGNATURE_256": signature.sign(body, secret), "HTTP_HOST": "testserver"}
    request = RequestFactory().post(URL, body, content_type="application/json")
    environ = {**request.environ, "CONTENT_LENGTH": str(len(body)), **signed, **more}
    return {name: value for name, value in environ.items() if value is not None}


def ask(application: Application, environ: Environ) -> Answer:
    """The whole answer."""
    started: list[Any] = []
    parts = application(environ, lambda status, headers, *_: started.extend((status, headers)))
    status, headers = started
    return Answer(
        int(status[:3]), b"".join(parts), {name.lower(): value for name, value in headers}
    )
