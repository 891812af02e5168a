"""Outgoing webhooks: announcements posted to whoever subscribed, signed, until they are taken.

Dispatch tells (`tell_new`) and runs the `Courier`; staff and other systems come in by the acts on
subscriptions. At least once each, with an id that stays the same; in the order of the feed, but
what failed comes later than what followed it.
"""

from conversations.outgoing.addresses import AddressRefused
from conversations.outgoing.courier import Courier
from conversations.outgoing.subscriptions import (
    TooMany,
    TypeUnknown,
    body_of,
    change,
    check,
    create,
    delete,
    pause,
    queue_test,
    resume,
    rotate,
    send_test,
)
from conversations.outgoing.telling import replay, replay_one, tell_new

__all__ = [
    "AddressRefused",
    "Courier",
    "TooMany",
    "TypeUnknown",
    "body_of",
    "change",
    "check",
    "create",
    "delete",
    "pause",
    "queue_test",
    "replay",
    "replay_one",
    "resume",
    "rotate",
    "send_test",
    "tell_new",
]
