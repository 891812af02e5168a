"""Labels in the admin: the words that conversations can carry, and their colours."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from conversations.admin.frame import display
from conversations.admin.read_only import ConsoleAdmin
from conversations.models import Label

TONES = {
    Label.Tone.GREEN: "success",
    Label.Tone.AMBER: "warning",
    Label.Tone.RED: "danger",
    Label.Tone.BLUE: "info",
}


@admin.register(Label)
class LabelAdmin(ConsoleAdmin):
    """Agents put labels on; which ones there are, supervisors decide."""

    when_empty = (
        'A label sorts conversations, as "Wholesale" or "Complaint". '
        "Agents put them on in the inbox."
    )
    list_display = ["name", "shown_tone", "used"]
    list_filter = ["tone"]
    search_fields = ["name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Label]:
        rows: QuerySet[Label] = super().get_queryset(request)
        return rows.annotate(conversations=Count("threads"))

    def get_deleted_objects(
        self, objs: Iterable[Any], request: HttpRequest
    ) -> tuple[list[Any], dict[Any, int], set[Any], list[Any]]:
        """The labels alone: Django's page would name every conversation that carries them."""
        labels = list(objs)
        lost = [
            f"{label}, on {label.threads.count()} conversations, which stay" for label in labels
        ]
        return lost, {"labels": len(labels)}, set(), []

    @display(description="Colour", ordering="tone", label=TONES)
    def shown_tone(self, label: Label) -> tuple[str, str]:
        return label.tone, label.get_tone_display()

    @display(description="Conversations", ordering="conversations")
    def used(self, label: Label) -> int:
        return int(label.conversations)  # type: ignore[attr-defined]  # annotated above
