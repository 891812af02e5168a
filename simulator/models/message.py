"""One message, either way, and what is still to become of it."""

from django.db import models


class Message(models.Model):
    """`direction` is the business's view, as in Meta's words: `in` comes from the customer."""

    class Direction(models.TextChoices):
        IN = "in"
        OUT = "out"

    class Status(models.TextChoices):
        ACCEPTED = "accepted"
        SENT = "sent"
        DELIVERED = "delivered"
        READ = "read"
        PLAYED = "played"
        FAILED = "failed"

    number = models.ForeignKey("simulator.Number", models.CASCADE, related_name="messages")
    chat = models.ForeignKey(
        "simulator.Chat",
        models.CASCADE,
        null=True,
        related_name="messages",
        help_text="None: sent to somebody who is not on WhatsApp",
    )
    recipient = models.CharField(max_length=140, blank=True, help_text="As the caller wrote it")
    direction = models.CharField(max_length=3, choices=Direction.choices)
    wamid = models.CharField(max_length=255, unique=True)
    type = models.CharField(max_length=40)
    content = models.JSONField(help_text="The object named by `type`, as on the wire")
    shown = models.JSONField(
        null=True, help_text="A template as it was when it was sent, filled in"
    )
    context = models.JSONField(null=True, help_text="As on the wire")
    beside = models.JSONField(
        null=True, help_text="What else a customer's message carries: referral, errors"
    )
    status = models.CharField(max_length=10, choices=Status.choices)
    next_status = models.CharField(max_length=10, blank=True)
    next_status_at = models.DateTimeField(null=True, help_text="By the real clock")
    fails_with = models.IntegerField(null=True, help_text="Meta's code, once `failed` is due")
    fails_because = models.TextField(blank=True, help_text="Details that differ from the usual")
    callback = models.CharField(max_length=512, blank=True, help_text="biz_opaque_callback_data")
    pricing = models.JSONField(null=True)
    media = models.ForeignKey(
        "simulator.Media", models.SET_NULL, null=True, help_text="The file, where we have it"
    )
    link_at_stake = models.BooleanField(default=False, help_text="A link has still to be fetched")
    sent_at = models.DateTimeField(help_text="By the simulated clock")
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["chat", "-id"], name="simulator_message_of_chat"),
            models.Index(
                fields=["next_status_at"],
                condition=models.Q(next_status_at__isnull=False),
                # The background looks at it after every wake; nearly all rows are done.
                name="simulator_message_due",
            ),
            models.Index(
                fields=["id"],
                condition=models.Q(link_at_stake=True),
                name="simulator_message_with_link",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    status__in=["accepted", "sent", "delivered", "read", "played", "failed"]
                ),
                name="simulator_message_status_is_known",
            )
        ]

    def __str__(self) -> str:
        return self.wamid
