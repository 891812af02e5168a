"""The fast lane: the webhook's plain POST, answered in front of Django, in the same server.

granian comes in by `wsgi`. What is signed and stored is answered here, as the view would answer it;
everything else goes to Django unchanged, so there is one door that says no.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from io import BytesIO
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http.request import split_domain_port, validate_host
from django.urls import reverse

from conversations import event_store, webhook
from conversations.whatsapp import signature

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

# What Django's middleware gives every answer and a plain text needs.
HEADERS = [("Content-Type", webhook.CONTENT_TYPE), ("X-Content-Type-Options", "nosniff")]


class FastLane:
    """A WSGI application around Django's."""

    def __init__(self, django: Application) -> None:
        self._django = django
        self._path = reverse("whatsapp-webhook")

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if not self._is_plain_post(environ):
            return self._django(environ, start_response)
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        header = environ.get("HTTP_X_HUB_SIGNATURE_256")
        if not signature.is_valid(body, header, settings.WHATSAPP_APP_SECRET):
            return self._django({**environ, "wsgi.input": BytesIO(body)}, start_response)
        try:
            event_store.store(body)
        except (DatabaseError, InterfaceError):
            later = webhook.RETRY_LATER.items()
            return _answer(start_response, "503 Service Unavailable", webhook.UNAVAILABLE, *later)
        return _answer(start_response, "200 OK", webhook.RECEIVED)

    def _is_plain_post(self, environ: Environ) -> bool:
        """Whether the view would read a body of so many bytes, and look at its signature next."""
        length = environ.get("CONTENT_LENGTH") or ""
        return (
            environ["PATH_INFO"] == self._path
            and environ["REQUEST_METHOD"] == "POST"
            and length.isdigit()
            and int(length) <= webhook.MAX_BODY
            and "HTTP_TRANSFER_ENCODING" not in environ
            and _is_our_host(environ.get("HTTP_HOST", ""), tuple(settings.ALLOWED_HOSTS))
        )


@lru_cache
def _is_our_host(host: str, allowed: tuple[str, ...]) -> bool:
    """Whether Django would answer to this name."""
    return validate_host(split_domain_port(host)[0], allowed)


def _answer(
    start_response: StartResponse, status: str, text: str, *headers: tuple[str, str]
) -> list[bytes]:
    content = text.encode()
    start_response(status, [*HEADERS, *headers, ("Content-Length", str(len(content)))])
    return [content]
