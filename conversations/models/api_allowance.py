"""How much of what somebody may call is spent: where all processes agree on it."""

from django.db import models


class ApiAllowance(models.Model):
    """One row a caller, written by one statement; see conversations/api/rates.py."""

    caller = models.CharField(max_length=64, primary_key=True, help_text="client:5 or user:3.")
    spent = models.FloatField(help_text="Calls, as of `counted_at`; they drain in a minute.")
    counted_at = models.DateTimeField()
    is_refused = models.BooleanField(help_text="Whether the newest call came too early.")
    refusals = models.PositiveIntegerField(help_text="Since one was last put into the log.")
    refusal_told_at = models.DateTimeField(
        null=True, help_text="When such a call was last put into the log."
    )

    class Meta:
        verbose_name = "API allowance"

    def __str__(self) -> str:
        return self.caller
