"""Outbound rows to the Cloud API: the only caller of `CloudApi.send`.

A row is claimed (SENDING, committed), posted outside every transaction, and what came of it is
written down. What may have arrived is never posted again by a machine.
"""

from conversations.delivery.direct import deliver_thread
from conversations.delivery.doubts import confirm_arrival, give_up_on_the_dead
from conversations.delivery.pump import Pump

__all__ = ["Pump", "confirm_arrival", "deliver_thread", "give_up_on_the_dead"]
