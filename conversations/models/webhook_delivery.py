"""One announcement on its way to one subscription, with every try and what was answered."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from conversations.models.webhook_subscription import WebhookSubscription


class WebhookDelivery(models.Model):
    """WAITING until somebody answers 2xx, or until it is given up. The row is the truth."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DELIVERED = "delivered", "Delivered"
        GIVEN_UP = "given_up", "Given up"

    subscription = models.ForeignKey(WebhookSubscription, models.CASCADE, related_name="deliveries")
    # A copy: announcements and deliveries are pruned each at their own time.
    event_id = models.CharField(
        max_length=48, help_text="The announcement's number; the same at every try."
    )
    type = models.CharField(max_length=40)
    at = models.DateTimeField(help_text="When it happened.")
    payload = models.JSONField(help_text="Ids and states, never what was said.")
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    next_at = models.DateTimeField(null=True, blank=True, help_text="When it is tried next.")
    give_up_at = models.DateTimeField(help_text="Later than that it is not tried again.")
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    log = models.JSONField(
        default=list, db_default=[], help_text="Each try: when, status, milliseconds, answer."
    )
    delivered_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "webhook delivery"
        verbose_name_plural = "webhook deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "event_id"], name="webhook_delivery_once_per_event"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", next_at__isnull=False)
                | Q(state__in=["delivered", "given_up"], next_at__isnull=True),
                name="webhook_delivery_waiting_is_due_some_time",
            ),
        ]
        indexes = [
            # What is claimed, in its order.
            models.Index(
                fields=["subscription", "next_at", "id"],
                condition=Q(state="waiting"),
                name="webhook_delivery_to_post",
            ),
            models.Index(
                fields=["claimed_until"],
                condition=Q(claimed_until__isnull=False),
                name="webhook_delivery_claimed",
            ),
            models.Index(F("created_at").desc(), name="webhook_delivery_newest"),
            models.Index("subscription", F("id").desc(), name="webhook_delivery_of_one"),
        ]

    def __str__(self) -> str:
        return f"Webhook delivery {self.pk}"
