"""Claiming deliveries to post: due, few of each subscription at a time, in the feed's order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from conversations import announcements, scopes
from conversations.models import WebhookDelivery
from conversations.outgoing import signing, subscriptions

# Above every time-out of a POST: who claimed it that long ago is dead, and it is posted again.
CLAIM = timedelta(seconds=60)
# Of one subscription at once; of one that fails or is slow a single one.
AT_ONCE = 4

# A subscription that another process is just claiming for is left to it.
CLAIM_DUE = """
    WITH busy AS (
        SELECT subscription_id, count(*) AS posting FROM conversations_webhookdelivery
        WHERE claimed_until > clock_timestamp() GROUP BY subscription_id
    ), ready AS (
        SELECT subscription.id,
            CASE WHEN subscription.is_slow THEN 1 ELSE %(at_once)s END
                - COALESCE((SELECT posting FROM busy WHERE subscription_id = subscription.id), 0)
            AS room
        FROM conversations_webhooksubscription AS subscription
        LEFT JOIN conversations_apiclient AS client ON client.id = subscription.client_id
        WHERE (client.id IS NULL OR client.revoked_at IS NULL AND %(scope)s = ANY(client.scopes)
                AND (client.expires_at IS NULL OR client.expires_at > clock_timestamp()))
            AND subscription.is_slow = %(slow)s AND subscription.paused_at IS NULL
            AND (subscription.held_until IS NULL OR subscription.held_until <= clock_timestamp())
        ORDER BY subscription.held_until NULLS FIRST, subscription.id
        FOR NO KEY UPDATE OF subscription SKIP LOCKED
    ), due AS (
        SELECT first.id FROM ready CROSS JOIN LATERAL (
            SELECT delivery.id, delivery.next_at FROM conversations_webhookdelivery AS delivery
            WHERE delivery.subscription_id = ready.id AND delivery.state = 'waiting'
                AND delivery.next_at <= clock_timestamp()
                AND (delivery.claimed_until IS NULL OR delivery.claimed_until < clock_timestamp())
            ORDER BY delivery.next_at, delivery.id
            LIMIT GREATEST(ready.room, 0)
        ) AS first
        ORDER BY first.next_at, first.id LIMIT %(most)s
    )
    UPDATE conversations_webhookdelivery AS delivery
    SET claimed_until = clock_timestamp() + %(claim)s, attempts = delivery.attempts + 1
    FROM due WHERE delivery.id = due.id AND delivery.state = 'waiting'
        AND (delivery.claimed_until IS NULL OR delivery.claimed_until < clock_timestamp())
    RETURNING delivery.id
"""


@dataclass(frozen=True)
class Claimed:
    """One delivery that this process, and nobody else, will post now."""

    delivery_id: int
    subscription_id: int
    attempts: int
    url: str
    body: bytes
    headers: dict[str, str]


def is_anything_due() -> bool:
    """Whether any delivery is due, of whatever subscription; one look."""
    due = WebhookDelivery.objects.filter(
        state=WebhookDelivery.State.WAITING, next_at__lte=Now(), subscription__paused_at=None
    )
    return due.exists()


def claim(*, most: int, slow: bool) -> list[Claimed]:
    """Up to `most` deliveries are this process's for CLAIM, committed; of slow receivers or others.

    Several processes at once: each its own. Killed: what was claimed is due again after CLAIM.
    """
    values: dict[str, Any] = {
        "at_once": AT_ONCE,
        "claim": CLAIM,
        "most": most,
        "slow": slow,
        "scope": scopes.WEBHOOKS_WRITE.name,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM_DUE, values)
        ids = [row[0] for row in cursor.fetchall()]
    rows = WebhookDelivery.objects.select_related("subscription__client").filter(pk__in=ids)
    found = list(rows.order_by("pk")) if ids else []
    texts = _texts(found)
    return [_claimed(row, texts) for row in found]


def _texts(rows: list[WebhookDelivery]) -> dict[int, str]:
    """What was said in the messages, for those who may read it: it is kept nowhere else."""
    ids = [row.payload["message"] for row in rows if _gets_texts(row) and "message" in row.payload]
    return announcements.texts_of(ids)


def _gets_texts(row: WebhookDelivery) -> bool:
    """Chosen, and still allowed to whose subscription it is."""
    client = row.subscription.client
    may_read = client is None or scopes.MESSAGES_READ.name in client.scopes
    return row.subscription.has_text and may_read


def _claimed(row: WebhookDelivery, texts: dict[int, str]) -> Claimed:
    text = texts.get(row.payload.get("message", 0)) if _gets_texts(row) else None
    body = subscriptions.body_of(row, text)
    return Claimed(
        delivery_id=row.pk,
        subscription_id=row.subscription_id,
        attempts=row.attempts,
        url=row.subscription.url,
        body=body,
        headers=signing.headers(row.subscription, row.event_id, body, timezone.now()),
    )
