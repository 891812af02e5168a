"""What staff tell each other beside a conversation. Never a message, and never sent."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from conversations.models.thread import Thread


class Note(models.Model):
    """Stands in the conversation at its time, for staff only."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(help_text="By the business clock.")
    reference = models.UUIDField(
        null=True, unique=True, editable=False, help_text="Of the form it came with."
    )

    class Meta:
        indexes = [models.Index(fields=["thread", "id"], name="note_of_thread")]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="note_says_something")]

    def __str__(self) -> str:
        return f"Note {self.pk}"


class Mention(models.Model):
    """Somebody was named in a note, and is told until they have seen it."""

    note = models.ForeignKey(Note, models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mentions")
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "user"], name="mention_once_per_note")
        ]
        indexes = [
            models.Index(fields=["user"], condition=Q(seen_at=None), name="mention_not_seen")
        ]

    def __str__(self) -> str:
        return f"Mention {self.pk}"
