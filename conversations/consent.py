"""Who may be sent what: the ledger of consent, and what its newest entries mean.

Withdrawing `marketing` refuses marketing templates; withdrawing `service` refuses every template.
Neither refuses free-form answers inside a window that the customer opened.
"""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from conversations.assistant import intents
from conversations.models import ConsentEntry, Contact, Message, MessageTemplate, Thread

Purpose = ConsentEntry.Purpose
EVERYTHING = (Purpose.MARKETING, Purpose.SERVICE)


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


def with_newest(rows: QuerySet[Thread]) -> QuerySet[Thread]:
    """Each thread carries the newest entries of its contact: `withdrawn_of_row` reads them without
    a query of its own."""
    shown = JSONObject(purpose="purpose", is_granted="is_granted")
    return rows.annotate(consent=ArraySubquery(_newest(OuterRef("contact")).values(json=shown)))


def withdrawn_of_row(thread: Thread) -> frozenset[str]:
    """As `withdrawn`, from a row of `with_newest`."""
    newest: list[dict[str, Any]] = thread.consent  # type: ignore[attr-defined]  # annotated
    return frozenset(one["purpose"] for one in newest if not one["is_granted"])


def _newest(contact: Contact | OuterRef) -> QuerySet[ConsentEntry]:
    entries = ConsentEntry.objects.filter(contact=contact)
    return entries.order_by("purpose", "-id").distinct("purpose")


def forbids(contact: Contact, template: MessageTemplate) -> str:
    """The withdrawn purpose that forbids this template to this contact, or ""."""
    purposes = withdrawn(contact)
    if Purpose.SERVICE in purposes:
        return Purpose.SERVICE.value
    if template.category != MessageTemplate.Category.UTILITY and Purpose.MARKETING in purposes:
        return Purpose.MARKETING.value
    return ""
