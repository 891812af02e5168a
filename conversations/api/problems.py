"""Every error of the API as problem details (RFC 9457), with a code that never changes.

`Problem` is raised by hand; exceptions of other rooms are told how they read by `translates`.
Whatever nobody foresaw is a 500 that says nothing of what is inside.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
DOCS = "/api/docs/problems"


class Kind(NamedTuple):
    """What all problems of one code have in common."""

    status: int
    title: str
    what_to_do: str = ""


KINDS: dict[str, Kind] = {
    "malformed_body": Kind(400, "The body cannot be read", "Send JSON, in UTF-8."),
    "invalid_parameters": Kind(400, "A query parameter is wrong", "Mend what `errors` names."),
    "invalid_header": Kind(400, "A header is wrong", "Mend what `errors` names."),
    "not_authenticated": Kind(
        401, "Nobody is signed in", "Send `Authorization: Bearer wac_...` with your key."
    ),
    "key_refused": Kind(401, "The key opens nothing", "Ask for a new key in the console."),
    "not_allowed": Kind(403, "This is not allowed", "Ask for the scope that `needs` names."),
    "csrf_failed": Kind(403, "The CSRF token is missing", "Send it as X-CSRFToken, or use a key."),
    "not_found": Kind(404, "There is nothing here", "Look at the address, and its id."),
    "method_not_allowed": Kind(405, "This cannot be done here", "See the header Allow."),
    "not_acceptable": Kind(406, "There is no such form of it", "Accept application/json."),
    "request_in_progress": Kind(
        409, "The first request with this key still runs", "Ask again after Retry-After."
    ),
    "precondition_failed": Kind(
        412, "It has changed since you saw it", "Read it again, and decide anew."
    ),
    "too_large": Kind(413, "The body is too large", "Send less at once."),
    "range_not_satisfiable": Kind(416, "The file is not so long", "See the header Content-Range."),
    "unsupported_media_type": Kind(
        415, "This type of body is not read here", "Send application/json."
    ),
    "invalid_fields": Kind(422, "A field is wrong", "Mend what `errors` names."),
    "idempotency_key_reused": Kind(
        422, "This key came with another request", "Take a new key for each new request."
    ),
    "too_many_requests": Kind(429, "Too many calls", "Wait until Retry-After, then go on."),
    "internal_error": Kind(
        500, "Something went wrong here", "Try again; tell us the request id if it stays."
    ),
    "unavailable": Kind(503, "The database is away", "Ask again after Retry-After."),
}

ADVICE = {
    "required": "Add it.",
    "null": "Leave it out, or give it a value.",
    "blank": "Give it a value, or leave it out.",
    "unknown": "Leave it out; see the API's description for what there is.",
    "invalid_choice": "Take one of the values of the API's description.",
    "max_length": "Shorten it.",
    "does_not_exist": "Read the list for what there is.",
}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, and where: `at` is ("pointer", "#/name") of the body,
    ("parameter", "status") of the query or ("header", "If-Match")."""

    at: tuple[str, str]
    detail: str
    code: str = "invalid"
    what_to_do: str = ""

    def as_json(self) -> dict[str, str]:
        advice = self.what_to_do or ADVICE.get(self.code, "")
        told = {self.at[0]: self.at[1], "code": self.code, "detail": self.detail}
        return {**told, "what_to_do": advice} if advice else told


class Problem(exceptions.APIException):
    """An answer that is an error. `more` are members of its own: {"window_closed_at": ...}."""

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        faults: tuple[Fault, ...] = (),
        what_to_do: str = "",
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail, code)
        self.kind = KINDS[code]
        self.code, self.status_code = code, self.kind.status
        self.faults, self.headers, self.more = faults, dict(headers or {}), dict(more or {})
        self.what_to_do = what_to_do or self.kind.what_to_do

    def as_json(self, request_id: str) -> dict[str, Any]:
        told: dict[str, Any] = {
            "type": f"{DOCS}#{self.code}",
            "title": self.kind.title,
            "status": self.status_code,
            "code": self.code,
            "detail": str(self.detail),
            "what_to_do": self.what_to_do,
            "instance": f"urn:uuid:{request_id}",
            **self.more,
        }
        return {**told, "errors": [fault.as_json() for fault in self.faults]}


def add_kinds(kinds: Mapping[str, Kind]) -> None:
    """The codes of a resource or of a business domain; a code means one thing everywhere.

    Raises: ValueError for a code that is taken with another meaning.
    """
    for code, kind in kinds.items():
        if KINDS.setdefault(code, kind) != kind:
            raise ValueError(f"The code {code} is taken.")


