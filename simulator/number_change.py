"""A customer gets a new phone number: system messages, and a new user id with it.

Source: Cloud API, system messages; user ids are made anew with the number.
"""

from django.db import transaction

from simulator import ids, inbound
from simulator.models import Chat, Customer, Message
from simulator.speech import Said


@transaction.atomic
def change_number(chat: Chat, wa_id: str) -> Message:
    """The customer has this number; the business is told from the old one, without `contacts`."""
    customer, old = chat.customer, chat.customer.wa_id
    bsuid = ids.bsuid(customer.bsuid.partition(".")[0])
    content = {
        "body": f"User {customer.name} changed from {old} to {wa_id}",
        "type": "user_changed_number",
        "wa_id": wa_id,
        "user_id": bsuid,
    }
    message = inbound.write(chat, Said("system", content))
    Customer.objects.filter(pk=customer.pk).update(wa_id=wa_id, bsuid=bsuid)
    return message


@transaction.atomic
def change_user_id(chat: Chat) -> Message:
    """Only the user id was made anew; the message still comes from the old one."""
    bsuid = ids.bsuid(chat.customer.bsuid.partition(".")[0])
    content = {
        "body": f"User {chat.customer.name} changed their user id",
        "type": "user_changed_user_id",
        "user_id": bsuid,
    }
    message = inbound.write(chat, Said("system", content))
    Customer.objects.filter(pk=chat.customer_id).update(bsuid=bsuid)
    return message
