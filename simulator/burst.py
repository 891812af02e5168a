"""Many customers write at once: what a busy minute looks like to the console."""

from django.db import transaction

from simulator import inbound
from simulator.models import Customer, Number
from simulator.people import chat_with
from simulator.speech import Said

WORDS = (
    "Do I still owe you anything?",
    "Where is my order?",
    "Hi",
    "Can somebody phone me?",
    "Please send me the invoice again",
)
AT_MOST = 5000


@transaction.atomic
def burst(number: Number, count: int) -> int:
    """`count` messages (at most 5000) from all customers in turn; how many were written."""
    customers = list(Customer.objects.order_by("id")[:count])
    chats = [chat_with(number, customer) for customer in customers]
    wanted = min(count, AT_MOST) if chats else 0
    for turn in range(wanted):
        said = Said("text", {"body": WORDS[turn % len(WORDS)]})
        inbound.write(chats[turn % len(chats)], said)
    return wanted
