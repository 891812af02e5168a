"""A list of things that webhooks said, applied in one go; the caller holds the transaction."""

from collections.abc import Sequence

from conversations.intake.faults import ItemFault
from conversations.intake.messages import keep_messages
from conversations.intake.statuses import keep_statuses
from conversations.whatsapp import events as wire


def all_of(said: Sequence[wire.Event]) -> None:
    """Every item is a row afterwards, or an exception says that at least one could not be.

    Messages first: a status in the same batch may be about what another item brings.
    """
    for one in said:
        if isinstance(one, wire.Broken):
            raise ItemFault(f"An item could not be read ({one.path}): {one.reason}")
    keep_messages([one for one in said if isinstance(one, wire.InboundMessage)])
    keep_statuses([one for one in said if isinstance(one, wire.StatusUpdate)])
