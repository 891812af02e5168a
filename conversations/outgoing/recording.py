"""Writing down what came of a POST: for the delivery, and for how its subscription goes."""

from __future__ import annotations

import json
import logging
import random
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from conversations import notices
from conversations.models import WebhookSubscription
from conversations.outgoing import subscriptions, telling
from conversations.outgoing.claiming import Claimed
from conversations.outgoing.posting import Outcome

logger = logging.getLogger(__name__)

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=6)
# One event that a receiver cannot take must not hold up the others; a dead one is asked seldom.
FAILURES_BEFORE_HOLDING = 5
LONGEST_HOLD = timedelta(minutes=10)
SLOW_MILLISECONDS = 2000
WARN_AFTER = timedelta(hours=1)
LOG_LENGTH = 40
# A receiver may repeat what it was sent, and texts are kept nowhere.
MAY_REPEAT = "(not kept: it may repeat what was said)"
GONE = 410  # RFC 9110: it will not come back

# Only the try that was made is ended: a claim that ran out may be another process's by now.
DONE = """
    UPDATE conversations_webhookdelivery SET
        state = %(state)s, next_at = CASE %(state)s WHEN 'waiting'
            THEN clock_timestamp() + %(wait)s END,
        delivered_at = CASE %(state)s WHEN 'delivered' THEN clock_timestamp() END,
        claimed_until = NULL,
        log = CASE WHEN jsonb_array_length(log) < %(log_length)s THEN log ELSE log - 0 END
            || %(entry)s::jsonb
    WHERE id = %(id)s AND state = 'waiting' AND attempts = %(attempts)s
    RETURNING give_up_at
"""


def record(claimed: Claimed, outcome: Outcome) -> None:
    """The delivery is delivered, waits for its next try, or is given up; a person hears of trouble.

    Twice: the second finds that this try has ended.
    """
    with transaction.atomic():
        rows = WebhookSubscription.objects.select_for_update(no_key=True)
        subscription = rows.filter(pk=claimed.subscription_id).first()
        if subscription is None:
            return
        if subscription.has_text and outcome.answer:
            outcome = replace(outcome, answer=MAY_REPEAT)
        if outcome.is_delivered:
            _end(claimed, outcome, "delivered")
            _went_well(subscription, outcome)
            return
        hopeless = _failed(subscription, claimed, outcome)
    ids = (claimed.subscription_id, claimed.delivery_id, claimed.attempts)
    logger.info("webhook=%s delivery=%s try=%s status=%s", *ids, outcome.status)
    if hopeless:
        # By itself: whoever pauses or resumes holds the feed before the subscription.
        _pause(subscription, hopeless)


def _end(claimed: Claimed, outcome: Outcome, state: str, wait: timedelta = FIRST_WAIT) -> None:
    values: dict[str, Any] = {
        "state": state,
        "wait": wait,
        "entry": json.dumps([subscriptions.log_entry(outcome)]),
        "log_length": LOG_LENGTH,
        "id": claimed.delivery_id,
        "attempts": claimed.attempts,
    }
    with connection.cursor() as cursor:
        cursor.execute(DONE, values)


def _went_well(subscription: WebhookSubscription, outcome: Outcome) -> None:
    is_slow = outcome.milliseconds > SLOW_MILLISECONDS
    if subscription.failures == 0 and subscription.is_slow == is_slow:
        return  # as nearly always
    well = {**subscriptions.WELL, "is_slow": is_slow}
    WebhookSubscription.objects.filter(pk=subscription.pk).update(**well)
    if subscription.failing_since and subscription.paused_at is None:
        notices.end(subscriptions.notice_key(subscription.pk))


def _failed(subscription: WebhookSubscription, claimed: Claimed, outcome: Outcome) -> str:
    """Why the subscription should be paused, or ""."""
    now = timezone.now()
    failing_since = subscription.failing_since or now
    failures = subscription.failures + 1
    wait = _wait(claimed.attempts, outcome)
    is_over = now + wait > _give_up_at(claimed)
    _end(claimed, outcome, "given_up" if is_over else "waiting", wait)
    WebhookSubscription.objects.filter(pk=subscription.pk).update(
        failures=failures,
        failing_since=failing_since,
        held_until=now + _hold(failures),
        is_slow=True,
    )
    if outcome.status == GONE:
        return "The receiver says that it is gone for good (410)."
    if now - failing_since > telling.TRIED_FOR:
        return f"Nothing has got through for three days. {outcome.fault}"
    if now - failing_since > WARN_AFTER:
        _warn(subscription, outcome, failing_since)
    return ""


def _give_up_at(claimed: Claimed) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT give_up_at FROM conversations_webhookdelivery WHERE id = %s",
            [claimed.delivery_id],
        )
        row = cursor.fetchone()
    return row[0] if row else timezone.now()


def _wait(attempts: int, outcome: Outcome) -> timedelta:
    """Three times as long each time, with jitter; longer where the receiver asks for it."""
    base = min(FIRST_WAIT * 3.0 ** min(attempts - 1, 12), LONGEST_WAIT)
    asked = timedelta(seconds=min(outcome.retry_after_seconds or 0, LONGEST_WAIT.seconds))
    return max(base, asked) * random.uniform(1, 1.3)  # noqa: S311 -- no secret hangs on it


def _hold(failures: int) -> timedelta:
    if failures < FAILURES_BEFORE_HOLDING:
        return timedelta()
    return min(FIRST_WAIT * 2.0 ** min(failures - FAILURES_BEFORE_HOLDING, 10), LONGEST_HOLD)


def _pause(subscription: WebhookSubscription, reason: str) -> None:
    if not subscriptions.pause(subscription, reason=reason):
        return
    key = subscriptions.notice_key(subscription.pk)
    notices.end(key)  # the warning, which it takes the place of
    notices.raise_notice(
        key,
        level=notices.Level.ALARM,
        text=f"The outgoing webhook {subscription.name} is paused. {reason}",
        what_to_do="Mend the receiver, then resume it: what it missed is sent then.",
    )
    logger.warning("webhook=%s paused", subscription.pk)


def _warn(subscription: WebhookSubscription, outcome: Outcome, since: datetime) -> None:
    notices.raise_notice(
        subscriptions.notice_key(subscription.pk),
        level=notices.Level.WARNING,
        text=f"The outgoing webhook {subscription.name} has failed since "
        f"{timezone.localtime(since):%d %B, %H:%M}. {outcome.fault}",
        what_to_do="Look at its deliveries, and mend the receiver. It is tried for three days.",
    )
