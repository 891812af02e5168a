"""The business's own WhatsApp numbers in the admin."""

from django.contrib import admin
from django.utils import timezone

from conversations.admin.frame import display
from conversations.admin.read_only import ConsoleAdmin
from conversations.models import PhoneNumber


@admin.register(PhoneNumber)
class PhoneNumberAdmin(ConsoleAdmin):
    """Entered by hand, with the ids that WhatsApp Manager shows."""

    when_empty = (
        'Enter your number with the ids that WhatsApp Manager shows; "manage.py doctor" checks it.'
    )
    list_display = ["__str__", "name", "phone_number_id", "waba_id", "shown_state"]
    search_fields = ["display_number", "name", "phone_number_id"]
    fields = [
        "display_number",
        "name",
        "phone_number_id",
        "waba_id",
        "messages_per_second",
        "paused_reason",
        "paused_until",
    ]
    readonly_fields = ["paused_reason", "paused_until"]

    @display(description="State", label={"Sending": "success", "Paused": "danger"})
    def shown_state(self, number: PhoneNumber) -> str:
        return "Paused" if is_paused(number) else "Sending"


def is_paused(number: PhoneNumber) -> bool:
    """Whether nothing of this number is sent at present; the pump keeps real time."""
    until = number.paused_until
    return bool(number.paused_reason) and (until is None or until > timezone.now())
