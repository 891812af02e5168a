"""A number that Meta lets send nothing at present: paused with an alarm, and let go again.

Delivery comes in, which hears it as the answer to a POST, and intake, which is told by a status.
"""

import logging
from collections.abc import Iterable
from datetime import timedelta

from django.db.models.functions import Now

from conversations import notices
from conversations.models import MediaFile, PhoneNumber
from conversations.whatsapp.errors import Explanation

logger = logging.getLogger(__name__)

# A refused probe costs nothing, and its message waits on. One that was accepted and failed
# afterwards is lost to its customer, so the next is not tried that soon.
AFTER_A_REFUSAL = timedelta(seconds=60)
AFTER_A_FAILURE = timedelta(minutes=10)


def pause(phone_number_id: str, meaning: Explanation, *, reason: str, wait: timedelta) -> None:
    """Nothing leaves this number until a probe after the pause succeeds. Twice: one alarm."""
    PhoneNumber.objects.filter(phone_number_id=phone_number_id).update(
        paused_reason=reason[:200], paused_until=Now() + wait
    )
    notices.raise_notice(
        f"number:{phone_number_id}",
        level=notices.Level.ALARM,
        text=f"Nothing is sent at present: {meaning.cause}",
        what_to_do=meaning.what_to_do,
    )
    logger.error("number=%s paused code=%s", phone_number_id, meaning.code)


def resume(phone_number_ids: Iterable[str]) -> None:
    """These send again, and their alarms are over. One that was not paused: nothing happens."""
    for phone_number_id in phone_number_ids:
        rows = PhoneNumber.objects.filter(phone_number_id=phone_number_id)
        if rows.exclude(paused_reason="").update(paused_reason="", paused_until=None):
            notices.end(f"number:{phone_number_id}")
            _go_on_with_files(phone_number_id)


def _go_on_with_files(phone_number_id: str) -> None:
    """The token that sends, fetches: what waits for its next attempt need not wait longer."""
    waiting = MediaFile.objects.filter(state=MediaFile.State.WAITING, leased_until=None)
    own = waiting.filter(message__thread__phone_number__phone_number_id=phone_number_id)
    own.update(next_at=Now())
