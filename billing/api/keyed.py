"""What accounts and invoices have in common: rows that stand at the other system's own key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import Model
from django.urls import reverse
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from billing.api.refusals import done
from billing.ledger import Kind, Outcome
from conversations.api import etags
from conversations.api.problems import Problem
from conversations.api.resource import Resource


class Keyed(Resource):
    """Rows at `/<plural>/<external_id>`; a key may hold slashes, as numbers of invoices do."""

    lookup_field = "external_id"
    lookup_value_converter = "path"
    detail_name: ClassVar[str]

    def written(self, outcome: Outcome) -> Response:
        """The row as it is now: 201 with its address where it is new, else 200."""
        row = self.get_queryset().get(pk=done(outcome).pk)
        self.touch(row)
        address = reverse(self.detail_name, kwargs={"external_id": row.external_id})
        if outcome.kind == Kind.CREATED:
            return self.answer(row, status=201, location=self.request.build_absolute_uri(address))
        return self.answer(row)

    def check(self, row: Model | None) -> None:
        """Nothing, or 412: under the row's lock it is another one than the caller has seen."""
        headers = self.request.headers
        if row is not None and headers.get("If-None-Match", "").strip() == "*":
            raise Problem("precondition_failed", "There is one already.")
        if not etags.is_conditional(self.request):
            return
        if row is None:
            raise Problem("precondition_failed", "There is none to match.")
        etags.require(self.request, etags.of(self.get_serializer(row).data))


DIFFERS = ErrorDetail("The address says otherwise.", "differs")


def must_be_new(row: Model | None) -> None:
    """What POST asks. Raises: Problem."""
    if row is not None:
        raise Problem("already_there", "There is one with this external_id.")


def body_of(
    request: Request,
    kind: type[Serializer[Any]],
    *,
    also: Mapping[str, str] | None = None,
    partial: bool = False,
) -> dict[str, Any]:
    """What the body says, and with it what the address says. Raises: ValidationError."""
    data = request.data
    if also and isinstance(data, dict):
        others = {name: DIFFERS for name, value in also.items() if data.get(name, value) != value}
        if others:
            raise ValidationError(others)
        data = {**data, **also}
    reader = kind(data=data, partial=partial)
    reader.is_valid(raise_exception=True)
    fields: dict[str, Any] = reader.validated_data
    return fields
