"""What Meta has to tell: single events, and the POSTs they are packed into."""

from django.db import models


class Event(models.Model):
    """One message, one status or one whole value, waiting to be packed; deleted by the packing."""

    class Kind(models.TextChoices):
        MESSAGE = "messages"
        STATUS = "statuses"
        VALUE = "value"

    number = models.ForeignKey("simulator.Number", models.CASCADE, related_name="events")
    field = models.CharField(max_length=60, default="messages")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    payload = models.JSONField()
    contact = models.JSONField(null=True)
    message_id = models.BigIntegerField(null=True, help_text="The customer's own message")
    lane = models.SmallIntegerField(default=0, help_text="One lane is sent in order")
    due_at = models.DateTimeField(db_index=True, help_text="By the real clock")

    def __str__(self) -> str:
        return f"{self.field} {self.kind}"


class Webhook(models.Model):
    """One POST to the console, repeated until it is answered with 200 or a week is over."""

    number = models.ForeignKey("simulator.Number", models.CASCADE, related_name="webhooks")
    body = models.TextField(help_text="Exactly what is sent and signed; ASCII")
    message_ids = models.JSONField(
        default=list, help_text="Customers' messages inside: their ticks"
    )
    lane = models.SmallIntegerField(default=0)
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField(null=True, help_text="By the real clock. None: done with")
    made_at = models.DateTimeField(help_text="By the simulated clock")
    created_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True)
    answer_status = models.IntegerField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=models.Q(next_at__isnull=False),
                # Looked at after every wake; nearly all rows are done.
                name="simulator_webhook_due",
            )
        ]

    def __str__(self) -> str:
        return f"webhook {self.pk}"
