"""One of the business's own WhatsApp numbers."""

from django.db import models


class PhoneNumber(models.Model):
    """A number we answer on. One that a webhook names and nobody has entered is never guessed."""

    phone_number_id = models.CharField(
        max_length=64, unique=True, help_text="Meta's id of the number, as in webhooks."
    )
    waba_id = models.CharField(
        "WhatsApp business account id", max_length=64, blank=True, help_text="Meta's account id."
    )
    display_number = models.CharField(
        max_length=32, blank=True, help_text="As people read it, e.g. +27 21 555 0100."
    )
    name = models.CharField(max_length=128, blank=True, help_text="The verified name.")
    messages_per_second = models.FloatField(
        default=76,
        help_text="How fast we send, 5 % under what Meta allows (80, with coexistence 20).",
    )
    # The next free moment for a POST from this number: one row, locked while rows are claimed, so
    # that any number of pumps together keep the rate.
    next_slot_at = models.DateTimeField(null=True, blank=True, editable=False)
    paused_reason = models.CharField(
        max_length=200, blank=True, editable=False, help_text="Why nothing is sent at present."
    )
    paused_until = models.DateTimeField(null=True, blank=True, editable=False)
    quality_rating = models.CharField(
        max_length=16, blank=True, help_text="GREEN, YELLOW or RED, as Meta judges."
    )
    daily_limit = models.CharField(
        max_length=32,
        blank=True,
        help_text="How many customers may be written to first in a day, as Meta says: TIER_2K.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "WhatsApp number"
        ordering = ["display_number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(messages_per_second__gt=0), name="phone_number_rate_is_positive"
            ),
            models.CheckConstraint(
                condition=~models.Q(phone_number_id=""), name="phone_number_has_an_id"
            ),
        ]

    def __str__(self) -> str:
        return self.display_number or self.phone_number_id
