"""Finding customers by whatever the caller wrote, and the chat they have with a number."""

import re
from dataclasses import dataclass

from simulator import rows
from simulator.models import Chat, Customer, Number

SHORTEST, LONGEST = 5, 15
COUNTRY_CODES = re.compile(r"^(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})")


@dataclass(frozen=True)
class Found:
    """`wa_id` as WhatsApp writes it; `chat` is None where nobody has that number."""

    wa_id: str
    chat: Chat | None


def digits_of(written: str) -> str:
    """The digits of a phone number, or "" where it has anything else but `+ - ( )` and spaces."""
    bare = re.sub(r"[\s()+-]", "", written)
    return bare if bare.isascii() and bare.isdigit() and SHORTEST <= len(bare) <= LONGEST else ""


def with_country_code(number: Number, written: str, digits: str) -> str:
    """Without a `+`, a national number gets the sender's own country code, right or wrong.

    Source: Cloud API, messages reference, "phone number formats".
    """
    if written.strip().startswith("+") or not digits.startswith("0"):
        return digits
    own = COUNTRY_CODES.match(number.display_phone_number)
    return (own.group() if own else "") + digits[1:]


def variants(wa_id: str) -> list[str]:
    """The number itself, then the form it may also have in Brazil, Mexico or Argentina."""
    swaps = (
        (r"55(\d\d)9(\d{8})", r"55\1\2"),
        (r"55(\d\d)(\d{8})", r"55\g<1>9\2"),
        (r"521(\d{10})", r"52\1"),
        (r"52(\d{10})", r"521\1"),
        (r"549(\d{10})", r"54\1"),
        (r"54(\d{10})", r"549\1"),
    )
    others = [re.sub(old, new, wa_id) for old, new in swaps if re.fullmatch(old, wa_id)]
    return [wa_id, *others[:1]]


def free_number(wa_id: str) -> str:
    """A number like this one that nobody has."""
    wanted = int(wa_id) + 1000
    while Customer.objects.filter(wa_id=str(wanted)).exists():
        wanted += 1
    return str(wanted)


def by_phone(number: Number, wa_id: str) -> Found:
    """The chat with whoever has this number, in either form of it."""
    for form in variants(wa_id):
        chat = _chat(number, "wa_id", form)
        if chat is not None:
            return Found(form, chat)
    return Found(wa_id, None)


def by_user_id(number: Number, bsuid: str) -> Chat | None:
    """The chat with whoever has this user id."""
    return _chat(number, "bsuid", bsuid)


def chat_with(number: Number, customer: Customer) -> Chat:
    """Their chat, made where they have never spoken."""
    chat, _ = Chat.objects.select_related("customer").get_or_create(
        number=number, customer=customer
    )
    return chat


def _chat(number: Number, column: str, value: str) -> Chat | None:
    chat = rows.chat_of(number.pk, column, value)
    if chat is not None:
        return chat
    customer = Customer.objects.filter(**{column: value}).first()
    return chat_with(number, customer) if customer else None
