"""The door that Meta calls: verify, store, answer. It knows no message type and parses nothing.

What each answer does to Meta: 200 is the end of it; everything else is tried again, for days.
"""

import hmac
from contextlib import suppress

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpResponse
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from conversations import event_store
from conversations.whatsapp import signature

MAX_BODY = 3 * 1024 * 1024  # Cloud API, webhooks: payloads are up to 3 MB
RETRY_AFTER_SECONDS = "5"


class WhatsAppWebhook(APIView):
    """GET answers the subscription challenge, POST takes events."""

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
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY:
            return _plain("A webhook is 3 MB at most.", status=413)
        body = request.body
        header = request.headers.get("X-Hub-Signature-256")
        if not signature.is_valid(body, header, settings.WHATSAPP_APP_SECRET):
            with suppress(DatabaseError, InterfaceError):
                event_store.count_refusal()
            return _plain("The signature is missing or wrong.", status=401)
        try:
            event_store.store(body)
        except (DatabaseError, InterfaceError):
            return _unavailable()
        return _plain("EVENT_RECEIVED")


def _is_our_token(token: str | None) -> bool:
    ours = settings.WEBHOOK_VERIFY_TOKEN
    return bool(ours) and hmac.compare_digest((token or "").encode(), ours.encode())


def _unavailable() -> HttpResponse:
    answer = _plain("The database is away. Please try again.", status=503)
    answer["Retry-After"] = RETRY_AFTER_SECONDS
    return answer


def _plain(text: str, *, status: int = 200) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
