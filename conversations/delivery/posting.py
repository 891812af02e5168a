"""One POST, and what came of it. No database here: this runs in the pump's pool of threads."""

import logging
import time
from dataclasses import dataclass

from conversations import connection
from conversations.delivery.claiming import Claimed
from conversations.whatsapp.client import SendResult
from conversations.whatsapp.errors import Unconfirmed, WhatsAppError

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """Exactly one of the two is set."""

    claimed: Claimed
    accepted: SendResult | None = None
    fault: WhatsAppError | None = None


def post(claimed: Claimed) -> Outcome:
    """Hand one claimed row to Meta when its slot begins, which is never far ahead.

    Never raises: what is not understood is in doubt.
    """
    time.sleep(max(0.0, claimed.leaves_at - time.monotonic()))
    try:
        accepted = connection.api(claimed.phone_number_id).send(
            claimed.wire,
            to=claimed.to,
            recipient=claimed.recipient,
            reference=claimed.reference,
            quotes=claimed.quotes,
        )
    except WhatsAppError as fault:
        return Outcome(claimed, fault=fault)
    except Exception:
        logger.exception("message=%s posting broke", claimed.message_id)
        return Outcome(claimed, fault=Unconfirmed("The sending process had a fault."))
    return Outcome(claimed, accepted=accepted)
