"""The door that Meta calls: verify, store, answer. It knows no message type and parses nothing.

What each answer does to Meta: 200 is the end of it; everything else is tried again, for days.
"""

import hmac
from collections.abc import Iterable
from contextlib import suppress

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpResponse
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from conversations import event_store
from conversations.whatsapp import signature

MAX_BODY = 3 * 1024 * 1024  # Cloud API, webhooks: payloads are up to 3 MB
CONTENT_TYPE = "text/plain; charset=utf-8"
RECEIVED = "EVENT_RECEIVED"
UNAVAILABLE = "The database is away. Please try again."
RETRY_LATER = {"Retry-After": "5"}


class NoNegotiation(BaseContentNegotiation):
    """An `Accept` header or a `?format=` must not turn a webhook away."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> None:
        return None

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str | None]:
        first = next(iter(renderers))
        return first, first.media_type


class WhatsAppWebhook(APIView):
    """GET answers the subscription challenge, POST takes events."""

    content_negotiation_class = NoNegotiation
    authentication_classes = ()
    permission_classes = (AllowAny,)
    # The signature stands for who sent it; there is no cookie to forge a request with.

    def get(self, request: Request) -> HttpResponse:
        """The bare challenge for whoever knows the verify token, 403 for everybody else."""
        asked = request.query_params
        if asked.get("hub.mode") == "subscribe" and _is_our_token(asked.get("hub.verify_token")):
            return _plain(asked.get("hub.challenge", ""))
        return _plain("The verify token is not ours.", status=403)

    def post(self, request: Request) -> HttpResponse:
        """200 once the raw event is committed; Meta may send it twice, it is kept once."""
        body = _body(request)
        if body is None:
            return _plain("A webhook is 3 MB at most.", status=413)
        header = request.headers.get("X-Hub-Signature-256")
        if not signature.is_valid(body, header, settings.WHATSAPP_APP_SECRET):
            with suppress(DatabaseError, InterfaceError):
                event_store.count_refusal()
            return _plain("The signature is missing or wrong.", status=401)
        try:
            event_store.store(body)
        except (DatabaseError, InterfaceError):
            return _plain(UNAVAILABLE, status=503, headers=RETRY_LATER)
        return _plain(RECEIVED)


def _body(request: Request) -> bytes | None:
    """The raw bytes, or None where they are too many.

    A proxy that streams names no length: then all is read that the server gives, where it says
    that it ends by itself.
    """
    told = request.META.get("CONTENT_LENGTH") or ""
    if told.isdigit() and int(told) > MAX_BODY:
        return None
    if told or not request.META.get("wsgi.input_terminated"):
        return request.body
    body: bytes = request.META["wsgi.input"].read(MAX_BODY + 1)
    return body if len(body) <= MAX_BODY else None


def _is_our_token(token: str | None) -> bool:
    ours = settings.WEBHOOK_VERIFY_TOKEN
    return bool(ours) and hmac.compare_digest((token or "").encode(), ours.encode())


def _plain(text: str, *, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(text, status=status, headers=headers, content_type=CONTENT_TYPE)
