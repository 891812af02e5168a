"""A person who writes to us, or to whom we write."""

from django.db import models
from django.db.models import Q

from conversations.assistant import privacy


class Contact(models.Model):
    """Keyed on our own id: Meta may give a number, a user id, or both, and either may change."""

    wa_id = models.CharField(
        "WhatsApp number",
        max_length=32,
        null=True,
        blank=True,
        unique=True,
        help_text="Digits with the country code, without a plus: 27821234567.",
    )
    bsuid = models.CharField(
        "WhatsApp user id",
        max_length=160,
        null=True,
        blank=True,
        unique=True,
        help_text="Meta's business-scoped user id, for customers who hide their number.",
    )
    name = models.CharField(max_length=255, blank=True, help_text="As they call themselves.")
    name_is_ours = models.BooleanField(
        default=False, editable=False, help_text="Staff named them: a profile name replaces it not."
    )
    username = models.CharField(
        max_length=64, blank=True, help_text="May change at any time: a label, never a key."
    )
    language = models.CharField(
        max_length=16, blank=True, help_text="What they like to be written in: af, zu, en_ZA."
    )
    remarks = models.TextField(blank=True, help_text="What staff should know about them.")
    is_blocked = models.BooleanField(
        default=False, help_text="Nothing is sent to a blocked contact, by nobody."
    )
    # When Meta is next to be told whether they are blocked; nothing: it holds what stands here.
    block_due_at = models.DateTimeField(null=True, blank=True, editable=False)
    block_woken_until = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(wa_id__isnull=False) | Q(bsuid__isnull=False),
                name="contact_has_a_number_or_a_user_id",
            ),
            models.CheckConstraint(
                condition=Q(wa_id__isnull=True) | Q(wa_id__regex=r"^[0-9]{5,20}$"),
                name="contact_wa_id_is_digits",
            ),
            models.CheckConstraint(condition=~Q(bsuid=""), name="contact_bsuid_is_not_empty"),
        ]
        indexes = [
            models.Index(
                fields=["block_due_at"],
                condition=Q(block_due_at__isnull=False),
                name="contact_block_due",
            ),
        ]
        permissions = [("see_full_number", "Can see full phone numbers")]

    def __str__(self) -> str:
        return self.name or self.username or "Unnamed contact"

    @property
    def first_name(self) -> str:
        """The first word of the name where it can be one, else "": customers type it themselves."""
        first = self.name.partition(" ")[0].strip(".,;:!")
        return privacy.safe_first_name(first) or ""

    @property
    def masked_number(self) -> str:
        """The number with its middle hidden: +27••••••567."""
        if not self.wa_id:
            return ""
        return f"+{self.wa_id[:2]}{'•' * max(len(self.wa_id) - 5, 1)}{self.wa_id[-3:]}"
