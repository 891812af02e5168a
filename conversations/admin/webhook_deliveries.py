"""The log of outgoing webhooks: what was posted, every try and its answer, and "Send again"."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from conversations import outgoing
from conversations.admin.frame import display
from conversations.admin.read_only import ReadOnlyAdmin
from conversations.admin.webhook_subscriptions import CHANGE
from conversations.models import WebhookDelivery

TONES = {"Delivered": "success", "Given up": "danger", "Waiting": "info"}
REQUEST = """<pre class="wa-raw">POST {}
webhook-id: {}
webhook-signature: (not kept)

{}</pre>"""
TRIES = """<table class="wa-tries">
<tr><th>When</th><th>Status</th><th>Took</th><th>Result</th><th>Answer</th></tr>{}</table>"""
TRY = "<tr><td>{}</td><td>{}</td><td>{} ms</td><td>{}</td><td><pre>{}</pre></td></tr>"


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    """Bodies are shown as posted, but texts of messages and signatures are kept nowhere."""

    when_empty = "Each try to tell another system is logged here, with what it answered."
    list_display = [
        *("event_id", "type", "subscription", "shown_state", "attempts"),
        *("shown_answer", "next_at", "delivered_at"),
    ]
    list_filter = ["subscription", "state", "type", "created_at"]
    list_filter_submit = True
    list_select_related = ["subscription"]
    search_fields = ["=event_id"]
    search_help_text = "Id of an announcement, as in webhook-id"
    ordering = ["-pk"]
    fields = [
        *("subscription", "shown_state", "attempts", "next_at", "delivered_at"),
        *("shown_request", "shown_tries"),
    ]
    actions = ["send_selected_again"]
    change_form_outer_before_template = "admin/conversations/webhookdelivery/again.html"

    def get_urls(self) -> list[URLPattern]:
        again = path(
            "<int:pk>/again/",
            self.admin_site.admin_view(self.send_again),
            name="conversations_webhookdelivery_again",
        )
        return [again, *super().get_urls()]

    def has_again_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.has_perm(CHANGE))

    @admin.action(description="Send again", permissions=["again"])
    def send_selected_again(
        self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]
    ) -> None:
        self._tell(request, sum(outgoing.replay_one(one) for one in queryset), len(queryset))

    def send_again(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: this one is due now, with the same id."""
        if not self.has_again_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        again = outgoing.replay_one(get_object_or_404(WebhookDelivery, pk=pk))
        self._tell(request, int(again), 1)
        return redirect("admin:conversations_webhookdelivery_change", pk)

    def _tell(self, request: HttpRequest, again: int, asked: int) -> None:
        if again:
            messages.success(request, f"On their way again: {again}.")
        if again < asked:
            messages.info(request, f"On their way anyway: {asked - again}.")

    @display(description="State", label=TONES)
    def shown_state(self, delivery: WebhookDelivery) -> str:
        return str(delivery.get_state_display())

    @display(description="Last answer")
    def shown_answer(self, delivery: WebhookDelivery) -> str:
        if not delivery.log:
            return "–"
        return str(delivery.log[-1].get("status") or "No answer")

    @display(description="Request")
    def shown_request(self, delivery: WebhookDelivery) -> SafeString:
        body = json.loads(outgoing.body_of(delivery))
        return format_html(
            REQUEST,
            delivery.subscription.url,
            delivery.event_id,
            json.dumps(body, indent=2, ensure_ascii=False),
        )

    @display(description="Tries")
    def shown_tries(self, delivery: WebhookDelivery) -> SafeString | str:
        if not delivery.log:
            return "Not tried yet."
        tries = [
            (
                _when(one.get("at")),
                one.get("status") or "–",
                one.get("milliseconds"),
                one.get("fault") or "Taken",
                one.get("answer") or "",
            )
            for one in reversed(delivery.log)
        ]
        return format_html(TRIES, format_html_join("", TRY, tries))


def _when(moment: Any) -> str:
    at = parse_datetime(str(moment))
    return f"{timezone.localtime(at):%d %b, %H:%M:%S}" if at else "–"
