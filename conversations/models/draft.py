"""What somebody has written and not sent: kept per person and conversation."""

from django.conf import settings
from django.db import models

from conversations.models.thread import Thread


class Draft(models.Model):
    """Never a message. Gone once it is sent or emptied."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    text = models.TextField()
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread", "user"], name="draft_one_per_person")
        ]

    def __str__(self) -> str:
        return f"Draft {self.pk}"
