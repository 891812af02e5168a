"""What people and the assistant did with a thread: the history that staff read."""

from django.conf import settings
from django.db import models

from conversations.models.thread import Thread


class ThreadEvent(models.Model):
    """Written in the transaction of its cause, and never changed."""

    class Kind(models.TextChoices):
        TAKEN = "taken", "took over"
        HANDED_OVER = "handed_over", "handed over to a person"
        RELEASED = "released", "handed back to the assistant"
        ASSIGNED = "assigned", "assigned"
        SNOOZED = "snoozed", "put it aside"
        WOKEN = "woken", "came back"
        CLOSED = "closed", "closed"
        REOPENED = "reopened", "reopened"
        DROPPED = "dropped", "dropped an answer"
        CONSENT = "consent", "changed what may be sent"
        BLOCKED = "blocked", "blocked this customer"
        UNBLOCKED = "unblocked", "unblocked this customer"
        ON_PHONE = "on_phone", "went silent, somebody answers from the phone app"
        MERGED = "merged", "joined another conversation of this customer to this one"

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty: the assistant.",
    )
    reason = models.CharField(max_length=200, blank=True, help_text="In words for staff.")
    at = models.DateTimeField(help_text="By the business clock.")

    class Meta:
        indexes = [models.Index(fields=["thread", "id"], name="thread_event_of_thread")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.thread_id})"
