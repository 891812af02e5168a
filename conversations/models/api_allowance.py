"""How many calls somebody made in the running minute: where all processes agree on it."""

from django.db import models


class ApiAllowance(models.Model):
    """One row a caller, counted up by one statement; see conversations/api/rates.py."""

    caller = models.CharField(max_length=64, primary_key=True, help_text="client:5 or user:3.")
    minute = models.DateTimeField()
    calls = models.PositiveIntegerField()

    class Meta:
        verbose_name = "API allowance"

    def __str__(self) -> str:
        return self.caller
