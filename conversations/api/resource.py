"""What every endpoint stands on: who calls, whether they may, how often, once, and what is noted.

`Door` is any address of the API; `Resource` is rows: lists in pages, single rows with their tags.
A write runs in one transaction, here and not in its act: the answer to an `Idempotency-Key` must
be committed together with what was done.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, ClassVar

from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from rest_framework.parsers import BaseParser, JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from conversations.api import calls, etags, filters, once, paging, problems, rates
from conversations.api.access import Access
from conversations.api.clients import Caller, Key, SignedIn, caller_of
from conversations.api.schema import Schema
from conversations.domain import Scope
from conversations.models import ApiClient

logger = logging.getLogger(__name__)

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Door(APIView):
    """An address of the API.

    `access` names the scope of each action (of a plain view: of each method); `parameters` the
    query parameters it knows. A refusal is raised, as a Problem or as what `problems` translates.
    """

    authentication_classes = (Key, SignedIn)
    permission_classes = (Access,)
    renderer_classes = (JSONRenderer,)
    parser_classes: Sequence[type[BaseParser]] = (JSONParser,)
    schema: Any = Schema()
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    access: ClassVar[Mapping[str, Scope]] = {}
    parameters: ClassVar[Mapping[str, Iterable[str]]] = {}
    # A POST that keeps nothing needs no transaction, and no key.
    writes: ClassVar[frozenset[str]] = WRITES

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The answer, with its id, in UTC; the call is noted, however it ends."""
        begun = time.perf_counter()
        self.request_id = uuid.uuid4()
        self.allowance: rates.Allowance | None = None
        self.refusal = ""
        self.known: Caller | None = None
        self.proven: ApiClient | None = None
        with timezone.override("UTC"):
            response = super().dispatch(request, *args, **kwargs)
            self._note(response.status_code, time.perf_counter() - begun)
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Known, counted, allowed, and asking for nothing unheard of; else a Problem."""
        try:
            self.perform_authentication(request)
            self.known = caller_of(request)
        except Exception as error:
            # Whose key it was that opens nothing any more: staff should see who still uses it.
            self.proven = getattr(error, "client", None)
            self.allowance = rates.count_failure(str(request.META.get("REMOTE_ADDR")))
            self._refuse_if_spent()
            raise
        self.allowance = rates.count(self.known)
        self._refuse_if_spent()
        super().initial(request, *args, **kwargs)
        filters.refuse_unknown(request, self)
        method = (request.method or "").lower()
        handler = getattr(self, method, None)
        if request.method in self.writes and handler is not None:
            setattr(self, method, partial(self._write, handler))

    def handle_exception(self, exc: Exception) -> Response:
        problem = problems.problem_of(exc)
        self.refusal = problem.code
        if problem.status_code >= 500:
            logger.error("request=%s code=%s", self.request_id, problem.code)
        response = problems.response_of(problem, str(self.request_id))
        if problem.status_code == 401:
            response["WWW-Authenticate"] = 'Bearer realm="api"'
        response.exception = True
        return response

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)
        final["X-Request-Id"] = str(self.request_id)
        final.headers.setdefault("Cache-Control", "private, no-cache")
        patch_vary_headers(final, ["Authorization", "Cookie"])
        for name, value in (self.allowance.headers() if self.allowance else {}).items():
            final[name] = value
        return final

    @property
    def caller(self) -> Caller:
        return caller_of(self.request)

    def touch(self, *rows: Model) -> None:
        """The call's row in the log names these rows."""
        for row in rows:
            self.caller.touched.setdefault(row._meta.model_name or "", []).append(row.pk)

    def _refuse_if_spent(self) -> None:
        if self.allowance and self.allowance.is_spent:
            raise self.allowance.refusal()

    def _write(
        self, handler: Callable[..., Response], request: Request, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The act in one transaction, which a refusal undoes; with a key, once."""
        key = once.key_of(request) if request.method == "POST" else None

        def act() -> Response:
            with transaction.atomic():
                return handler(request, *args, **kwargs)

        def act_or_refuse() -> Response:
            try:
                return act()
            except Exception as error:
                problem = problems.problem_of(error)
                if problem.status_code >= 500:
                    raise problem from error
                return self.handle_exception(problem)

        if key is None:
            return act()
        return once.once(self.caller.key, key, request, act_or_refuse)

    def _note(self, status: int, seconds: float) -> None:
        if self.allowance and self.allowance.is_spent and not self.allowance.is_first_refusal:
            return
        caller = self.known
        client = caller.client if caller else self.proven
        with suppress(DatabaseError, InterfaceError):
            calls.keep(
                self.request,
                client_id=client.pk if client else None,
                user_id=caller.user.pk if caller and not client else None,
                touched=caller.touched if caller else {},
                status=status,
                code=self.refusal,
                milliseconds=round(seconds * 1000),
                request_id=self.request_id,
            )


class Resource(Door, GenericViewSet[Any]):
    """Rows of one kind at `/<plural>` and `/<plural>/<key>`."""

    pagination_class = paging.Cursor
    filter_backends = (filters.Filters,)
    lookup_value_converter = "int"

    def list(self, request: Request) -> Response:
        """A page of rows, newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        self.touch(*page)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One row, with its tag."""
        return self.answer(self.get_object())

    def get_object(self) -> Any:
        row = super().get_object()
        self.touch(row)
        return row

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Filters are for lists: a single row is named by its key alone."""
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    def locked(self) -> Any:
        """The row of the address, locked until the end of the write, in the state `If-Match` says.

        Raises: Problem where it is in another state.
        """
        rows = self.get_queryset().select_for_update(of=("self",), no_key=True)
        row = get_object_or_404(rows, **{self.lookup_field: self.kwargs[self.lookup_field]})
        self.touch(row)
        if etags.is_conditional(self.request):
            etags.require(self.request, etags.of(self.get_serializer(row).data))
        return row

    def answer(self, row: Any, *, status: int = 200, location: str = "") -> Response:
        """The row as the caller may see it, with its tag; 304 where it is known to the caller."""
        data = self.get_serializer(row).data
        headers = {"ETag": etags.of(data), **({"Location": location} if location else {})}
        if self.request.method in ("GET", "HEAD") and etags.is_seen(self.request, headers["ETag"]):
            return Response(status=304, headers=headers)
        return Response(data, status=status, headers=headers)
