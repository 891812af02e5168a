"""Another system that may use the API: the shop, the ERP, the help desk."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class ApiClient(models.Model):
    """Its key is shown once and kept as a hash; its prefix tells one key from another in lists.

    What it does stands in the history under a user of its own, who can log in nowhere.
    """

    name = models.CharField(
        max_length=80, unique=True, help_text="Which system this is, as staff will read it: ERP."
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="api_client", editable=False
    )
    prefix = models.CharField(max_length=12, unique=True, editable=False)
    secret_hash = models.CharField(
        max_length=64, editable=False, help_text="SHA-256 of the secret part, hexadecimal."
    )
    scopes = ArrayField(
        models.CharField(max_length=64),
        default=list,
        help_text="What it may do. Nothing that is not ticked is possible.",
    )
    calls_per_minute = models.PositiveIntegerField(
        null=True, blank=True, help_text="Empty: API_CALLS_PER_MINUTE of the settings."
    )
    expires_at = models.DateTimeField(
        null=True, blank=True, help_text="From then on its key opens nothing. Empty: never."
    )
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="To the minute."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "API client"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(prefix__regex=r"^[a-z0-9]{8,12}$"), name="api_client_prefix_is_plain"
            ),
            models.CheckConstraint(
                condition=Q(secret_hash__regex=r"^[0-9a-f]{64}$"),  # noqa: S106 -- a pattern
                name="api_client_secret_is_a_hash",
            ),
            models.CheckConstraint(
                condition=Q(calls_per_minute__isnull=True) | Q(calls_per_minute__gt=0),
                name="api_client_may_call_at_all",
            ),
        ]

    def __str__(self) -> str:
        return self.name
