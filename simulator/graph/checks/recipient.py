"""Whom a message is for: given at all, a number or a user id, not oneself, not blocked."""

from simulator import people
from simulator.graph import errors
from simulator.graph.order import Order
from simulator.models import Customer

USER_ID_LONGEST = WRITTEN_LONGEST = 140
TEST_RECIPIENTS = 5  # Cloud API, get started: recipients of a test number


def check_given(order: Order) -> None:
    """`to` (which wins) is a phone number, or `recipient` a user id."""
    to, recipient = order.payload.get("to"), order.payload.get("recipient")
    if not to and not recipient:
        raise errors.required("to")
    order.written = str(to or recipient)
    order.by_user_id = not to
    if order.by_user_id:
        if len(order.written) > USER_ID_LONGEST:
            raise errors.invalid("Param recipient is not a valid user id.")
        return
    digits = people.digits_of(order.written)
    if not digits or len(order.written) > WRITTEN_LONGEST:
        raise errors.invalid("Param to is not a valid phone number.")
    order.wa_id = people.with_country_code(order.number, order.written, digits)


def check_not_oneself(order: Order) -> None:
    """131021: a number cannot write to itself."""
    if order.wa_id and order.wa_id == order.number.display_phone_number:
        raise errors.known(131021)


def find(order: Order) -> None:
    """Fill in the chat. Somebody who is not on WhatsApp is no error here: that fails later."""
    if order.by_user_id:
        order.chat = people.by_user_id(order.number, order.written)
        return
    found = people.by_phone(order.number, order.wa_id)
    order.wa_id, order.chat = found.wa_id, found.chat


def check_allow_list(order: Order) -> None:
    """131030: a test number may write to five people only."""
    if not order.switches.allow_list_only:
        return
    allowed = Customer.objects.order_by("id").values_list("id", flat=True)[:TEST_RECIPIENTS]
    if order.chat is None or order.chat.customer_id not in set(allowed):
        raise errors.known(131030)


def check_not_blocked(order: Order) -> None:
    """130403: you blocked this user."""
    if order.chat is not None and order.chat.blocked_at is not None:
        raise errors.known(130403)
