"""A message template as Meta holds it: the only thing that may be sent outside the window."""

from django.db import models
from django.db.models import Q


class MessageTemplate(models.Model):
    """One language of one template. Only an approved one can be sent."""

    class Category(models.TextChoices):
        UTILITY = "UTILITY", "Utility"
        MARKETING = "MARKETING", "Marketing"
        AUTHENTICATION = "AUTHENTICATION", "Authentication"

    APPROVED = "APPROVED"

    waba_id = models.CharField("WhatsApp business account id", max_length=64, blank=True)
    template_id = models.CharField(max_length=64, blank=True, help_text="Meta's id.")
    name = models.CharField(max_length=512)
    language = models.CharField(max_length=16, help_text="Exactly as approved: en_ZA is not en.")
    category = models.CharField(max_length=32, help_text="UTILITY, MARKETING or AUTHENTICATION.")
    # Meta adds states; every one we do not know is not sendable.
    status = models.CharField(max_length=32, help_text="Only APPROVED can be sent.")
    components = models.JSONField(default=list, help_text="Header, body, footer, buttons.")
    quality = models.CharField(max_length=16, blank=True, help_text="GREEN, YELLOW or RED.")
    status_reason = models.CharField(
        max_length=300, blank=True, help_text="Why it was rejected, paused or disabled."
    )
    next_category = models.CharField(
        max_length=32, blank=True, help_text="What Meta will make of it within a day."
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["waba_id", "name", "language"], name="message_template_once_per_language"
            ),
            models.CheckConstraint(
                condition=Q(name__regex=r"^[a-z0-9_]+$"), name="message_template_name_is_metas"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"
