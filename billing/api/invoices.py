"""Invoices: what is owed, at the accounting system's key."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import Http404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing import ledger
from billing.api.keyed import Keyed, body_of, must_be_new
from billing.domain import INVOICES_READ, INVOICES_WRITE
from billing.ledger.entries import InvoiceFields, InvoiceRow, Money, invoice_entry
from billing.models import Invoice
from conversations import clock
from conversations.api import bodies
from conversations.api.filters import MomentFilter


class InvoiceBody(bodies.Row):
    """An invoice as it is shown. What is overdue one asks the list: it turns by itself."""

    account = serializers.CharField(
        source="account.external_id", allow_null=True, help_text="The account's external_id."
    )
    total = Money(source="*")

    class Meta:
        model = Invoice
        fields = [
            "id",
            "external_id",
            "number",
            "account",
            "account_id",
            "total",
            "issued_on",
            "due_on",
            "status",
            "paid_on",
            "version",
            "updated_at",
        ]


class InvoiceFilters(filters.FilterSet):  # type: ignore[misc]  # untyped
    """What a list of invoices can be narrowed by."""

    external_id = filters.CharFilter(max_length=64)
    number = filters.CharFilter(max_length=64)
    account = filters.CharFilter(
        field_name="account__external_id", max_length=64, label="The account's external_id."
    )
    status = filters.ChoiceFilter(choices=Invoice.Status.choices)
    overdue = filters.BooleanFilter(method="narrow_overdue", label="By the business's day.")
    due_from = filters.DateFilter(field_name="due_on", lookup_expr="gte")
    due_until = filters.DateFilter(field_name="due_on", lookup_expr="lte")
    updated_since = MomentFilter(
        field_name="updated_at", lookup_expr="gte", label="Written at this time or later."
    )

    class Meta:
        model = Invoice
        fields: ClassVar[list[str]] = []

    def narrow_overdue(
        self, rows: QuerySet[Invoice], _name: str, is_overdue: bool
    ) -> QuerySet[Invoice]:
        overdue = Q(status=Invoice.Status.OPEN, due_on__lt=clock.today())
        return rows.filter(overdue if is_overdue else ~overdue)


class Invoices(Keyed):
    """Invoices."""

    access = {
        "list": INVOICES_READ,
        "retrieve": INVOICES_READ,
        "create": INVOICES_WRITE,
        "update": INVOICES_WRITE,
        "partial_update": INVOICES_WRITE,
    }
    queryset = Invoice.objects.select_related("account")
    serializer_class = InvoiceBody
    filterset_class = InvoiceFilters
    detail_name = "billing-api:invoice-detail"

    @extend_schema(request=InvoiceRow, responses={201: InvoiceBody})
    def create(self, request: Request) -> Response:
        """Add an invoice; one that is there already stays as it is, and you are told."""
        entry = invoice_entry(body_of(request, InvoiceRow))
        return self.written(ledger.put_invoice(entry, must_be_new))

    @extend_schema(request=InvoiceFields, responses={200: InvoiceBody, 201: InvoiceBody})
    def update(self, request: Request, external_id: str) -> Response:
        """Add or replace the invoice with this key. The same again changes nothing.

        An invoice that staff entered by hand, with the same number and no key yet, gets the key.
        """
        body = body_of(request, InvoiceRow, also={"external_id": external_id})
        return self.written(ledger.put_invoice(invoice_entry(body), self.check))

    @extend_schema(request=InvoiceFields, responses={200: InvoiceBody})
    def partial_update(self, request: Request, external_id: str) -> Response:
        """Change what the body names, and nothing else."""
        changes: dict[str, Any] = body_of(request, InvoiceFields, partial=True)
        try:
            return self.written(ledger.change_invoice(external_id, changes, self.check))
        except Invoice.DoesNotExist as gone:
            raise Http404 from gone
