"""The emoji that somebody put on a message."""

from django.db import models

from conversations.models.message import Message


class Reaction(models.Model):
    """One live reaction per message and side; taking it away removes the row.

    Keyed on the wamid it stands on, for it may come before the message it is about.
    """

    wamid = models.TextField(help_text="Of the message it stands on.")
    direction = models.CharField(max_length=3, choices=Message.Direction.choices)
    emoji = models.CharField(max_length=64)
    at = models.DateTimeField(help_text="WhatsApp's time: an older one never replaces a newer.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["wamid", "direction"], name="reaction_one_per_side")
        ]

    def __str__(self) -> str:
        return f"Reaction {self.pk}"
