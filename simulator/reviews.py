"""Meta's review of new and changed templates: after a while each gets its verdict."""

from datetime import datetime
from typing import Any

from simulator import events
from simulator.models import Number, Template


def decide(now: datetime) -> int:
    """Every review that is over has approved its template, and the console is told; how many."""
    due = list(Template.objects.filter(verdict_at__lte=now, deleted_at__isnull=True))
    for template in due:
        set_status(template, "APPROVED")
    return len(due)


def set_status(template: Template, status: str, *, reason: str = "NONE", **more: Any) -> None:
    """The template has this status, and the console is told; `more` goes into the webhook."""
    template.status, template.verdict_at, template.rejected_reason = status, None, reason
    template.save(update_fields=["status", "verdict_at", "rejected_reason"])
    tell(
        template,
        "message_template_status_update",
        {
            "event": status,
            "reason": reason,
            "message_template_category": template.category,
            **more,
        },
    )


def tell(template: Template, field: str, value: dict[str, Any]) -> None:
    """A webhook about this template. Its id is a number here, and a string in the REST answers."""
    number = Number.objects.filter(waba_id=template.waba_id).order_by("id").first()
    if number is None:
        return
    about = {
        "message_template_id": int(template.template_id),
        "message_template_name": template.name,
        "message_template_language": template.language,
    }
    events.tell_value(number, field, {**value, **about})
