"""Invoices in the admin: what is owed and since when."""

from typing import Any

from django.contrib import admin
from django.db.models import BooleanField, ExpressionWrapper, Model, Q, QuerySet
from django.http import HttpRequest

from billing import money, overdue
from billing.models import Invoice
from conversations import clock
from conversations.admin.frame import ModelAdmin, display

TONES = {"Overdue": "danger", "Open": "info", "Paid": "success", "Cancelled": "default"}


class OverdueFilter(admin.SimpleListFilter):
    """Overdue, by the business's day."""

    title = "overdue"
    parameter_name = "overdue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        ages = [(age, f"Overdue {age}") for age in overdue.AGES]
        return [("yes", "Overdue"), *ages, ("no", "Not overdue")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Invoice]) -> QuerySet[Invoice]:
        today, is_open = clock.today(), Q(status=Invoice.Status.OPEN)
        late = is_open & Q(due_on__lt=today)
        ages = {age: is_open & overdue.due_in_age(age, on=today) for age in overdue.AGES}
        return queryset.filter({"yes": late, "no": ~late, **ages}.get(str(self.value()), Q()))


@admin.register(Invoice)
class InvoiceAdmin(ModelAdmin):
    """Found by its number or its account. What was issued is cancelled, never deleted."""

    when_empty = "Add an invoice, or let the accounting system send them by the REST API."
    list_display = ["number", "account", "shown_amount", "issued_on", "due_on", "shown_status"]
    list_filter = ["status", OverdueFilter]
    list_filter_submit = True
    list_select_related = ["account"]
    search_fields = ["number", "external_id", "account__name", "account__external_id"]
    search_help_text = "Number, account, or their keys in the accounting system"
    autocomplete_fields = ["account"]
    date_hierarchy = "due_on"
    ordering = ["-due_on", "-pk"]
    list_per_page = 50
    show_full_result_count = False
    compressed_fields = True

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """The inbox links here with the accounts of a contact."""
        return lookup == "account__id__in" or super().lookup_allowed(lookup, value, request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invoice]:
        late = Q(status=Invoice.Status.OPEN, due_on__lt=clock.today())
        is_overdue = ExpressionWrapper(late, output_field=BooleanField())
        rows: QuerySet[Invoice] = super().get_queryset(request).annotate(is_overdue=is_overdue)
        return rows

    @display(description="Amount", ordering="amount")
    def shown_amount(self, invoice: Invoice) -> str:
        return money.display(invoice.amount, invoice.currency)

    @display(description="Status", ordering="status", label=TONES)
    def shown_status(self, invoice: Invoice) -> str:
        is_overdue = invoice.is_overdue  # type: ignore[attr-defined]  # annotated above
        return "Overdue" if is_overdue else invoice.get_status_display()
