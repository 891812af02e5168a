"""Announcements become deliveries: the new ones for whoever waits for them, and old ones again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now

from conversations import announcements
from conversations.models import Feed, WebhookDelivery, WebhookSubscription

State = WebhookDelivery.State

# Longer than a weekend.
TRIED_FOR = timedelta(days=3)

# Of the announcements that `which` names, one delivery for each subscription that wants it.
TELL = """
    INSERT INTO conversations_webhookdelivery
        (subscription_id, event_id, type, at, payload, state, next_at, give_up_at, attempts)
    SELECT subscription.id, announcement.number::text, announcement.type, announcement.at,
        announcement.payload, 'waiting', clock_timestamp(), clock_timestamp() + %(tried_for)s, 0
    FROM conversations_announcement AS announcement
    JOIN conversations_webhooksubscription AS subscription
        ON cardinality(subscription.types) = 0 OR announcement.type = ANY(subscription.types)
    LEFT JOIN conversations_apiclient AS client ON client.id = subscription.client_id
    WHERE announcement.number IS NOT NULL AND client.revoked_at IS NULL AND {which}
    ORDER BY announcement.number, subscription.id
    ON CONFLICT (subscription_id, event_id) DO {conflict}
"""
NEW = TELL.format(
    which="announcement.number BETWEEN %(first)s AND %(last)s AND subscription.paused_at IS NULL",
    conflict="NOTHING",
)
MISSED = TELL.format(
    which="announcement.number > %(after)s AND subscription.id = %(subscription)s",
    conflict="NOTHING",
)
AGAIN = TELL.format(
    which="announcement.at >= %(since)s AND subscription.id = %(subscription)s",
    conflict="""UPDATE SET state = 'waiting', attempts = 0, delivered_at = NULL,
        claimed_until = NULL, next_at = EXCLUDED.next_at, give_up_at = EXCLUDED.give_up_at""",
)


def tell_new() -> int:
    """What was committed is in the feed, and waits for each subscription; how many deliveries.

    Both in one transaction, in the order of the feed. Several processes may come in at once.
    """
    if not announcements.is_anything_new():
        return 0
    with transaction.atomic():
        numbers = announcements.number_new()
        if numbers is None:
            return 0
        return _tell(NEW, first=numbers[0], last=numbers[1])


def tell_missed(subscription: WebhookSubscription) -> int:
    """What was announced while it was paused waits for it now. The caller holds the feed."""
    return _tell(MISSED, after=subscription.paused_after, subscription=subscription.pk)


def replay(subscription: WebhookSubscription, *, since: datetime) -> int:
    """Everything it wants that was announced since then goes to it again; how many.

    Also what was delivered, and what is from before it was there. Twice: no more than once each.
    """
    return _tell(AGAIN, since=since, subscription=subscription.pk)


def replay_one(delivery: WebhookDelivery) -> bool:
    """This one is tried again from now; False while it is waiting anyway and not yet tried."""
    rows = WebhookDelivery.objects.filter(pk=delivery.pk)
    return rows.exclude(state=State.WAITING, attempts=0).update(**afresh()) == 1


def afresh() -> dict[str, Any]:
    """The columns of a delivery that begins anew."""
    return {
        "state": State.WAITING,
        "attempts": 0,
        "next_at": Now(),
        "give_up_at": Now() + TRIED_FOR,
        "claimed_until": None,
        "delivered_at": None,
    }


def hold_feed() -> int:
    """Nobody numbers announcements until the end of the transaction; the last number."""
    feed = Feed.objects.select_for_update().first()
    return feed.newest if feed else 0


def _tell(statement: str, **values: Any) -> int:
    values["tried_for"] = TRIED_FOR
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
