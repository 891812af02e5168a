"""Message templates in the admin: what Meta holds, with a preview of how it reads."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from conversations.admin.frame import display
from conversations.admin.read_only import ConsoleAdmin
from conversations.models import MessageTemplate
from conversations.whatsapp.content import TemplateShape

STATUS_TONES = {
    MessageTemplate.APPROVED: "success",
    "PENDING": "warning",
    "REJECTED": "danger",
    "PAUSED": "danger",
    "DISABLED": "danger",
}


@admin.register(MessageTemplate)
class MessageTemplateAdmin(ConsoleAdmin):
    """Only an approved template can be sent; Meta approves, never we."""

    when_empty = (
        "Templates that Meta approved for your account come by themselves, once a day and whenever "
        "Meta changes one."
    )
    list_display = ["name", "language", "category", "shown_status", "updated_at"]
    list_filter = ["status", "category", "language"]
    list_filter_submit = True
    search_fields = ["name"]
    readonly_fields = ["how_it_reads", "quality", "status_reason", "updated_at"]
    fields = [
        "name",
        "language",
        "category",
        "status",
        "status_reason",
        "quality",
        "how_it_reads",
        "components",
        "waba_id",
        "template_id",
        "updated_at",
    ]

    def get_readonly_fields(
        self, request: HttpRequest, obj: MessageTemplate | None = None
    ) -> list[str]:
        """Once it is here, Meta's webhooks and the sync say whether it may be sent."""
        return [*self.readonly_fields, *(["status"] if obj else [])]

    @display(description="Status", ordering="status", label=STATUS_TONES)
    def shown_status(self, template: MessageTemplate) -> str:
        return template.status

    @display(description="How it reads")
    def how_it_reads(self, template: MessageTemplate) -> SafeString:
        text = TemplateShape.from_components(template.components).render()
        return format_html('<div class="wa-reads">{}</div>', text or "Nothing yet")
