"""What is done with a subscription: made, changed, paused, resumed, given another secret, tried.

Staff come in from the admin, other systems from the API; dispatch pauses what nobody answers.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from conversations import notices
from conversations.announcements import Type
from conversations.models import ApiClient, WebhookDelivery, WebhookSubscription
from conversations.outgoing import addresses, posting, signing, telling
from conversations.outgoing.posting import Outcome

State = WebhookDelivery.State

# While a receiver changes its secret, both prove where a webhook comes from.
BOTH_SECRETS_FOR = timedelta(hours=24)
TEST = "webhook.test"
SIGNATURE = re.compile(r"v1,[A-Za-z0-9+/]{20,}=*")
AT_MOST = 20  # subscriptions of one client


class TypeUnknown(ValueError):
    """`str()` names the types that nobody announces."""


class TooMany(Exception):
    """Each announcement is a row for each subscription: somebody could fill the disk with them."""

    def __init__(self) -> None:
        super().__init__(f"No client has more than {AT_MOST} subscriptions.")


def check(url: str, types: Sequence[str]) -> None:
    """Nothing, or AddressRefused or TypeUnknown. What the host resolves to is checked at a POST."""
    addresses.target_of(url)
    unknown = sorted(set(types) - set(Type.values))
    if unknown:
        raise TypeUnknown(f"Nothing of this type is announced: {', '.join(unknown)}.")


def create(
    *,
    name: str,
    url: str,
    types: Sequence[str] = (),
    has_text: bool = False,
    client: ApiClient | None = None,
) -> tuple[WebhookSubscription, str]:
    """A subscription that is told from now on, and its secret, to be shown this once.

    Raises: AddressRefused, TypeUnknown, TooMany.
    """
    check(url, types)
    with transaction.atomic():
        if client:
            ApiClient.objects.select_for_update(no_key=True).get(pk=client.pk)
            if client.webhook_subscriptions.count() >= AT_MOST:
                raise TooMany
        made = WebhookSubscription.objects.create(
            name=name, url=url, types=sorted(set(types)), has_text=has_text, client=client
        )
    return made, signing.secret_of(made)


def rotate(subscription: WebhookSubscription) -> str:
    """It has another secret, shown this once; the former one signs too for 24 hours.

    Twice: the first one of the three is worth nothing any more.
    """
    with transaction.atomic():
        row = WebhookSubscription.objects.select_for_update().get(pk=subscription.pk)
        row.secret_serial += 1
        row.former_secret_until = timezone.now() + BOTH_SECRETS_FOR
        row.save(update_fields=["secret_serial", "former_secret_until"])
    return signing.secret_of(row)


def pause(subscription: WebhookSubscription, *, reason: str) -> bool:
    """Nothing is posted to it until somebody resumes it; False if it was paused already."""
    with transaction.atomic():
        newest = telling.hold_feed()
        rows = WebhookSubscription.objects.filter(pk=subscription.pk, paused_at=None)
        paused = rows.update(paused_at=Now(), paused_reason=reason[:200], paused_after=newest)
    return paused == 1


def resume(subscription: WebhookSubscription) -> bool:
    """It is told again: first of what it missed, as far back as the feed reaches; False if it was.

    What was given up while nothing got through is tried anew, too.
    """
    with transaction.atomic():
        telling.hold_feed()
        row = WebhookSubscription.objects.select_for_update().get(pk=subscription.pk)
        if row.paused_at is None:
            return False
        open_ones = row.deliveries.filter(
            Q(state=State.WAITING)
            | Q(state=State.GIVEN_UP, created_at__gte=row.failing_since or row.paused_at)
        )
        open_ones.update(**telling.afresh())
        telling.tell_missed(row)
        WebhookSubscription.objects.filter(pk=row.pk).update(
            **WELL, paused_at=None, paused_reason="", paused_after=None
        )
        notices.end(notice_key(row.pk))
    return True


WELL: dict[str, Any] = {"failures": 0, "failing_since": None, "held_until": None, "is_slow": False}


def change(subscription: WebhookSubscription, **columns: Any) -> WebhookSubscription:
    """It has these from now on; another address is tried at once.

    Raises: AddressRefused, TypeUnknown, with nothing changed.
    """
    check(columns.get("url", subscription.url), columns.get("types", subscription.types))
    if "types" in columns:
        columns["types"] = sorted(set(columns["types"]))
    if columns.get("url", subscription.url) != subscription.url:
        columns |= WELL
    if columns:
        WebhookSubscription.objects.filter(pk=subscription.pk).update(**columns)
    return WebhookSubscription.objects.get(pk=subscription.pk)


def delete(subscription: WebhookSubscription) -> None:
    """It is gone with its deliveries, also with what was on its way."""
    with transaction.atomic():
        # Nothing points to them: no need to read them first.
        subscription.deliveries.all()._raw_delete(using=DEFAULT_DB_ALIAS)
        WebhookSubscription.objects.filter(pk=subscription.pk).delete()
        notices.end(notice_key(subscription.pk))


def send_test(subscription: WebhookSubscription) -> Outcome:
    """A test event is posted now, paused or not, and what came of it; kept among the deliveries.

    It takes as long as the receiver does, at most `posting.SECONDS`; no transaction is open.
    """
    now = timezone.now()
    delivery = _test_of(subscription, now)
    body = body_of(delivery)
    outcome = posting.post(
        subscription.url, body, signing.headers(subscription, delivery.event_id, body, now)
    )
    delivery.state = State.DELIVERED if outcome.is_delivered else State.GIVEN_UP
    delivery.delivered_at = now if outcome.is_delivered else None
    delivery.attempts, delivery.give_up_at = 1, now
    delivery.log = [log_entry(outcome)]
    delivery.save(force_insert=True)
    return outcome


def queue_test(subscription: WebhookSubscription) -> WebhookDelivery:
    """A test event waits among the deliveries: it is posted once, or when a pause has ended."""
    now = timezone.now()
    delivery = _test_of(subscription, now)
    delivery.state, delivery.next_at, delivery.give_up_at = State.WAITING, now, now
    delivery.save(force_insert=True)
    return delivery


def _test_of(subscription: WebhookSubscription, at: datetime) -> WebhookDelivery:
    return WebhookDelivery(
        subscription=subscription,
        event_id=f"test-{uuid.uuid4().hex[:12]}",
        type=TEST,
        at=at,
        payload={"subscription_id": subscription.pk},
    )


def body_of(delivery: WebhookDelivery, text: str | None = None) -> bytes:
    """What is posted. Shapes: {"id": "812", "type": .., "at": .., "data": {..}}."""
    data = delivery.payload if text is None else {**delivery.payload, "text": text}
    at = delivery.at.astimezone(timezone.get_fixed_timezone(0))
    event = {
        "id": delivery.event_id,
        "type": delivery.type,
        "at": at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "data": data,
    }
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def log_entry(outcome: Outcome) -> dict[str, Any]:
    """One try, as the log keeps it; a signature that the receiver repeats is left out."""
    return {
        "at": timezone.now().isoformat(),
        "status": outcome.status,
        "milliseconds": outcome.milliseconds,
        "fault": outcome.fault,
        "answer": SIGNATURE.sub("v1,(not kept)", outcome.answer),
    }


def notice_key(subscription_id: int) -> str:
    """What the notices about a subscription are known by."""
    return f"webhook:{subscription_id}"
