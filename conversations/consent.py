"""Who may be sent what: the ledger of consent, and what its newest entries mean.

Withdrawing `marketing` refuses marketing templates; withdrawing `service` refuses every template.
Neither refuses free-form answers inside a window that the customer opened.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import JSONField, QuerySet
from django.db.models.expressions import RawSQL

from conversations import changes, clock
from conversations.assistant import intents
from conversations.models import (
    ConsentEntry,
    Contact,
    Message,
    MessageTemplate,
    Thread,
    ThreadEvent,
)

Purpose = ConsentEntry.Purpose
EVERYTHING = (Purpose.MARKETING, Purpose.SERVICE)
BY_STAFF = "staff"
BY_WHATSAPP = "WhatsApp"
STOPPED_CODE = 131050  # Cloud API, error codes: the customer has stopped marketing messages
REASON_LENGTH = 200
# Of the contact of a thread; every page of the inbox asks for it.
NEWEST = RawSQL(
    """
    SELECT jsonb_agg(jsonb_build_object('purpose', purpose, 'is_granted', is_granted)) FROM (
        SELECT DISTINCT ON (purpose) purpose, is_granted FROM conversations_consententry
        WHERE contact_id = conversations_thread.contact_id ORDER BY purpose, id DESC
    ) AS newest
    """,
    (),
    JSONField(),
)


class ReasonMissing(ValueError):
    """`str()` says what is missing."""

    def __init__(self) -> None:
        super().__init__("Say why: it is the proof that the customer wants it so.")


def obey(message: Message, *, at: datetime) -> None:
    """STOP and START, the whole message, hold from this moment. Twice: entered once.

    What is meant is confirmed by whoever answers; obeyed it is in any case.
    """
    act = (
        withdraw
        if intents.is_stop(message.text)
        else grant
        if intents.is_start(message.text)
        else None
    )
    if act and not ConsentEntry.objects.filter(message=message).exists():
        contact = message.thread.contact
        act(contact, EVERYTHING, at=at, source="the customer's word", message=message)


def withdraw(
    contact: Contact,
    purposes: tuple[ConsentEntry.Purpose, ...],
    *,
    at: datetime,
    source: str,
    message: Message | None = None,
    by: User | None = None,
) -> None:
    """From now on nothing for these purposes is sent. Twice adds a second proof."""
    _enter(contact, purposes, granted=False, at=at, source=source, message=message, by=by)


def grant(
    contact: Contact,
    purposes: tuple[ConsentEntry.Purpose, ...],
    *,
    at: datetime,
    source: str,
    message: Message | None = None,
    by: User | None = None,
) -> None:
    """From now on messages for these purposes may be sent again."""
    _enter(contact, purposes, granted=True, at=at, source=source, message=message, by=by)


def heed_refusals(message_ids: Iterable[int]) -> None:
    """Who of these has stopped marketing in WhatsApp, as Meta refuses it, is sent no more of it.

    What the customer has said since the message was written holds. Twice: entered once.
    """
    refused = Message.objects.filter(pk__in=list(message_ids), error_code=STOPPED_CODE)
    for message in refused.select_related("thread__contact").order_by("pk"):
        contact = message.thread.contact
        entries = ConsentEntry.objects.filter(contact=contact, purpose=Purpose.MARKETING)
        is_overtaken = entries.filter(at__gt=message.sent_at).exists()
        if Purpose.MARKETING not in withdrawn(contact) and not is_overtaken:
            withdraw(contact, (Purpose.MARKETING,), at=clock.now(), source=BY_WHATSAPP)


def change(
    contact: Contact, purpose: ConsentEntry.Purpose, *, is_granted: bool, reason: str, by: User
) -> bool:
    """Staff enter what a customer told them otherwise, with the reason; False if it was so already.

    Raises: ReasonMissing. Twice, and two at once: entered once.
    """
    words = " ".join(reason.replace("\x00", "").split())[:REASON_LENGTH]
    if not words:
        raise ReasonMissing
    with transaction.atomic():
        Contact.objects.select_for_update().get(pk=contact.pk)
        if (purpose not in withdrawn(contact)) == is_granted:
            return False
        ConsentEntry.objects.create(
            contact=contact,
            purpose=purpose,
            is_granted=is_granted,
            at=clock.now(),
            source=BY_STAFF,
            reason=words,
            by=by,
        )
        _tell_staff(contact, purpose, is_granted=is_granted, reason=words, by=by)
    return True


def _tell_staff(
    contact: Contact, purpose: ConsentEntry.Purpose, *, is_granted: bool, reason: str, by: User
) -> None:
    now, kind = clock.now(), ThreadEvent.Kind.CONSENT
    verb = "allowed" if is_granted else "not wanted any more"
    told = f"{purpose.label} {verb} ({reason})"[:200]
    ids = list(Thread.objects.filter(contact=contact).order_by("pk").values_list("pk", flat=True))
    ThreadEvent.objects.bulk_create(
        ThreadEvent(thread_id=pk, kind=kind, by=by, reason=told, at=now) for pk in ids
    )
    changes.record_many([(pk, None) for pk in ids])


def _enter(
    contact: Contact,
    purposes: tuple[ConsentEntry.Purpose, ...],
    *,
    granted: bool,
    at: datetime,
    source: str,
    message: Message | None,
    by: User | None,
) -> None:
    ConsentEntry.objects.bulk_create(
        ConsentEntry(
            contact=contact,
            purpose=purpose,
            is_granted=granted,
            at=at,
            source=source,
            message=message,
            by=by,
        )
        for purpose in purposes
    )


def withdrawn(contact: Contact) -> frozenset[str]:
    """The purposes whose newest entry is a withdrawal."""
    newest = _newest(contact).values_list("purpose", "is_granted")
    return frozenset(purpose for purpose, is_granted in newest if not is_granted)


def withdrawn_of(contact_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """As `withdrawn`, of those contacts who have withdrawn anything."""
    entries = ConsentEntry.objects.filter(contact__in=list(contact_ids))
    newest = entries.order_by("contact", "purpose", "-id").distinct("contact", "purpose")
    found: dict[int, set[str]] = defaultdict(set)
    for contact_id, purpose, is_granted in newest.values_list("contact", "purpose", "is_granted"):
        if not is_granted:
            found[contact_id].add(purpose)
    return {contact_id: frozenset(purposes) for contact_id, purposes in found.items()}


def with_newest(rows: QuerySet[Thread]) -> QuerySet[Thread]:
    """Each thread carries the newest entries of its contact: `withdrawn_of_row` reads them without
    a query of its own."""
    return rows.annotate(consent=NEWEST)


def withdrawn_of_row(thread: Thread) -> frozenset[str]:
    """As `withdrawn`, from a row of `with_newest`."""
    newest: list[dict[str, Any]] = thread.consent or []  # type: ignore[attr-defined]  # annotated
    return frozenset(one["purpose"] for one in newest if not one["is_granted"])


def _newest(contact: Contact) -> QuerySet[ConsentEntry]:
    entries = ConsentEntry.objects.filter(contact=contact)
    return entries.order_by("purpose", "-id").distinct("purpose")


def forbids(contact: Contact, template: MessageTemplate) -> str:
    """The withdrawn purpose that forbids this template to this contact, or ""."""
    return forbidden(withdrawn(contact), template.category)


def forbidden(purposes: frozenset[str], category: str) -> str:
    """The purpose among these withdrawn ones that forbids a template of this category, or ""."""
    if Purpose.SERVICE in purposes:
        return Purpose.SERVICE.value
    if category != MessageTemplate.Category.UTILITY and Purpose.MARKETING in purposes:
        return Purpose.MARKETING.value
    return ""
