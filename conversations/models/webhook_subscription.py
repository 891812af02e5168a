"""Where another system wants to be told what happens here, and how it goes with it."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from conversations.models.api_client import ApiClient


class WebhookSubscription(models.Model):
    """An address that gets announcements by POST, signed with a secret that stands nowhere here."""

    key = models.UUIDField(
        default=uuid.uuid4, unique=True, editable=False, help_text="Its secret is made from it."
    )
    client = models.ForeignKey(
        ApiClient,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="webhook_subscriptions",
        verbose_name="API client",
        help_text="Who made it, and may see it by the API; it ends with their key.",
    )
    name = models.CharField(max_length=80, help_text="Whose it is, as staff will read it.")
    url = models.CharField(
        "address", max_length=2000, help_text="Where we post to: https://erp.example.com/whatsapp"
    )
    types = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        help_text="What it is told of; nothing chosen: everything.",
    )
    has_text = models.BooleanField(
        "with texts",
        default=False,
        help_text="Messages come with what was written in them; else with ids and states only.",
    )
    secret_serial = models.PositiveIntegerField(default=1, editable=False)
    former_secret_until = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Until then the former secret signs, too."
    )
    # While it is paused nothing is put aside for it: the feed keeps what it misses.
    paused_at = models.DateTimeField(null=True, blank=True, editable=False)
    paused_reason = models.CharField(max_length=200, blank=True, editable=False)
    paused_after = models.BigIntegerField(
        null=True, blank=True, editable=False, help_text="Number of the last announcement before."
    )
    # How it goes: what fails again and again is asked less often, and in a lane of its own.
    failures = models.PositiveIntegerField(default=0, editable=False, help_text="In a row.")
    failing_since = models.DateTimeField(null=True, blank=True, editable=False)
    held_until = models.DateTimeField(null=True, blank=True, editable=False)
    is_slow = models.BooleanField(
        default=False, editable=False, help_text="Its last answer was late, or did not come."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "outgoing webhook"
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True) | Q(paused_after__isnull=False),
                name="webhook_subscription_paused_knows_where",
            ),
            models.CheckConstraint(
                condition=~Q(url="") & ~Q(name=""), name="webhook_subscription_has_an_address"
            ),
        ]

    def __str__(self) -> str:
        return self.name
