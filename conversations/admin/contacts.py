"""Contacts and their consent ledger in the admin; who may not see numbers gets them masked."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from conversations import blocking
from conversations.admin.frame import display
from conversations.admin.read_only import ConsoleAdmin, ReadOnlyInline
from conversations.models import ConsentEntry, Contact


def sees_numbers(request: HttpRequest) -> bool:
    """Whether the person may see phone numbers in full."""
    return bool(request.user.has_perm("conversations.see_full_number"))


class ConsentInline(ReadOnlyInline):
    """The ledger, newest first."""

    model = ConsentEntry
    fields = ["at", "purpose", "is_granted", "source", "by"]
    readonly_fields = ["at", "purpose", "is_granted", "source", "by"]
    ordering = ["-pk"]
    verbose_name_plural = "What may be sent"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConsentEntry]:
        return super().get_queryset(request).select_related("by")

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """The ledger belongs to the contact: who sees one sees the other."""
        return bool(request.user.has_perm("conversations.view_contact"))


@admin.register(Contact)
class ContactAdmin(ConsoleAdmin):
    """Found by name, number or user name. Meta's own ids are not ours to edit."""

    when_empty = "Whoever writes to one of your numbers is here from then on."
    list_display = ["shown_name", "username", "shown_number", "shown_block", "created_at"]
    list_filter = ["is_blocked"]
    list_filter_submit = True
    search_fields = ["name", "wa_id", "username"]
    search_help_text = "Name, number or user name"
    ordering = ["-pk"]
    readonly_fields = ["wa_id", "bsuid", "masked_wa_id", "created_at"]
    inlines = [ConsentInline]

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        number = "wa_id" if sees_numbers(request) else "shown_number"
        return [number if name == "shown_number" else name for name in self.list_display]

    def get_fields(self, request: HttpRequest, obj: Contact | None = None) -> list[Any]:
        ids = ["wa_id", "bsuid"] if sees_numbers(request) else ["masked_wa_id"]
        return ["name", "username", *ids, "language", "remarks", "is_blocked", "created_at"]

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        """Who is shown masked numbers could spell them out by searching."""
        return self.search_fields if sees_numbers(request) else ["name", "username"]

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        hidden = lookup.startswith("wa_id") and not sees_numbers(request)
        return not hidden and bool(super().lookup_allowed(lookup, value, request))

    def save_model(self, request: HttpRequest, obj: Contact, form: Any, change: bool) -> None:
        """The fields that were edited, and no other; a block is an act, for Meta hears of it."""
        if "name" in form.changed_data:
            obj.name_is_ours = bool(obj.name)
        fields = [name for name in form.changed_data if name != "is_blocked"]
        if fields:
            obj.save(update_fields=[*fields, "name_is_ours"])
        if "is_blocked" in form.changed_data and isinstance(request.user, User):
            act = blocking.block if obj.is_blocked else blocking.unblock
            act(obj, by=request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A contact comes by writing to us."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @display(description="Name", ordering="name")
    def shown_name(self, contact: Contact) -> str:
        return str(contact)

    @display(description="Number")
    def shown_number(self, contact: Contact) -> str:
        return contact.masked_number or "–"

    @display(description="WhatsApp number")
    def masked_wa_id(self, contact: Contact) -> str:
        return contact.masked_number or "–"

    @display(description="State", label={"Blocked": "danger"})
    def shown_block(self, contact: Contact) -> str:
        return "Blocked" if contact.is_blocked else ""
