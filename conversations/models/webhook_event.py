"""A webhook as Meta sent it, kept before anybody looked into it."""

from django.db import models
from django.db.models import Q


class WebhookEvent(models.Model):
    """Open until every item in it is a row. One that fails stays, with its error, to be mended."""

    body = models.BinaryField(help_text="The raw bytes: the signature is over them.")
    digest = models.BinaryField(max_length=32, unique=True, help_text="SHA-256 of the body.")
    summary = models.CharField(
        max_length=200,
        blank=True,
        db_default="",
        help_text="What is in it: 3 messages, 12 statuses.",
    )
    received_at = models.DateTimeField(auto_now_add=True)
    processed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(
        null=True, blank=True, help_text="Empty on an open event: it waits for a person."
    )
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(processed_at__isnull=True) | Q(next_attempt_at__isnull=True),
                name="webhook_event_processed_is_not_due",
            )
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                condition=Q(processed_at__isnull=True),
                name="webhook_event_open",
            ),
            models.Index(models.F("received_at").desc(), name="webhook_event_newest"),
        ]

    def __str__(self) -> str:
        return f"Webhook event {self.pk}"