Situation = TypeVar("Situation", bound=Exception)
_TRANSLATIONS: dict[type[Exception], Callable[[Any], Problem]] = {}


def translates(
    situation: type[Situation],
) -> Callable[[Callable[[Situation], Problem]], Callable[[Situation], Problem]]:
    """The function says how an exception of another room reads to whoever called the API."""

    def keep(translate: Callable[[Situation], Problem]) -> Callable[[Situation], Problem]:
        _TRANSLATIONS[situation] = translate
        return translate

    return keep


def response_of(problem: Problem, request_id: str) -> Response:
    """The answer: its body, its media type, its headers."""
    return Response(
        problem.as_json(request_id),
        status=problem.status_code,
        headers=problem.headers,
        content_type=MEDIA_TYPE,
    )


def problem_of(error: Exception) -> Problem:
    """How an exception reads; what nobody foresaw is logged whole, and told not at all."""
    if isinstance(error, Problem):
        return error
    for kind in type(error).__mro__:
        if translate := _TRANSLATIONS.get(kind):
            return translate(error)
    logger.exception("api failed", exc_info=error)
    return Problem("internal_error", "Nothing was done.")


def _plain(code: str, detail: str) -> Callable[[Exception], Problem]:
    return lambda _error: Problem(code, detail)


for _situation, _code, _detail in (
    (exceptions.NotAcceptable, "not_acceptable", "Only application/json is given here."),
    (exceptions.NotAuthenticated, "not_authenticated", "There is no key, and no login."),
    (exceptions.NotFound, "not_found", "There is no such address, or no such row."),
    (Http404, "not_found", "There is no such address, or no such row."),
    (PermissionDenied, "not_allowed", "You may not do this."),
    (exceptions.PermissionDenied, "not_allowed", "You may not do this."),
    (RecursionError, "malformed_body", "It is nested too deeply."),
    (RequestDataTooBig, "too_large", "The body is larger than what is taken here."),
    (SuspiciousOperation, "malformed_body", "The request is not one that is taken here."),
):
    _TRANSLATIONS[_situation] = _plain(_code, _detail)


@translates(exceptions.ParseError)
def _parse_error(error: exceptions.ParseError) -> Problem:
    # Its words name the place of the fault and repeat nothing of the body.
    return Problem("malformed_body", str(error.detail))


@translates(exceptions.AuthenticationFailed)
def _authentication_failed(error: exceptions.AuthenticationFailed) -> Problem:
    headers = {"WWW-Authenticate": 'Bearer realm="api"'}
    return Problem("key_refused", str(error.detail), headers=headers)


@translates(exceptions.MethodNotAllowed)
def _method_not_allowed(error: exceptions.MethodNotAllowed) -> Problem:
    return Problem("method_not_allowed", str(error.detail))


@translates(exceptions.UnsupportedMediaType)
def _unsupported(error: exceptions.UnsupportedMediaType) -> Problem:
    return Problem("unsupported_media_type", "The Content-Type is none that is read here.")


@translates(exceptions.ValidationError)
def _invalid(error: exceptions.ValidationError) -> Problem:
    return invalid(tuple(faults_of(error.detail)))


@translates(OperationalError)
def _away(error: OperationalError) -> Problem:
    logger.warning("api without database: %s", type(error).__name__)
    return Problem("unavailable", "Nothing was done.", headers={"Retry-After": "5"})


_TRANSLATIONS[InterfaceError] = _TRANSLATIONS[OperationalError]


def invalid(faults: tuple[Fault, ...]) -> Problem:
    """The body has fields that are wrong."""
    count = len(faults)
    return Problem(
        "invalid_fields",
        "One field is wrong." if count == 1 else f"{count} fields are wrong.",
        faults=faults,
    )


def faults_of(detail: Any, pointer: str = "#") -> Iterator[Fault]:
    """What a serializer found, each with the JSON pointer of its place in the body."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            here = pointer if name == "non_field_errors" else f"{pointer}/{_escaped(str(name))}"
            yield from faults_of(inner, here)
    elif isinstance(detail, list):
        for place, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list)
            yield from faults_of(inner, f"{pointer}/{place}" if nested else pointer)
    else:
        code = getattr(detail, "code", None) or "invalid"
        yield Fault(("pointer", pointer), str(detail), code)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
