"""The ledger of what a contact allowed and withdrew, with its proof."""

from django.conf import settings
from django.db import models

from conversations.models.contact import Contact
from conversations.models.message import Message


class ConsentEntry(models.Model):
    """Only added to; the newest entry of a purpose holds. No entry means allowed."""

    class Purpose(models.TextChoices):
        MARKETING = "marketing", "Marketing"
        SERVICE = "service", "Service messages"

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="consent_entries")
    purpose = models.CharField(max_length=9, choices=Purpose.choices)
    is_granted = models.BooleanField()
    at = models.DateTimeField(help_text="By the business clock.")
    source = models.CharField(max_length=64, help_text="How it came: customer's word, staff, Meta.")
    reason = models.CharField(max_length=200, blank=True, help_text="Why staff changed it.")
    message = models.ForeignKey(
        Message, models.SET_NULL, null=True, blank=True, related_name="+", help_text="The proof."
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name_plural = "consent entries"
        indexes = [models.Index(fields=["contact", "purpose", "-id"], name="consent_newest")]

    def __str__(self) -> str:
        return f"{self.purpose} {'granted' if self.is_granted else 'withdrawn'}"
