"""A file that Meta keeps for a while."""

from django.db import models


class Media(models.Model):
    """Uploaded by the business, sent by a customer, or fetched from a link."""

    media_id = models.CharField(max_length=40, unique=True)
    number = models.ForeignKey("simulator.Number", models.CASCADE, related_name="media")
    mime_type = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    file_size = models.BigIntegerField()
    file_name = models.CharField(max_length=255, blank=True)
    stored_as = models.CharField(max_length=60, unique=True, help_text="Name in the media folder")
    kept_until = models.DateTimeField(help_text="By the simulated clock: 30 days, 7 for customers'")

    def __str__(self) -> str:
        return self.media_id
