"""Keeping the tables of a long load test at a size that a laptop bears."""

from simulator import journal
from simulator.models import Webhook

KEPT_WEBHOOKS = 100_000


def prune() -> None:
    """The oldest log rows and the oldest POSTs that are done with are gone."""
    journal.prune()
    newest = Webhook.objects.order_by("-id").values_list("id", flat=True).first()
    if newest is not None:
        Webhook.objects.filter(id__lte=newest - KEPT_WEBHOOKS, next_at__isnull=True).delete()
