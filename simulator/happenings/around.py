"""What customers' phones, the phone app and the platform tell by themselves."""

from typing import Any

from simulator import clock, events, ids, inbound, number_change, people, speech, wire, world
from simulator.happenings.made import Act
from simulator.models import Chat, Message, Number
from simulator.speech import Said


def preference(wanted: str) -> Act:
    def act(number: Number, chat: Chat) -> None:
        chat.customer.takes_marketing = wanted == "resume"
        chat.customer.save(update_fields=["takes_marketing"])
        preference = {
            "wa_id": chat.customer.wa_id,
            "user_id": chat.customer.bsuid,
            "detail": f"User requested to {wanted} marketing messages",
            "category": "marketing_messages",
            "value": wanted,
            "timestamp": int(clock.now().timestamp()),
        }
        tell_about(number, chat, "user_preferences", user_preferences=[preference])

    return act


def echo(number: Number, chat: Chat) -> None:
    message = Message.objects.create(
        number=number,
        chat=chat,
        direction=Message.Direction.OUT,
        wamid=ids.wamid(),
        type="text",
        content={"body": "Hi, this is Kim from the shop. I will phone you."},
        status=Message.Status.DELIVERED,
        sent_at=clock.now(),
    )
    echo = {
        "from": number.display_phone_number,
        "to": chat.customer.wa_id,
        "to_user_id": chat.customer.bsuid,
        "id": message.wamid,
        "timestamp": clock.unix(message.sent_at),
        "type": "text",
        "text": message.content,
    }
    tell_about(number, chat, "smb_message_echoes", message_echoes=[echo])


def unknown_status(number: Number, chat: Chat) -> None:
    status = {
        "id": ids.wamid(),
        "status": "delivered",
        "timestamp": clock.unix(clock.now()),
        "recipient_id": chat.customer.wa_id,
    }
    tell_about(number, chat, "messages", statuses=[status])


def value_error(number: Number, chat: Chat) -> None:
    problem = {
        "code": 130429,
        "title": "Rate limit hit",
        "message": "Rate limit hit",
        "error_data": {"details": "Cloud API message throughput has been reached."},
    }
    value = {"messaging_product": "whatsapp", "metadata": wire.metadata(number)}
    events.tell_value(number, "messages", {**value, "errors": [problem]})


def tell_about(number: Number, chat: Chat, field: str, **items: Any) -> None:
    contact = wire.contact(chat.customer, world.switches())
    value = {
        "messaging_product": "whatsapp",
        "metadata": wire.metadata(number),
        **({"contacts": [contact]} if contact else {}),
    }
    events.tell_value(number, field, {**value, **items})


def says(kind: str) -> Act:
    def act(number: Number, chat: Chat) -> None:
        inbound.write(chat, speech.understand(chat, {"type": kind}))

    return act


def changes_number(number: Number, chat: Chat) -> None:
    number_change.change_number(chat, people.free_number(chat.customer.wa_id))


def changes_user_id(number: Number, chat: Chat) -> None:
    number_change.change_user_id(chat)


def new_phone(number: Number, chat: Chat) -> None:
    identity = {
        "acknowledged": True,
        "created_timestamp": clock.unix(clock.now()),
        "hash": "DF2lS5v2W6x=",
    }
    content = {"body": "Customer identity changed", "type": "customer_identity_changed"}
    inbound.write(chat, Said("system", content, beside={"identity": identity}))
