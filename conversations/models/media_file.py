"""A file that came or goes with a message: where it is at Meta, and where it is here."""

from django.db import models
from django.db.models import Q

from conversations.models.message import Message


class MediaFile(models.Model):
    """WAITING to be fetched (inbound) or uploaded (outbound), HERE, or LOST with the reason."""

    class State(models.TextChoices):
        WAITING = "waiting", "On its way"
        HERE = "here", "Kept"
        LOST = "lost", "Lost"

    message = models.OneToOneField(Message, models.CASCADE, related_name="media")
    media_id = models.CharField(max_length=128, blank=True, help_text="Meta's; it dies.")
    mime_type = models.CharField(max_length=128, blank=True, help_text="As its content shows.")
    claimed_mime_type = models.CharField(max_length=128, blank=True, help_text="As Meta says.")
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the bytes, hexadecimal.")
    filename = models.CharField(max_length=255, blank=True, help_text="The sender's: not trusted.")
    size = models.PositiveBigIntegerField(null=True, blank=True, help_text="Bytes.")
    file = models.FileField(upload_to="whatsapp/", blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    damaged = models.PositiveSmallIntegerField(default=0, help_text="How often it came so.")
    next_at = models.DateTimeField(null=True, blank=True)
    busy_until = models.DateTimeField(null=True, blank=True, help_text="A worker was told of it.")
    leased_until = models.DateTimeField(null=True, blank=True, help_text="A worker is at it.")
    died = models.PositiveSmallIntegerField(default=0, help_text="Workers that ended over it.")
    uploaded_at = models.DateTimeField(null=True, blank=True, help_text="Meta keeps it 30 days.")
    error = models.CharField(max_length=300, blank=True, help_text="In plain words, for staff.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="waiting"), name="media_file_due")
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="here") | ~Q(file=""), name="media_file_here_has_a_file"
            )
        ]

    def __str__(self) -> str:
        return f"Media file {self.pk}"
