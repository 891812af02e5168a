"""Something that a person must look at: a customer who waits, a number that is blocked."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from conversations.models.thread import Thread


class Notice(models.Model):
    """Open until what it is about is over, or a person says that it is seen to."""

    class Level(models.TextChoices):
        INFO = "info", "For information"
        WARNING = "warning", "Warning"
        ALARM = "alarm", "Alarm"

    key = models.CharField(
        max_length=200, help_text="What it is about: two open notices never have the same key."
    )
    level = models.CharField(max_length=7, choices=Level.choices)
    text = models.CharField(max_length=300, help_text="What happened, in plain words.")
    what_to_do = models.CharField(max_length=300, blank=True)
    thread = models.ForeignKey(
        Thread, models.CASCADE, null=True, blank=True, related_name="notices"
    )
    raised_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-raised_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(ended_at=None), name="notice_open_once_per_key"
            )
        ]

    def __str__(self) -> str:
        return self.text
