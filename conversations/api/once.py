"""`Idempotency-Key`: whoever does not know whether a POST arrived may send it again.

What is promised, for 24 hours, for each caller and key:
- The same request gets the first answer again, byte for byte, with `Idempotent-Replayed: true`,
  be it a success or a refusal; another request with the same key gets 422.
- Of any number at once one acts; the others are told 409 and when to ask again.
- Killed at any moment it has acted wholly, with its answer kept, or not at all. The answer is
  written in the act's own transaction; that transaction holds the lock of the key's row, which was
  committed before. So a row without an answer whose lock is free is nobody's: the next one to come
  acts. There is no time to wait out, and nothing to clean up.
- An answer of 5xx is not kept: nothing was done, and the same key may try again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from conversations.api.problems import Fault, Problem
from conversations.models import ApiAnswer

KEPT_FOR = timedelta(hours=24)
HEADER = "Idempotency-Key"
KEY_LENGTH_MAX = 255
HEADERS_KEPT = ("Location", "ETag", "Retry-After")
ASK_AGAIN_SECONDS = 1

Act = Callable[[], Response]


def key_of(request: Request) -> str | None:
    """The caller's key, or None. Raises: Problem for one that is empty, too long or not plain."""
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not (1 <= len(key) <= KEY_LENGTH_MAX and key.isascii() and key.isprintable()):
        detail = f"It is not 1 to {KEY_LENGTH_MAX} plain characters."
        fault = Fault(("header", HEADER), detail, what_to_do="Take a random UUID.")
        raise Problem("invalid_header", detail, faults=(fault,))
    return key


def once(caller: str, key: str, request: Request, act: Act) -> HttpResponse:
    """The answer of `act`, or the first answer to this key.

    `act` answers its refusals itself and leaves no rows behind them.
    Raises: Problem, and whatever `act` raises: then nothing was done and the key is free.
    """
    fingerprint = fingerprint_of(request)
    ApiAnswer.objects.bulk_create(
        [ApiAnswer(caller=caller, key=key, fingerprint=fingerprint, created_at=timezone.now())],
        ignore_conflicts=True,
    )
    with transaction.atomic():
        rows = ApiAnswer.objects.select_for_update(skip_locked=True)
        row = rows.filter(caller=caller, key=key).first()
        if row is None:
            raise _in_progress()
        if row.created_at < timezone.now() - KEPT_FOR:
            _forget(row, fingerprint)
        if row.fingerprint != fingerprint:
            raise _reused()
        if row.status is not None:
            return _again(row)
        return _keep(row, act())


def fingerprint_of(request: Request) -> str:
    """What makes two requests the same: method, address, and the body's meaning."""
    told = {"to": f"{request.method} {request.get_full_path()}", "body": _meaning(request.data)}
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _meaning(data: Any) -> Any:
    """A form's boundary differs each time, and its files are their bytes."""
    if not hasattr(data, "lists"):
        return data
    return {name: [_one(value) for value in values] for name, values in data.lists()}


def _one(value: Any) -> Any:
    if not isinstance(value, UploadedFile):
        return value
    digest = sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return [value.name, value.content_type, digest.hexdigest()]


def _forget(row: ApiAnswer, fingerprint: str) -> None:
    """After its day the key is new; the row is ours, for we hold its lock."""
    row.fingerprint, row.status, row.created_at = fingerprint, None, timezone.now()
    row.save(update_fields=["fingerprint", "status", "created_at"])


def _keep(row: ApiAnswer, response: Response) -> HttpResponse:
    row.status = response.status_code
    row.body = JSONRenderer().render(response.data).decode()
    row.headers = {name: response[name] for name in HEADERS_KEPT if name in response}
    row.headers["Content-Type"] = response.content_type or "application/json"
    row.save(update_fields=["status", "body", "headers"])
    return _answer(row, {})


def _again(row: ApiAnswer) -> HttpResponse:
    return _answer(row, {"Idempotent-Replayed": "true"})


def _answer(row: ApiAnswer, headers: Mapping[str, str]) -> HttpResponse:
    return HttpResponse(row.body, status=row.status, headers={**row.headers, **headers})


def _in_progress() -> Problem:
    return Problem(
        "request_in_progress",
        "Whether it acts is not decided yet.",
        headers={"Retry-After": str(ASK_AGAIN_SECONDS)},
    )


def _reused() -> Problem:
    detail = "This key was used for a request with another address or body."
    return Problem(
        "idempotency_key_reused", detail, faults=(Fault(("header", HEADER), detail, "reused"),)
    )
