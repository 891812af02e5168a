"""Who looks at which conversation now, and who is typing in it."""

from django.conf import settings
from django.db import models

from conversations.models.thread import Thread


class Presence(models.Model):
    """One row a person: where they were seen last. Old rows mean nobody is there."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="presence", primary_key=True
    )
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="present")
    is_typing = models.BooleanField(default=False)
    at = models.DateTimeField(help_text="By the database's clock.")

    def __str__(self) -> str:
        return f"Presence {self.pk}"
