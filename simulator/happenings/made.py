"""What a happening is, and the makers of the simple ones."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulator import events, inbound
from simulator.models import Chat, Number
from simulator.speech import Said

Act = Callable[[Number, Chat], None]


class NothingToHappenTo(Exception):
    """There is no template, or none in the state that this needs."""


@dataclass(frozen=True)
class Happening:
    """What the page shows, and what is done; `act` gets the number and a customer's chat."""

    label: str
    act: Act


def say(type_: str, content: Any, **more: Any) -> Act:
    def act(number: Number, chat: Chat) -> None:
        inbound.write(chat, Said(type_, content, **more))

    return act


def tell(field: str, **value: Any) -> Act:
    def act(number: Number, chat: Chat) -> None:
        events.tell_value(number, field, value)

    return act


def tell_of_number(field: str, **value: Any) -> Act:
    def act(number: Number, chat: Chat) -> None:
        shown = {"display_phone_number": number.display_phone_number, **value}
        events.tell_value(number, field, shown)

    return act


def account(event: str, **more: Any) -> Act:
    return tell("account_update", event=event, **more)
