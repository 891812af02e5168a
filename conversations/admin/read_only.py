"""Admin pages to look at: rows that the machine writes and nobody edits by hand."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest

from conversations.admin.frame import ModelAdmin, TabularInline, display


class ConsoleAdmin(ModelAdmin):
    """What every list of the console has in common: 50 rows, no second count of all rows."""

    list_per_page = 50
    show_full_result_count = False
    compressed_fields = True


class _Untouched:
    """Nobody adds, changes or deletes; who may view may look."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnlyAdmin(_Untouched, ConsoleAdmin):
    """A list and a page per row, both to look at; rows without a name are known by `number`."""

    @display(description="Number", ordering="pk")
    def number(self, row: Model) -> int:
        return int(row.pk)


class ReadOnlyInline(_Untouched, TabularInline):
    """Rows under another's page, to look at."""

    extra = 0
    can_delete = False
