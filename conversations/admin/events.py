"""Webhook events in the admin: what Meta sent, what became of it, and "Process again"."""

import json
from contextlib import suppress
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString

from conversations import intake
from conversations.admin.frame import display
from conversations.admin.read_only import ReadOnlyAdmin
from conversations.models import WebhookEvent

STATE_TONES = {"Processed": "success", "Failed": "danger", "Open": "info"}
BODY_SHOWN = 100_000


class StateFilter(admin.SimpleListFilter):
    """Open, failed or processed."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("open", "Open"), ("failed", "Failed"), ("processed", "Processed")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[WebhookEvent]
    ) -> QuerySet[WebhookEvent]:
        wanted = {
            "open": Q(processed_at=None),
            "failed": Q(processed_at=None) & ~Q(error=""),
            "processed": Q(processed_at__isnull=False),
        }
        return queryset.filter(wanted.get(str(self.value()), Q()))


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnlyAdmin):
    """The body is shown as text and never edited: the signature is over its bytes."""

    when_empty = (
        "What Meta posts to /webhooks/whatsapp/ is kept here first. "
        "Enter that address in your app at Meta."
    )
    list_display = [
        "number",
        "shown_state",
        "received_at",
        "processed_at",
        "attempts",
        "shown_error",
    ]
    list_filter = [StateFilter, "received_at"]
    list_filter_submit = True
    search_fields = ["=pk", "error"]
    search_help_text = "Number of the event, or words of its error"
    ordering = ["-received_at", "-pk"]
    fields = [
        "shown_state",
        "received_at",
        "processed_at",
        "attempts",
        "next_attempt_at",
        "error",
        "shown_body",
    ]
    actions = ["process_selected_again"]
    change_form_outer_before_template = "admin/conversations/webhookevent/process_again.html"

    def get_urls(self) -> list[URLPattern]:
        again = path(
            "<int:pk>/process-again/",
            self.admin_site.admin_view(self.process_again),
            name="conversations_webhookevent_process_again",
        )
        return [again, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookEvent]:
        rows = super().get_queryset(request)
        # A page of fifty raw bodies is megabytes that nobody looks at.
        return rows.defer("body", "digest")

    def has_process_again_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Supervisors, by the right to change events; nothing else of an event can be changed."""
        return bool(request.user.has_perm("conversations.change_webhookevent"))

    @admin.action(description="Process again", permissions=["process_again"])
    def process_selected_again(
        self, request: HttpRequest, queryset: QuerySet[WebhookEvent]
    ) -> None:
        reopened = sum(intake.process_again(event) for event in queryset)
        self._tell(request, reopened, len(queryset))

    def process_again(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: this event is due now. A processed one stays as it is, and the page says so."""
        if not self.has_process_again_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        event = get_object_or_404(WebhookEvent, pk=pk)
        self._tell(request, int(intake.process_again(event)), 1)
        return redirect("admin:conversations_webhookevent_change", pk)

    def _tell(self, request: HttpRequest, reopened: int, asked: int) -> None:
        if reopened:
            plural = "s are" if reopened > 1 else " is"
            messages.success(request, f"{reopened} event{plural} due now.")
        if reopened < asked:
            messages.info(request, f"{asked - reopened} processed already, left as they are.")

    @display(description="State", label=STATE_TONES)
    def shown_state(self, event: WebhookEvent) -> str:
        if event.processed_at:
            return "Processed"
        return "Failed" if event.error else "Open"

    @display(description="Error")
    def shown_error(self, event: WebhookEvent) -> str:
        return event.error[:120] or "–"

    @display(description="Body")
    def shown_body(self, event: WebhookEvent) -> SafeString:
        return format_html('<pre class="wa-raw">{}</pre>', _pretty(bytes(event.body)))


def _pretty(body: bytes) -> str:
    """The JSON indented, or the raw text where it is none; cut where a browser would choke."""
    text = body.decode("utf-8", "replace")
    with suppress(ValueError):
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    return text if len(text) <= BODY_SHOWN else f"{text[:BODY_SHOWN]}\n… cut here"
