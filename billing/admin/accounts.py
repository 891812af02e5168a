"""Accounts in the admin: who is invoiced, who speaks for them, what they owe."""

from django.contrib import admin
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest

from billing.models import Account, Invoice
from conversations.admin.frame import ModelAdmin, TabularInline, display


class InvoiceInline(TabularInline):
    """The account's invoices, to look at; each has a page of its own."""

    model = Invoice
    fields = ["number", "amount", "currency", "issued_on", "due_on", "status"]
    readonly_fields = ["number", "amount", "currency", "issued_on", "due_on", "status"]
    extra = 0
    can_delete = False
    show_change_link = True
    per_page = 20

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Account)
class AccountAdmin(ModelAdmin):
    """Found by name or by the key in the accounting system."""

    when_empty = "Add who is invoiced, or let the accounting system send accounts by the REST API."
    list_display = ["name", "external_id", "open_invoices", "created_at"]
    search_fields = ["name", "external_id"]
    autocomplete_fields = ["contacts"]
    readonly_fields = ["created_at"]
    inlines = [InvoiceInline]
    list_per_page = 50
    show_full_result_count = False
    compressed_fields = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Account]:
        open_ones = Count("invoices", filter=Q(invoices__status=Invoice.Status.OPEN))
        rows: QuerySet[Account] = super().get_queryset(request).annotate(open_count=open_ones)
        return rows

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """An account is the key of its invoices, and they are never deleted."""
        return False

    @display(description="Open invoices", ordering="open_count")
    def open_invoices(self, account: Account) -> int:
        return int(account.open_count)  # type: ignore[attr-defined]  # annotated above
