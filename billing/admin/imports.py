"""Imports in the admin, to look at: how far each is, and why rows of it were refused."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from billing.models import ImportRow, LedgerImport
from conversations.admin.frame import display
from conversations.admin.read_only import ReadOnlyAdmin, ReadOnlyInline

STATUS_TONES = {
    "Waiting": "info",
    "Working": "info",
    "Done": "success",
    "Refused": "warning",
    "Failed": "danger",
}
FATE_TONES = {
    "Waiting": "info",
    "Created": "success",
    "Updated": "success",
    "Unchanged": "default",
    "Refused": "danger",
    "Held back": "warning",
}


def why(row: ImportRow) -> SafeString | str:
    """Each field with what is wrong with it."""
    reasons = ((f"{one['field']}: " if one["field"] else "", one["detail"]) for one in row.errors)
    return format_html_join("", "<div>{}{}</div>", reasons) or "–"


class RowInline(ReadOnlyInline):
    """The rows of one import, in their order."""

    model = ImportRow
    fields = ["kind", "row", "external_id", "shown_outcome", "shown_why"]
    readonly_fields = ["kind", "row", "external_id", "shown_outcome", "shown_why"]
    show_change_link = True
    per_page = 50
    ordering = ["sequence"]
    verbose_name_plural = "rows"

    @display(description="Outcome", label=FATE_TONES)
    def shown_outcome(self, row: ImportRow) -> str:
        return row.get_outcome_display()

    @display(description="Why")
    def shown_why(self, row: ImportRow) -> SafeString | str:
        return why(row)


@admin.register(LedgerImport)
class LedgerImportAdmin(ReadOnlyAdmin):
    """One line a call; its page shows the rows."""

    when_empty = "Accounts and invoices that another system sends by the thousand stand here."
    list_display = [
        "__str__",
        "asked_by",
        "created_at",
        "shown_status",
        "shown_progress",
        "rows_created",
        "rows_updated",
        "rows_unchanged",
        "rows_refused",
    ]
    list_filter = ["status", "created_at"]
    list_filter_submit = True
    search_fields = ["=pk", "asked_by"]
    search_help_text = "Number of the import, or who asked for it"
    ordering = ["-pk"]
    fields = [
        "shown_status",
        "shown_progress",
        "asked_by",
        "all_or_nothing",
        "created_at",
        "ended_at",
        "shown_counts",
        "shown_refused",
        "error",
    ]
    inlines = [RowInline]

    @display(description="Status", ordering="status", label=STATUS_TONES)
    def shown_status(self, named: LedgerImport) -> str:
        return named.get_status_display()

    @display(description="Rows done")
    def shown_progress(self, named: LedgerImport) -> str:
        return f"{named.rows_done} of {named.rows_total}"

    @display(description="Written")
    def shown_counts(self, named: LedgerImport) -> str:
        return (
            f"{named.rows_created} created, {named.rows_updated} updated, "
            f"{named.rows_unchanged} unchanged"
        )

    @display(description="Refused")
    def shown_refused(self, named: LedgerImport) -> SafeString | str:
        if not named.rows_refused:
            return "None"
        page = reverse("admin:billing_importrow_changelist")
        query = f"?ledger_import__id__exact={named.pk}&outcome__exact=refused"
        return format_html('<a href="{}{}">{} rows, and why</a>', page, query, named.rows_refused)


@admin.register(ImportRow)
class ImportRowAdmin(ReadOnlyAdmin):
    """The refused ones among thousands are found here."""

    when_empty = "Each account and invoice of an import stands here, with what became of it."
    list_display = ["shown_row", "external_id", "shown_outcome", "shown_why", "ledger_import"]
    list_display_links = ["shown_row"]
    list_filter = ["outcome", "kind"]
    list_filter_submit = True
    search_fields = ["external_id"]
    search_help_text = "Key in the accounting system"
    ordering = ["-ledger_import", "sequence"]
    fields = [
        "ledger_import",
        "kind",
        "row",
        "external_id",
        "shown_outcome",
        "shown_why",
        "shown_entry",
    ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Reached from an import."""
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "ledger_import__id__exact" or super().lookup_allowed(
            lookup, value, request
        )

    @display(description="Row")
    def shown_row(self, row: ImportRow) -> str:
        return str(row)

    @display(description="Outcome", label=FATE_TONES)
    def shown_outcome(self, row: ImportRow) -> str:
        return row.get_outcome_display()

    @display(description="Why")
    def shown_why(self, row: ImportRow) -> SafeString | str:
        return why(row)

    @display(description="As it came")
    def shown_entry(self, row: ImportRow) -> SafeString:
        entry: Any = json.loads(row.entry)
        text = json.dumps(entry, indent=2, ensure_ascii=True)
        return format_html('<pre class="wa-raw">{}</pre>', text)
