"""The other systems that may use the API: who they are, what they may, and their keys.

A key is shown once, on the page that answers the form which made it; only its hash is kept.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from conversations import api_clients, scopes
from conversations.admin import shown_once
from conversations.admin.frame import display
from conversations.admin.read_only import ConsoleAdmin
from conversations.models import ApiClient

KEY_PAGE = "admin/conversations/apiclient/key.html"
TONES = {"Active": "success", "Expired": "warning", "Revoked": "danger"}


def scope_choices() -> list[tuple[str, str]]:
    """Every scope there is, ours and those of the business domains."""
    return [(name, f"{scope.title} ({name})") for name, scope in scopes.known().items()]


class ApiClientForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What it may do is ticked from the one table of scopes."""

    scopes = forms.MultipleChoiceField(
        choices=scope_choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Nothing that is not ticked is possible.",
    )

    class Meta:
        model = ApiClient
        fields = ["name", "scopes", "calls_per_minute", "expires_at"]


@admin.register(ApiClient)
class ApiClientAdmin(ConsoleAdmin):
    """One row a system. It is revoked, never deleted: the history names it."""

    when_empty = "A key lets another system in by the REST API. Add one for each system."
    form = ApiClientForm
    list_display = ["name", "prefix", "shown_scopes", "shown_state", "last_used_at", "expires_at"]
    search_fields = ["name", "prefix"]
    search_help_text = "Name, or the first signs of a key"
    readonly_fields = ["prefix", "shown_state", "last_used_at", "created_at", "revoked_at"]
    actions = ["make_new_key", "revoke"]

    def get_fields(self, request: HttpRequest, obj: ApiClient | None = None) -> list[Any]:
        asked = ["name", "scopes", "calls_per_minute", "expires_at"]
        return [*asked, *self.readonly_fields] if obj else asked

    def get_readonly_fields(self, request: HttpRequest, obj: ApiClient | None = None) -> list[str]:
        return list(self.readonly_fields) if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ApiClient, form: Any, change: bool) -> None:
        """A new client gets its key; of an old one the fields that were edited are kept."""
        if not change:
            made, request.new_key = api_clients.create(  # type: ignore[attr-defined]  # read below
                obj.name,
                obj.scopes,
                expires_at=obj.expires_at,
                calls_per_minute=obj.calls_per_minute,
            )
            obj.__dict__.update(made.__dict__)
        elif form.changed_data:
            obj.save(update_fields=form.changed_data)
            if "name" in form.changed_data:
                api_clients.rename(obj, obj.name)

    def response_add(
        self, request: HttpRequest, obj: ApiClient, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The only page that ever shows the key."""
        return self._show(request, obj, request.new_key)  # type: ignore[attr-defined]  # save_model

    @admin.action(description="Make a new key; the old one stops at once", permissions=["change"])
    def make_new_key(
        self, request: HttpRequest, queryset: QuerySet[ApiClient]
    ) -> HttpResponse | None:
        client = queryset.first()
        if client is None or queryset.count() != 1:
            self.message_user(request, "Choose one client for a new key.", messages.WARNING)
            return None
        return self._show(request, client, api_clients.renew(client))

    @admin.action(description="Revoke the key", permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiClient]) -> None:
        count = sum(api_clients.revoke(client) for client in queryset)
        self.message_user(request, f"Revoked: {count}. They open nothing from this moment.")

    def _show(self, request: HttpRequest, client: ApiClient, key: str) -> HttpResponse:
        title = f"The key of {client.name}"
        return shown_once.page(request, self, KEY_PAGE, title=title, client=client, key=key)

    @display(description="May")
    def shown_scopes(self, client: ApiClient) -> str:
        return ", ".join(client.scopes) or "nothing"

    @display(description="State", label=TONES)
    def shown_state(self, client: ApiClient) -> str:
        if client.revoked_at:
            return "Revoked"
        expired = client.expires_at is not None and client.expires_at <= timezone.now()
        return "Expired" if expired else "Active"
