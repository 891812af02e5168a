"""The rows of the simulated world. One noun a file; all tables are `simulator_*`."""

from simulator.models.call import Call
from simulator.models.customer import Chat, Customer
from simulator.models.media import Media
from simulator.models.message import Message
from simulator.models.number import Number, Subscription
from simulator.models.template import Template
from simulator.models.webhook import Event, Webhook
from simulator.models.world import World

__all__ = [
    "Call",
    "Chat",
    "Customer",
    "Event",
    "Media",
    "Message",
    "Number",
    "Subscription",
    "Template",
    "Webhook",
    "World",
]
