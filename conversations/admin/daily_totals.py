"""Daily totals in the admin: the figures behind the charts of the first page, day by day."""

from django.contrib import admin
from django.utils.formats import date_format

from conversations.admin.frame import display
from conversations.admin.read_only import ReadOnlyAdmin
from conversations.models import DailyTotal


@admin.register(DailyTotal)
class DailyTotalAdmin(ReadOnlyAdmin):
    """Counted from the messages every few minutes; nobody edits what happened."""

    when_empty = "Days are counted every few minutes, from the first message on."
    list_display = [
        "shown_day",
        "messages_in",
        "messages_out",
        "answered_by_assistant",
        "first_response",
        "windows_lost",
        "templates_delivered",
        "templates_read",
        "templates_failed",
    ]
    list_filter = ["day"]
    ordering = ["-day"]

    @display(description="Day", ordering="day")
    def shown_day(self, total: DailyTotal) -> str:
        return date_format(total.day).replace(" ", "\N{NO-BREAK SPACE}")

    @display(description="Median first response", ordering="first_response_seconds")
    def first_response(self, total: DailyTotal) -> str:
        seconds = total.first_response_seconds
        return "–" if seconds is None else f"{round(seconds / 60)} min"
