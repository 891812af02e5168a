"""What happened on one day, counted once, so that the dashboard need not count a million rows."""

from django.db import models


class DailyTotal(models.Model):
    """One row a business day. Today's is counted anew every few minutes, then it stands."""

    day = models.DateField(primary_key=True, help_text="In the business's time zone.")
    messages_in = models.PositiveIntegerField(default=0)
    messages_out = models.PositiveIntegerField(default=0)
    answered_by_assistant = models.PositiveIntegerField(
        default=0, help_text="Customers' messages that the assistant answered."
    )
    handed_over = models.JSONField(default=dict, help_text="How often, by reason.")
    first_response_seconds = models.PositiveIntegerField(
        null=True, help_text="The median of people's first answers; the assistant's left out."
    )
    windows_lost = models.PositiveIntegerField(
        default=0, help_text="Windows that closed while the customer waited for an answer."
    )
    templates_delivered = models.PositiveIntegerField(default=0)
    templates_read = models.PositiveIntegerField(default=0)
    templates_failed = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-day"]

    def __str__(self) -> str:
        return str(self.day)
