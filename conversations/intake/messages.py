"""What was said, by customers or from the phone app: once each, in its thread, with its intent."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models.functions import Now

from conversations import announcements, changes, contacts, takeover
from conversations.assistant import intents
from conversations.intake import asides, files, inserting, threads, wishes
from conversations.intake.contacts import Seen, contacts_of
from conversations.intake.spoken import Kept, Place, Spoken, about, person_of
from conversations.intake.threads import News
from conversations.models import Contact, Message
from conversations.whatsapp.events import InboundMessage

MOVES = ("number_changed", "user_id_changed")


def keep(said: Sequence[Spoken], ours: Mapping[str, int]) -> None:
    """Each message is a row of its thread afterwards, and the thread knows. Twice: kept once.

    `ours`: our key of each phone number id that is named.
    Steps: 1 leave out what is kept  2 move contacts that got other ids  3 find contacts and
    threads, locking these  4 write the rows  5 tell the threads, and the messages spoken of.
    """
    new = _not_yet_kept(said)
    if not new:
        return
    _follow_moves(new)
    people = contacts_of([Seen(person_of(one), one.sent_at) for one in new])
    _ask_to_block({pk for one, pk in zip(new, people, strict=True) if _is_of_customer(one)})
    keys = [(ours[one.phone_number_id], pk) for one, pk in zip(new, people, strict=True)]
    places = threads.threads_of(keys)
    _insert([(one, places[key]) for one, key in zip(new, keys, strict=True)])


def _not_yet_kept(said: Sequence[Spoken]) -> list[Spoken]:
    """The first of each wamid that has no row yet, oldest first by WhatsApp's time, which counts
    whole seconds: within one, as they came."""
    first: dict[str, Spoken] = {}
    for one in said:
        first.setdefault(one.wamid, one)
    rows = Message.objects.filter(wamid__in=list(first)) if first else Message.objects.none()
    kept = set(rows.values_list("wamid", flat=True))
    new = [one for one in first.values() if one.wamid not in kept]
    return sorted(new, key=lambda one: one.sent_at)


def _follow_moves(new: Iterable[Spoken]) -> None:
    """Before anybody is looked up: the same batch may hold messages under both numbers."""
    for one in new:
        if isinstance(one, InboundMessage) and one.system and one.system.change in MOVES:
            contacts.follow(one.sender, one.system.person, one.sent_at)


def _is_of_customer(one: Spoken) -> bool:
    return isinstance(one, InboundMessage)


def _ask_to_block(people: Collection[int]) -> None:
    """Who is blocked here and writes still is not blocked by Meta, which now can do it."""
    blocked = Contact.objects.filter(pk__in=people, is_blocked=True).order_by("pk")
    if locked := list(blocked.select_for_update(no_key=True).values_list("pk", flat=True)):
        Contact.objects.filter(pk__in=locked).update(block_due_at=Now())


def _insert(pairs: Sequence[tuple[Spoken, Place]]) -> None:
    rows = [_row(one, place) for one, place in pairs]
    keys = inserting.insert_once(Message, "wamid", rows)
    # Whoever kept one of these at the same moment has told its thread, too.
    kept = [Kept(keys[one.wamid], one, place) for one, place in pairs if one.wamid in keys]
    if not kept:
        return
    news: dict[int, News] = {}
    for row in kept:
        news.setdefault(row.place.pk, News(row.place)).said.append(row.said)
    answered = threads.bring_up_to_date(news.values())
    for thread_id in answered:
        takeover.answered_on_phone(thread_id)
    files.expect(kept)
    asides.apply(kept)
    wishes.obey(kept)
    changes.record_many([(row.place.pk, row.pk) for row in kept])
    announcements.of_messages(row.pk for row in kept)


def _row(one: Spoken, place: Place) -> dict[str, Any]:
    """The columns that differ from row to row."""
    customers = one if isinstance(one, InboundMessage) else None
    guess = intents.classify(one.text) if customers and one.kind == "text" else None
    error = one.errors[0] if one.errors else None
    return {
        "thread_id": place.pk,
        **(FROM_CUSTOMER if customers else FROM_PHONE),
        "reference": uuid.uuid4(),
        "kind": one.kind,
        "text": one.text,
        "content": _content(one),
        "wamid": one.wamid,
        "quotes": about(one),
        "intent": guess.intent.value if guess else "",
        "intent_confidence": guess.confidence if guess else None,
        "is_forwarded": bool(customers and customers.forwarded),
        "is_forwarded_often": bool(customers and customers.is_forwarded_often),
        "referral": customers.referral if customers else None,
        "error_code": error.code if error else None,
        "error_text": (error.details or error.message or error.title) if error else "",
        "sent_at": one.sent_at,
    }


FROM_CUSTOMER: dict[str, Any] = {
    "direction": Message.Direction.IN.value,
    "origin": Message.Origin.CUSTOMER.value,
    "status": Message.Status.RECEIVED.value,
}
# Sent already, by a person, with WhatsApp's own app: the gate has nothing to refuse.
FROM_PHONE: dict[str, Any] = {
    "direction": Message.Direction.OUT.value,
    "origin": Message.Origin.PHONE.value,
    "status": Message.Status.SENT.value,
}


def _content(one: Spoken) -> dict[str, Any]:
    """As on the wire, with the catalogue product that it asks about beside it."""
    product = one.product if isinstance(one, InboundMessage) else None
    return {**one.content, **({"referred_product": product} if product else {})}
