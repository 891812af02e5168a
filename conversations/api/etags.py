"""Which state of a row somebody has seen: strong entity tags, made from what is shown of it.

A tag changes when, and only when, what this caller sees has changed. A write with `If-Match`
compares under the row's lock, so that of two who saw the same state one is told.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.utils.http import parse_etags
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from conversations.api.problems import Problem


def of(data: Any) -> str:
    """The strong tag of a representation, in its quotes."""
    return f'"{sha256(JSONRenderer().render(data)).hexdigest()[:32]}"'


def is_seen(request: Request, tag: str) -> bool:
    """Whether `If-None-Match` says that this very state is there already."""
    header = request.headers.get("If-None-Match")
    if header is None:
        return False
    known = [one.removeprefix("W/") for one in parse_etags(header)]
    return "*" in known or tag in known


def is_conditional(request: Request) -> bool:
    """Whether a write depends on the state that was seen."""
    return "If-Match" in request.headers


def require(request: Request, tag: str) -> None:
    """Nothing, or 412 where `If-Match` names another state than the present one."""
    known = parse_etags(request.headers.get("If-Match", ""))
    if "*" not in known and tag not in known:
        raise Problem(
            "precondition_failed", "The row is not as If-Match says.", headers={"ETag": tag}
        )
