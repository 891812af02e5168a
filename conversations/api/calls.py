"""One row for every call: who, what kind of address, how it ended, which rows it touched.

Neither bodies nor addresses nor anything a customer wrote. The row is written after the answer and
waits for no disk: a power cut may lose the last of them, never what they tell of.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import connection
from rest_framework.request import Request

KEEP = """
    WITH quick AS (SELECT set_config('synchronous_commit', 'off', true))
    INSERT INTO conversations_apicall
        (at, client_id, user_id, method, route, status, code, milliseconds, request_id, touched)
    SELECT clock_timestamp(), %s, %s, %s, %s, %s, %s, %s, %s, %s FROM quick
"""
ROUTE_LENGTH = 120


def keep(
    request: Request,
    *,
    client_id: int | None,
    user_id: int | None,
    touched: Mapping[str, list[int]],
    status: int,
    code: str,
    milliseconds: int,
    request_id: uuid.UUID,
) -> None:
    """The call stands in the log."""
    values: list[Any] = [
        client_id,
        user_id,
        (request.method or "")[:10],
        route_of(request),
        status,
        code,
        milliseconds,
        request_id,
        json.dumps(touched),
    ]
    with connection.cursor() as cursor:
        cursor.execute(KEEP, values)


def route_of(request: Request) -> str:
    """The kind of address: api/v1/contacts/<int:pk>."""
    match = getattr(request._request, "resolver_match", None)
    return (match.route if match else "").lstrip("^")[:ROUTE_LENGTH]
