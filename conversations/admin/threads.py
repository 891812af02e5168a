"""Conversations in the admin: the list, and the inbox that a conversation opens in."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern

from conversations.admin.contacts import sees_numbers
from conversations.admin.frame import display
from conversations.admin.inbox.urls import inbox_urls
from conversations.admin.read_only import ReadOnlyAdmin
from conversations.models import Thread

MODE_TONES = {Thread.Mode.BOT: "info", Thread.Mode.WAITING: "danger", Thread.Mode.STAFF: "success"}


@admin.register(Thread)
class ThreadAdmin(ReadOnlyAdmin):
    """The page of one thread is the inbox; `?form=1` shows its bare fields, to look at."""

    when_empty = (
        "The first message that a customer sends to one of your numbers begins a conversation."
    )
    list_display = [
        "who",
        "shown_mode",
        "assigned_to",
        "unread_count",
        "window_closes_at",
        "last_message_at",
    ]
    list_filter = ["mode", "is_closed", "labels", "phone_number"]
    list_filter_submit = True
    list_select_related = ["contact", "assigned_to", "phone_number"]
    search_fields = ["contact__name", "contact__wa_id", "contact__username"]
    search_help_text = "The customer"
    ordering = ["-last_message_at", "-pk"]
    fields = [
        "contact",
        "phone_number",
        "mode",
        "assigned_to",
        "assigned_group",
        "snoozed_until",
        "labels",
        "is_closed",
        "waiting_since",
        "last_inbound_at",
        "window_closes_at",
        "unread_count",
        "last_message_at",
        "reply_due_at",
        "attempts",
        "created_at",
    ]

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        """Who is shown masked numbers could spell them out by searching."""
        fields = self.search_fields
        return [name for name in fields if sees_numbers(request) or "wa_id" not in name]

    def get_urls(self) -> list[URLPattern]:
        return [*inbox_urls(self.admin_site), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Links of the admin, its history and its search all lead into the conversation."""
        pk = unquote(object_id)
        if request.method == "GET" and "form" not in request.GET and pk.isdecimal():
            return redirect("admin:conversations_thread_inbox_thread", int(pk))
        return super().change_view(request, object_id, form_url, extra_context)

    @display(description="Customer", ordering="contact__name")
    def who(self, thread: Thread) -> str:
        return str(thread.contact)

    @display(description="Who answers", ordering="mode", label=MODE_TONES)
    def shown_mode(self, thread: Thread) -> tuple[str, str]:
        if thread.is_closed:
            return "closed", "Closed"
        return thread.mode, thread.get_mode_display()
