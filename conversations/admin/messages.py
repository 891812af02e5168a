"""Messages in the admin: to look at, one by one. They are read in the inbox."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from conversations.admin.contacts import sees_numbers
from conversations.admin.frame import display
from conversations.admin.read_only import ReadOnlyAdmin
from conversations.models import Message

# Meta's ids have the customer's number in them, in another writing.
HOLD_NUMBERS = {"content", "wamid", "quotes"}

STATUS_TONES = {
    Message.Status.FAILED: "danger",
    Message.Status.UNCONFIRMED: "warning",
    Message.Status.QUEUED: "info",
    Message.Status.SENDING: "info",
    Message.Status.READ: "success",
    Message.Status.DELIVERED: "success",
}


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """Found by Meta's id or our own. What was said is searched in the inbox."""

    when_empty = "What customers write and what they are sent comes here, with its ticks."
    list_display = ["number", "who", "direction", "kind", "shown_status", "origin", "sent_at"]
    list_filter = ["status", "direction", "origin", "sent_at"]
    list_filter_submit = True
    list_select_related = ["thread__contact"]
    search_fields = ["=wamid", "=reference"]
    search_help_text = "Meta's id (wamid) or our reference"
    ordering = ["-pk"]

    def get_fields(self, request: HttpRequest, obj: Message | None = None) -> list[Any]:
        names = [field.name for field in Message._meta.concrete_fields if not field.primary_key]
        return [name for name in names if sees_numbers(request) or name not in HOLD_NUMBERS]

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Who is shown masked numbers could spell them out by filtering."""
        hidden = lookup.split("__")[0] in HOLD_NUMBERS and not sees_numbers(request)
        return not hidden and bool(super().lookup_allowed(lookup, value, request))

    @display(description="Customer")
    def who(self, message: Message) -> str:
        return str(message.thread.contact)

    @display(description="Status", ordering="status", label=STATUS_TONES)
    def shown_status(self, message: Message) -> tuple[str, str]:
        return message.status, message.get_status_display()
