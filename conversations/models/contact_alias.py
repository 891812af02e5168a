"""Another id under which a contact is known: an old number, a national variant, an old user id."""

from django.db import models

from conversations.models.contact import Contact


class ContactAlias(models.Model):
    """Looked at when no contact has the id itself. An alias is never a second contact."""

    class Kind(models.TextChoices):
        WA_ID = "wa_id", "WhatsApp number"
        BSUID = "bsuid", "WhatsApp user id"

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="aliases")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    value = models.CharField(max_length=160)
    reason = models.CharField(max_length=64, help_text="Why both are the same person.")
    valid_until = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Whoever writes under it later is somebody else: numbers are given out again.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "contact aliases"
        constraints = [
            models.UniqueConstraint(fields=["kind", "value"], name="contact_alias_is_one_contacts")
        ]

    def __str__(self) -> str:
        return f"Alias {self.pk}"
