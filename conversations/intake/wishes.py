"""What customers want to be sent: STOP and START among their words, and what they set in WhatsApp.

Each becomes an entry of the consent ledger, where the newest entry holds.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from conversations import changes, consent
from conversations.assistant import intents
from conversations.intake.contacts import Seen, contacts_of
from conversations.intake.spoken import EDIT, Kept
from conversations.models import ConsentEntry, Contact, Message, Thread
from conversations.whatsapp.events import InboundMessage, UserPreference

MARKETING = "marketing_messages"
ACTS = {"stop": consent.withdraw, "resume": consent.grant, "signup": consent.grant}
SAYING = ("text", "button", EDIT)


def obey(kept: Sequence[Kept]) -> None:
    """STOP and START hold at once, whoever has the thread; an overtaken one is left alone."""
    wishes = {one.pk for one in kept if _is_wish(one)}
    rows = Message.objects.select_related("thread__contact").filter(pk__in=wishes)
    messages = list(rows.order_by("sent_at", "pk")) if wishes else []
    _lock({message.thread.contact_id for message in messages})
    for message in messages:
        if not _is_overtaken(message.thread.contact_id, message.sent_at):
            consent.obey(message, at=message.sent_at)


def _is_wish(one: Kept) -> bool:
    said = one.said
    if not isinstance(said, InboundMessage) or said.kind not in SAYING:
        return False
    return intents.is_stop(said.text) or intents.is_start(said.text)


def keep(preferences: Sequence[UserPreference]) -> None:
    """The ledger holds each. Twice: once. One older than what the ledger says changes nothing.

    Source: Cloud API, webhooks, user_preferences.
    """
    known = [one for one in preferences if one.category == MARKETING and one.value in ACTS]
    if not known:
        return
    in_time = sorted(known, key=lambda one: one.at)
    people = contacts_of([Seen(one.person, one.at) for one in in_time])
    contacts = _lock(people)
    for one, pk in zip(in_time, people, strict=True):
        _enter(contacts[pk], one)


def _lock(people: Collection[int]) -> dict[int, Contact]:
    """Two processes with two wishes of one customer: the second sees what the first wrote."""
    rows = Contact.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk")
    return {row.pk: row for row in rows} if people else {}


def _enter(contact: Contact, one: UserPreference) -> None:
    is_granted = ACTS[one.value] is consent.grant
    same = ConsentEntry.objects.filter(contact=contact, at=one.at, is_granted=is_granted)
    if same.filter(source=consent.BY_WHATSAPP).exists() or _is_overtaken(contact.pk, one.at):
        return
    ACTS[one.value](contact, (consent.Purpose.MARKETING,), at=one.at, source=consent.BY_WHATSAPP)
    for thread_id in Thread.objects.filter(contact=contact).values_list("pk", flat=True):
        changes.record(thread_id)


def _is_overtaken(contact_id: int, at: datetime) -> bool:
    """The ledger is read from its end: what comes late must not stand there."""
    entries = ConsentEntry.objects.filter(contact=contact_id, purpose=consent.Purpose.MARKETING)
    return entries.filter(at__gt=at).exists()
