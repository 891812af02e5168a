"""A list of things that webhooks said, applied in one go; the caller holds the transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from conversations.intake import account, messages, numbers, statuses, wishes
from conversations.intake.faults import ItemFault, UnknownNumber
from conversations.whatsapp import events as wire

Kind = TypeVar("Kind")


def all_of(said: Sequence[wire.Event]) -> dict[int, ItemFault]:
    """Every item is a row afterwards, but those whose place and fault is returned.

    Raises: whatever the database says where at least one item could not be kept; which one, the
    caller finds out. Messages first: a status in the same batch may be about one of them.
    """
    spoken = {
        place: one
        for place, one in enumerate(said)
        if isinstance(one, wire.InboundMessage | wire.Echo)
    }
    ours = numbers.ours(one.phone_number_id for one in spoken.values()) if spoken else {}
    known = [one for one in spoken.values() if one.phone_number_id in ours]
    messages.keep(known, ours)
    statuses.keep(_only(wire.StatusUpdate, said))
    wishes.keep(_only(wire.UserPreference, said))
    account.keep(_only(wire.AccountNews, said))
    account.keep_errors(_only(wire.PlatformError, said))
    return {
        place: UnknownNumber(one.phone_number_id)
        for place, one in spoken.items()
        if one.phone_number_id not in ours
    }


def _only(kind: type[Kind], said: Sequence[wire.Event]) -> list[Kind]:
    return [one for one in said if isinstance(one, kind)]
