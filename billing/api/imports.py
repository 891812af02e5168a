"""Imports: thousands of accounts and invoices in one call, and what became of each."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django_filters import rest_framework as filters
from django_q.tasks import async_task
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from billing import importing
from billing.api.refusals import fault_of
from billing.domain import IMPORTS_READ, IMPORTS_WRITE
from billing.ledger import Problem
from billing.ledger.entries import AccountRow, InvoiceRow
from billing.models import ImportRow, LedgerImport
from conversations.api import bodies, paging, problems
from conversations.api.resource import Resource

JOB = "billing.jobs.run_import"


@extend_schema_field(AccountRow(many=True))
class AccountRows(serializers.ListField):
    """As they came: each is judged for itself, when it is written."""


@extend_schema_field(InvoiceRow(many=True))
class InvoiceRows(serializers.ListField):
    """As they came: each is judged for itself, when it is written."""


class ImportIn(bodies.Body):
    """What an import is asked to do."""

    accounts = AccountRows(required=False, help_text="Written before the invoices.")
    invoices = InvoiceRows(required=False)
    all_or_nothing = serializers.BooleanField(
        default=False, help_text="One refused row, and nothing is written."
    )


class ImportBody(bodies.Row):
    """How far an import is. It has ended when ended_at is set."""

    rows = serializers.SerializerMethodField(help_text="Where the outcome of each row stands.")

    class Meta:
        model = LedgerImport
        fields = [
            "id",
            "status",
            "all_or_nothing",
            "asked_by",
            "rows_total",
            "rows_done",
            "rows_created",
            "rows_updated",
            "rows_unchanged",
            "rows_refused",
            "error",
            "created_at",
            "ended_at",
            "rows",
        ]

    def get_rows(self, named: LedgerImport) -> str:
        address = reverse("billing-api:import-rows", kwargs={"import_id": named.pk})
        return str(self.context["request"].build_absolute_uri(address))


class RowFault(serializers.Serializer[Any]):
    """One thing that is wrong with a row."""

    pointer = serializers.CharField(help_text="Where in the row: #/total/amount")
    code = serializers.CharField()
    detail = serializers.CharField()
    what_to_do = serializers.CharField(required=False)


class ImportRowBody(bodies.Row):
    """What became of one row."""

    errors = serializers.SerializerMethodField()  # type: ignore[assignment]  # by its name a field

    class Meta:
        model = ImportRow
        fields = ["kind", "row", "external_id", "outcome", "errors"]

    @extend_schema_field(RowFault(many=True))
    def get_errors(self, row: ImportRow) -> list[dict[str, str]]:
        return [fault_of(Problem(**one)).as_json() for one in row.errors]


class Imports(Resource):
    """Imports."""

    access = {"list": IMPORTS_READ, "retrieve": IMPORTS_READ, "create": IMPORTS_WRITE}
    queryset = LedgerImport.objects.all()
    serializer_class = ImportBody
    filterset_fields = ["status"]

    @extend_schema(request=ImportIn, responses={201: ImportBody, 202: ImportBody})
    def create(self, request: Request) -> Response:
        """Write many accounts and invoices, each with an outcome of its own.

        Up to 200 rows are written at once, and the answer is 201. More, up to 10 000 rows or 4 MB,
        are written in the background: 202, and the address in Location says how far it is.
        """
        self._refuse_if_large()
        body = bodies.read(ImportIn, request)
        accounts, invoices = body.get("accounts", []), body.get("invoices", [])
        self._refuse_if_many(len(accounts) + len(invoices))
        named = importing.begin(
            accounts,
            invoices,
            all_or_nothing=body["all_or_nothing"],
            asked_by=self.caller.client.name if self.caller.client else str(self.caller.user),
        )
        return self._begun(named)

    def _begun(self, named: LedgerImport) -> Response:
        self.touch(named)
        address = reverse("billing-api:import-detail", kwargs={"pk": named.pk})
        location = self.request.build_absolute_uri(address)
        if named.rows_total > importing.AT_ONCE_MAX:
            transaction.on_commit(partial(async_task, JOB, named.pk))
            return self.answer(named, status=202, location=location)
        importing.run(named.pk)
        return self.answer(self.get_queryset().get(pk=named.pk), status=201, location=location)

    def _refuse_if_large(self) -> None:
        if int(self.request.headers.get("Content-Length") or 0) > importing.BYTES_MAX:
            detail = f"An import has at most {importing.BYTES_MAX} bytes."
            raise problems.Problem("too_large", detail, what_to_do="Send it in parts.")

    def _refuse_if_many(self, count: int) -> None:
        if count > importing.ROWS_MAX:
            detail = f"An import has at most {importing.ROWS_MAX} rows, and this has {count}."
            raise problems.Problem("too_large", detail, what_to_do="Send it in parts.")


class RowFilters(filters.FilterSet):  # type: ignore[misc]  # untyped
    """What the rows of an import can be narrowed by."""

    outcome = filters.ChoiceFilter(choices=ImportRow.Outcome.choices)
    kind = filters.ChoiceFilter(choices=ImportRow.Kind.choices)
    external_id = filters.CharFilter(max_length=64)

    class Meta:
        model = ImportRow
        fields: ClassVar[list[str]] = []


class InOrder(paging.OldestFirst):
    """Accounts first, then invoices, each as they were sent."""

    ordering = "sequence"


class ImportRows(Resource):
    """The rows of one import."""

    access = {"list": IMPORTS_READ}
    serializer_class = ImportRowBody
    filterset_class = RowFilters
    pagination_class = InOrder
    queryset = ImportRow.objects.none()

    @extend_schema(operation_id="imports_rows_list")
    def list(self, request: Request, **_import_id: Any) -> Response:
        """What became of each row, in the order in which they were sent."""
        get_object_or_404(LedgerImport, pk=self.kwargs["import_id"])
        return super().list(request)

    def get_queryset(self) -> QuerySet[ImportRow]:
        return ImportRow.objects.filter(ledger_import=self.kwargs.get("import_id", 0))

    def touch(self, *rows: Any) -> None:
        """Ten thousand rows are no news to the log: the import is."""
