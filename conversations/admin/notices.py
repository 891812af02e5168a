"""Notices in the admin: what a person must look at, and "Seen to"."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from conversations import notices
from conversations.admin.frame import display
from conversations.admin.inbox.access import REPLY
from conversations.admin.read_only import ReadOnlyAdmin
from conversations.models import Notice, Thread

TONES = {"Alarm": "danger", "Warning": "warning", "For information": "info"}


class OpenFilter(admin.SimpleListFilter):
    """Open ones unless the others are asked for."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("ended", "Seen to"), ("all", "All")]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": "Open"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Notice]) -> QuerySet[Notice]:
        if self.value() == "all":
            return queryset
        return queryset.filter(ended_at__isnull=self.value() != "ended")


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """What raised it ends it by itself where it can; the rest a person marks as seen to."""

    when_empty = "Nothing that a person must see to."
    list_display = ["shown_level", "text", "what_to_do", "conversation", "raised_at", "ended_at"]
    list_display_links = ["text"]
    list_filter = [OpenFilter, "level"]
    list_select_related = ["thread__contact", "ended_by"]
    search_fields = ["text"]
    ordering = ["-raised_at"]
    actions = ["mark_as_seen_to"]

    @display(description="Level", label=TONES)
    def shown_level(self, notice: Notice) -> str:
        return str(notice.get_level_display())

    @admin.display(description="Conversation")
    def conversation(self, notice: Notice) -> SafeString | str:
        if notice.thread is None:
            return "–"
        return format_html('<a href="{}">{}</a>', url_of(notice.thread), notice.thread.contact)

    def has_mark_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm(REPLY)

    @admin.action(description="Seen to", permissions=["mark"])
    def mark_as_seen_to(self, request: HttpRequest, queryset: QuerySet[Notice]) -> None:
        for notice in queryset.filter(ended_at=None):
            notices.end(notice.key, by=request.user)  # type: ignore[arg-type]  # signed in
        messages.success(request, "Marked as seen to.")


def url_of(thread: Thread) -> str:
    """The conversation in the inbox."""
    return reverse("admin:conversations_thread_inbox_thread", args=[thread.pk])
