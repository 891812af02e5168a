"""Writing down what came of posts, for many at once."""

import logging
import random
from collections.abc import Sequence
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from conversations import announcements, changes, consent, failures, pausing
from conversations.delivery.claiming import Claimed
from conversations.delivery.posting import Outcome
from conversations.models import Message
from conversations.whatsapp.errors import (
    NotSent,
    NumberBlocked,
    TryLater,
    Unconfirmed,
    WhatsAppError,
)

logger = logging.getLogger(__name__)

Status = Message.Status

BACKOFF_SECONDS = 1.0
BACKOFF_MAX_SECONDS = 300.0

# A status that overtook Meta's answer has brought the wamid already; it is the same. Who was taken
# for dead meanwhile was only held up, by a database that was away: there is no doubt any more.
ACCEPTED = """
    UPDATE conversations_message AS message
    SET accepted_at = clock_timestamp(), wamid = COALESCE(message.wamid, answer.wamid),
        status = CASE message.status WHEN 'unconfirmed' THEN 'sending' ELSE message.status END,
        error_text = CASE message.status WHEN 'unconfirmed' THEN '' ELSE message.error_text END
    FROM unnest(%s::bigint[], %s::text[]) AS answer (id, wamid) WHERE message.id = answer.id
"""


def record(outcomes: Sequence[Outcome]) -> None:
    """Every outcome is in its row. Twice: a row that has its answer already keeps it.

    A connection that broke over the COMMIT leaves it open whether it was the first time. So only
    the attempt that was made is ended: the next one may be on its way from elsewhere.
    """
    with transaction.atomic():
        _accepted([one for one in outcomes if one.accepted])
        for outcome in outcomes:
            if outcome.fault:
                _faulty(outcome, outcome.fault)
        changes.record_many([(one.claimed.thread_id, one.claimed.message_id) for one in outcomes])
    probed = [one.claimed for one in outcomes if one.accepted and one.claimed.is_probe]
    if probed:
        pausing.resume({claimed.phone_number_id for claimed in probed})


def _accepted(outcomes: list[Outcome]) -> None:
    """SENDING still, with Meta's ids: the webhooks tell when they were sent, or have told."""
    pairs = sorted((one.claimed.message_id, one.accepted.wamid) for one in outcomes if one.accepted)
    with connection.cursor() as cursor:
        ids, wamids = [pk for pk, _ in pairs], [wamid for _, wamid in pairs]
        cursor.execute(ACCEPTED, [ids, wamids])


def _faulty(outcome: Outcome, fault: WhatsAppError) -> None:
    claimed = outcome.claimed
    logger.info("message=%s fault=%s code=%s", claimed.message_id, type(fault).__name__, fault.code)
    if isinstance(fault, NumberBlocked):
        wait = pausing.AFTER_A_REFUSAL
        pausing.pause(claimed.phone_number_id, fault.explanation, reason=str(fault), wait=wait)
        _again(outcome, wait)
    elif isinstance(fault, NotSent) or _is_to_be_waited_for(claimed, fault):
        _again(outcome, _wait(claimed.attempts, fault))
    else:
        in_doubt = isinstance(fault, Unconfirmed)
        _end(
            _attempt(claimed),
            status=Status.UNCONFIRMED if in_doubt else Status.FAILED,
            code=fault.code,
            text=fault.said,
        )


def _is_to_be_waited_for(claimed: Claimed, fault: WhatsAppError) -> bool:
    """What passes by itself is waited for however long it lasts; what may be the message's own
    fault is given up in the end: then the refusal stands."""
    if not isinstance(fault, TryLater):
        return False
    most = fault.explanation.attempts
    return most == 0 or claimed.attempts < most


def _wait(attempts: int, fault: WhatsAppError) -> timedelta:
    """Doubling, with jitter, so that many rows do not come back at the same moment."""
    first = fault.retry_after_seconds if isinstance(fault, TryLater) else BACKOFF_SECONDS
    base = min(first * 2 ** min(attempts - 1, 10), max(first, BACKOFF_MAX_SECONDS))
    return timedelta(seconds=base * random.uniform(1, 1.3))  # noqa: S311 -- no secret hangs on it


def _again(outcome: Outcome, wait: timedelta) -> None:
    _attempt(outcome.claimed).update(status=Status.QUEUED, next_at=Now() + wait)


def end(ids: list[int], *, status: Message.Status, code: int | None, text: str) -> None:
    """FAILED or UNCONFIRMED; an answer of the assistant that did not get through needs a person."""
    _end(_in_flight(ids), status=status, code=code, text=text)


def _end(rows: QuerySet[Message], *, status: Message.Status, code: int | None, text: str) -> None:
    ended = list(rows.select_for_update(no_key=True).order_by("pk"))
    Message.objects.filter(pk__in=[row.pk for row in ended]).update(
        status=status, error_code=code, error_text=text
    )
    announcements.of_messages(row.pk for row in ended)
    if status == Status.UNCONFIRMED:
        failures.hand_over(ended, reason="A message is in doubt.")
    else:
        failures.not_delivered(ended)
    if code == consent.STOPPED_CODE:
        consent.heed_refusals(row.pk for row in ended)


def _attempt(claimed: Claimed) -> QuerySet[Message]:
    return _in_flight([claimed.message_id]).filter(attempts=claimed.attempts)


def _in_flight(ids: list[int]) -> QuerySet[Message]:
    return Message.objects.filter(pk__in=ids, status=Status.SENDING, wamid=None)
