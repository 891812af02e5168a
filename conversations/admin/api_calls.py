"""The log of the API's calls: who did what and how it ended."""

from django.contrib import admin

from conversations.admin.frame import display
from conversations.admin.read_only import ReadOnlyAdmin
from conversations.models import ApiCall


@admin.register(ApiCall)
class ApiCallAdmin(ReadOnlyAdmin):
    """Found by the request id that the caller was given."""

    when_empty = "Every call of the REST API is logged here, with what it was answered."
    list_display = ["at", "who", "method", "route", "shown_status", "code", "milliseconds"]
    list_filter = ["client", "method", "status"]
    list_filter_submit = True
    list_select_related = ["client", "user"]
    search_fields = ["=request_id"]
    search_help_text = "X-Request-Id of an answer"
    ordering = ["-pk"]

    @display(description="Who")
    def who(self, call: ApiCall) -> str:
        return str(call.client or call.user or "nobody")

    @display(description="Status", label={"ok": "success", "refused": "warning", "bad": "danger"})
    def shown_status(self, call: ApiCall) -> tuple[str, str]:
        if call.status >= 500:
            return "bad", str(call.status)
        return ("refused" if call.status >= 400 else "ok"), str(call.status)
