"""/control/customers/: who there is, what they say, and what their phones show."""

from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest

from simulator import ids, inbound, number_change, outcomes, speech, tapping
from simulator.asking import Refused, body_of, chat_of, json_view, object_of
from simulator.models import Chat, Customer, Message
from simulator.phone import bubbles, chats

TRAITS = (
    "name",
    "username",
    "hides_number",
    "is_reachable",
    "phone_is_off",
    "sends_read_receipts",
    "takes_marketing",
)
MANY = 100_000
WAMID_LONGEST = 255


def _listing(request: HttpRequest) -> list[Any]:
    """Every customer."""
    return [describe(one) for one in Customer.objects.order_by("id")]


def _add(request: HttpRequest) -> list[Any] | dict[str, Any]:
    """One customer, a list of them, or `{"count": n, "first": wa_id}` for a load test."""
    given = body_of(request)
    if isinstance(given, dict) and "count" in given:
        return _add_many(given)
    if isinstance(given, list):
        return [describe(_add_one(one)) for one in given]
    if not isinstance(given, dict):
        raise Refused("Send a customer or a list of customers.")
    return describe(_add_one(given))


def _add_one(given: dict[str, Any]) -> Customer:
    wa_id = str(given.get("wa_id") or "")
    if not wa_id.isdigit():
        raise Refused("wa_id is digits only.")
    traits = _traits(given)
    wanted = {
        "bsuid": str(given.get("bsuid") or ids.bsuid("ZA")),
        "name": f"Customer {wa_id[-4:]}",
        **traits,
    }
    customer, is_new = Customer.objects.get_or_create(wa_id=wa_id, defaults=wanted)
    if not is_new:
        changed = {**traits, **({"bsuid": wanted["bsuid"]} if given.get("bsuid") else {})}
        Customer.objects.filter(pk=customer.pk).update(**changed)
        customer.refresh_from_db()
    return customer


def _add_many(given: dict[str, Any]) -> dict[str, Any]:
    count, first = given["count"], str(given.get("first") or "27600000000")
    if not isinstance(count, int) or not 0 < count <= MANY or not first.isdigit():
        raise Refused(f"count is a number up to {MANY}, first is digits.")
    Customer.objects.bulk_create(
        (
            Customer(
                wa_id=str(int(first) + step), name=f"Customer {step + 1}", bsuid=ids.bsuid("ZA")
            )
            for step in range(count)
        ),
        batch_size=1000,
        ignore_conflicts=True,
    )
    return {"first": first, "last": str(int(first) + count - 1)}


def _show(request: HttpRequest, wa_id: str) -> dict[str, Any]:
    """One customer, and the state of the chat."""
    chat = chat_of(request, wa_id)
    state = chats.conversation(chat)
    return {
        **describe(chat.customer),
        "typing": state["typing"],
        "blocked": state["blocked"],
        "window_closes_at": state["window_closes_at"] or None,
    }


def _change(request: HttpRequest, wa_id: str) -> dict[str, Any]:
    """Traits of the customer: phone off, no read receipts, hides the number, and so on."""
    chat = chat_of(request, wa_id)
    traits = _traits(object_of(request))
    Customer.objects.filter(pk=chat.customer_id).update(**traits)
    if traits.get("phone_is_off") is False:
        outcomes.phone_is_on([one.pk for one in chat.customer.chats.all()])
    return describe(Customer.objects.get(pk=chat.customer_id))


def _messages(request: HttpRequest, wa_id: str) -> list[Any]:
    """The chat, oldest first, with what the phone does not show yet or never will."""
    chat = chat_of(request, wa_id)
    messages = list(chat.messages.select_related("media").order_by("id"))
    others = {one.wamid: one for one in messages}
    given = chats.reactions(sorted(messages, key=lambda one: -one.pk))
    return [describe_message(one, others, given) for one in messages]


def _say(request: HttpRequest, wa_id: str) -> dict[str, Any]:
    """The customer says or taps something; see simulator.speech for the forms."""
    chat, given = chat_of(request, wa_id), object_of(request)
    is_told = bool(given.get("webhook", True))
    message = inbound.write(chat, _said(chat, given), at=moment_of(given), is_told=is_told)
    return describe_message(message, {}, {})


def _read(request: HttpRequest, wa_id: str) -> dict[str, Any]:
    """The customer has looked at the chat."""
    return {"read": outcomes.seen(chat_of(request, wa_id))}


def _history(request: HttpRequest, wa_id: str) -> dict[str, Any]:
    """A past that both sides know already: kept here, told to nobody. It opens the window, too."""
    chat, given = chat_of(request, wa_id), body_of(request)
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise Refused("Send a list of messages.")
    with transaction.atomic():
        for one in given:
            is_ours = one.get("from") == "business"
            inbound.remember(chat, _said(chat, one), at=moment_of(one), is_ours=is_ours)
    return {"kept": len(given)}


def _change_number(request: HttpRequest, wa_id: str) -> dict[str, Any]:
    """The customer has a new phone number, and so a new user id."""
    chat = chat_of(request, wa_id)
    wanted = str(object_of(request).get("wa_id") or "")
    if not wanted.isdigit() or Customer.objects.filter(wa_id=wanted).exists():
        raise Refused("wa_id is the digits of a number that nobody has.")
    number_change.change_number(chat, wanted)
    return describe(Customer.objects.get(pk=chat.customer_id))


def describe(customer: Customer) -> dict[str, Any]:
    """JSON of one customer."""
    traits = {name: getattr(customer, name) for name in TRAITS}
    return {"wa_id": customer.wa_id, "bsuid": customer.bsuid, **traits}


def describe_message(
    message: Message, others: dict[str, Message], given: dict[str, list[str]]
) -> dict[str, Any]:
    """JSON of one message, with what can be tapped on it."""
    taps = [{"title": tap.title, "id": tap.id} for tap in tapping.taps_of(message)]
    shown = bubbles.bubble(message, others)
    return {**shown, "taps": taps, "reactions": given.get(message.wamid, [])}


def _traits(given: dict[str, Any]) -> dict[str, Any]:
    traits = {name: given[name] for name in TRAITS if name in given}
    for name, value in traits.items():
        wanted = str if name in ("name", "username") else bool
        if not isinstance(value, wanted):
            raise Refused(f"{name} is {'text' if wanted is str else 'true or false'}.")
    return traits


def _said(chat: Chat, given: dict[str, Any]) -> speech.Said:
    try:
        said = speech.understand(chat, given)
    except speech.SpeechError as problem:
        raise Refused(str(problem)) from problem
    said.wamid = str(given.get("wamid") or "")
    if len(said.wamid) > WAMID_LONGEST:
        raise Refused(f"wamid has at most {WAMID_LONGEST} characters.")
    if said.wamid and Message.objects.filter(wamid=said.wamid).exists():
        raise Refused(f"There is a message {said.wamid} already.", 409)
    return said


def moment_of(given: dict[str, Any]) -> datetime | None:
    """`timestamp` as Unix seconds, number or text, or None. Raises: Refused."""
    stamp = given.get("timestamp")
    if stamp is None:
        return None
    try:
        return datetime.fromtimestamp(float(stamp), UTC)
    except (TypeError, ValueError, OverflowError, OSError) as problem:
        raise Refused("timestamp is Unix seconds.") from problem


everybody = json_view(get=_listing, post=_add)
one = json_view(get=_show, patch=_change)
messages = json_view(get=_messages, post=_say)
read = json_view(post=_read)
history = json_view(post=_history)
number = json_view(post=_change_number)
