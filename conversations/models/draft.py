"""What somebody has written and not sent: kept per person and conversation, the note apart."""

from django.conf import settings
from django.db import models

from conversations.models.thread import Thread


class Draft(models.Model):
    """Never a message. Gone once it is sent or emptied."""

    class Kind(models.TextChoices):
        REPLY = "reply", "Reply"
        NOTE = "note", "Note"

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.REPLY)
    text = models.TextField()
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["thread", "user", "kind"], name="draft_one_of_a_kind_per_person"
            )
        ]

    def __str__(self) -> str:
        return f"Draft {self.pk}"
