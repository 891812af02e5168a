"""Outgoing webhooks in the admin: who is told what, how it goes, and what can be done about it.

A secret is shown once, on the page that answers the form which made it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Min, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.timesince import timesince

from conversations import outgoing
from conversations.admin import shown_once
from conversations.admin.frame import display
from conversations.admin.read_only import ConsoleAdmin
from conversations.announcements import Type
from conversations.models import WebhookDelivery, WebhookSubscription

SECRET_PAGE = "admin/conversations/webhooksubscription/secret.html"  # noqa: S105 -- a template
CHANGE = "conversations.change_webhooksubscription"
TONES = {"Active": "success", "Failing": "warning", "Paused": "danger", "Key revoked": "danger"}
ASKED = ("name", "url", "types", "has_text")


class SubscriptionForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What is wrong with the address is said beside it."""

    types = forms.MultipleChoiceField(
        choices=[(one.value, f"{one.label} ({one.value})") for one in Type],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Nothing ticked: everything.",
    )

    class Meta:
        model = WebhookSubscription
        fields = list(ASKED)

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"])
        try:
            outgoing.check(url, ())
        except outgoing.AddressRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
        return url


@admin.register(WebhookSubscription)
class WebhookSubscriptionAdmin(ConsoleAdmin):
    """One row a receiver. What is done with it is done by its acts, each with a button."""

    when_empty = "Add the address of another system, and it hears of what happens here."
    form = SubscriptionForm
    list_display = ["name", "url", "shown_types", "shown_state", "shown_waiting", "client"]
    list_select_related = ["client"]
    search_fields = ["name", "url"]
    readonly_fields = ["shown_state", "shown_waiting", "paused_reason", "client", "created_at"]
    change_form_outer_before_template = "admin/conversations/webhooksubscription/acts.html"

    def get_urls(self) -> list[URLPattern]:
        acts: dict[str, Callable[..., HttpResponse]] = {
            "test": self.test,
            "pause": self.pause,
            "resume": self.resume,
            "rotate": self.rotate,
            "replay": self.replay,
        }
        own = [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(self._act(act)),
                name=f"conversations_webhooksubscription_{name}",
            )
            for name, act in acts.items()
        ]
        return [*own, *super().get_urls()]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [*ASKED, *self.readonly_fields] if obj else list(ASKED)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return list(self.readonly_fields) if obj else []

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookSubscription]:
        waits = Q(deliveries__state=WebhookDelivery.State.WAITING)
        rows: QuerySet[WebhookSubscription] = super().get_queryset(request)
        return rows.annotate(
            waiting=Count("deliveries", filter=waits), oldest=Min("deliveries__at", filter=waits)
        )

    def save_model(
        self, request: HttpRequest, obj: WebhookSubscription, form: Any, change: bool
    ) -> None:
        """A new one gets its secret; of an old one the fields that were edited are kept."""
        asked = {name: form.cleaned_data[name] for name in ASKED}
        if not change:
            made, request.new_secret = outgoing.create(**asked)  # type: ignore[attr-defined]
            obj.__dict__.update(made.__dict__)
        elif form.changed_data:
            outgoing.change(obj, **{name: asked[name] for name in form.changed_data})

    def response_add(
        self, request: HttpRequest, obj: WebhookSubscription, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The only page that ever shows this secret."""
        return self._show(request, obj, request.new_secret)  # type: ignore[attr-defined]

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The rows, and not each of their many deliveries."""
        lacking = set() if self.has_delete_permission(request) else {self.opts.verbose_name}
        return [f"{one}, with its deliveries" for one in objs], {}, lacking, []

    def delete_model(self, request: HttpRequest, obj: WebhookSubscription) -> None:
        outgoing.delete(obj)

    def delete_queryset(
        self, request: HttpRequest, queryset: QuerySet[WebhookSubscription]
    ) -> None:
        for one in queryset:
            outgoing.delete(one)

    def _act(self, act: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """By POST, and by who may change subscriptions."""

        def view(request: HttpRequest, pk: int) -> HttpResponse:
            if not request.user.has_perm(CHANGE):
                raise PermissionDenied
            if request.method != "POST":
                return HttpResponseNotAllowed(["POST"])
            return act(request, get_object_or_404(WebhookSubscription, pk=pk))

        return view

    def test(self, request: HttpRequest, row: WebhookSubscription) -> HttpResponse:
        """A test event is posted now; the page says how it went."""
        outcome = outgoing.send_test(row)
        took = f"{outcome.milliseconds} ms"
        if outcome.is_delivered:
            text = f"The test event was taken: it answered {outcome.status} after {took}."
            messages.success(request, text)
        else:
            answer = f" It said: {outcome.answer[:200]}" if outcome.answer else ""
            messages.error(
                request, f"The test event was not taken. {outcome.fault} ({took}){answer}"
            )
        return self._back(row)

    def pause(self, request: HttpRequest, row: WebhookSubscription) -> HttpResponse:
        outgoing.pause(row, reason=f"Paused by {request.user}.")
        messages.success(request, "Paused.")
        return self._back(row)

    def resume(self, request: HttpRequest, row: WebhookSubscription) -> HttpResponse:
        outgoing.resume(row)
        messages.success(request, "Resumed. What it missed is on its way.")
        return self._back(row)

    def rotate(self, request: HttpRequest, row: WebhookSubscription) -> HttpResponse:
        secret = outgoing.rotate(row)
        row.refresh_from_db()
        return self._show(request, row, secret)

    def replay(self, request: HttpRequest, row: WebhookSubscription) -> HttpResponse:
        """Everything since a time, given in the business's time zone."""
        try:
            since = parse_datetime(request.POST.get("since", ""))
        except ValueError:
            since = None
        if since is None:
            messages.error(request, "Choose the day and the time to replay from.")
            return self._back(row)
        count = outgoing.replay(row, since=since if since.tzinfo else timezone.make_aware(since))
        messages.success(request, f"On their way again: {count}.")
        return self._back(row)

    def _back(self, row: WebhookSubscription) -> HttpResponse:
        return redirect("admin:conversations_webhooksubscription_change", row.pk)

    def _show(self, request: HttpRequest, row: WebhookSubscription, secret: str) -> HttpResponse:
        title = f"The secret of {row.name}"
        return shown_once.page(
            request, self, SECRET_PAGE, title=title, subscription=row, secret=secret
        )

    @display(description="Told of")
    def shown_types(self, row: WebhookSubscription) -> str:
        return ", ".join(row.types) or "everything"

    @display(description="State", label=TONES)
    def shown_state(self, row: WebhookSubscription) -> str:
        if row.client and row.client.revoked_at:
            return "Key revoked"
        if row.paused_at:
            return "Paused"
        return "Failing" if row.failing_since else "Active"

    @display(description="Waiting")
    def shown_waiting(self, row: Any) -> str:
        """How many deliveries, and how old the oldest of them is."""
        if not row.waiting:
            return "–"
        return f"{row.waiting}, the oldest for {timesince(row.oldest)}"
