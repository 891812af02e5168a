"""A file that another system handed over, to be sent with a message of the next day."""

import uuid

from django.db import models


class Upload(models.Model):
    """Whoever uploaded it may send it, as often as they like, until it is forgotten."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.CharField(max_length=32, help_text="client:5 or user:3.")
    file = models.FileField(upload_to="whatsapp/")
    mime_type = models.CharField(max_length=128, help_text="As its content shows.")
    filename = models.CharField(max_length=255, blank=True)
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="upload_oldest")]

    def __str__(self) -> str:
        return f"Upload {self.key}"
