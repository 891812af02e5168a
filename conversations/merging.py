"""Two contacts that a person knows to be one customer: joined by hand.

Staff come in. What WhatsApp itself tells of numbers and user ids joins contacts in `contacts`.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max

from conversations import clock, contacts
from conversations.contacts import StillSending, aliases
from conversations.deadlocks import stepping_back
from conversations.models import Contact, Thread, ThreadEvent
from conversations.whatsapp.numbers import wa_id_variants

__all__ = ["NotMerged", "StillSending", "merge"]

logger = logging.getLogger(__name__)


class NotMerged(ValueError):
    """`str()` says why these two cannot be one."""


@stepping_back
def merge(contact: Contact, into: Contact, *, by: User) -> Contact:
    """One contact is left, with number and name of `into` and everything of both; it is returned.

    The number of the other is a former one: who writes from it later, without a user id that is
    known, is somebody new. A window that the customer opened from it is shut, for answers go to
    the other number.
    Raises: NotMerged for a contact with itself and where both are gone; StillSending, with nothing
    changed. Twice, and two at once: the second finds one contact and returns it. Where intake and
    this wait for each other, one of them begins anew.
    """
    if contact.pk == into.pk:
        raise NotMerged("Choose two different contacts.")
    with transaction.atomic():
        aliases.lock()
        there = Contact.objects.in_bulk([contact.pk, into.pk])
        if len(there) < 2:
            return _left_of(there)
        contact, into = there[contact.pk], there[into.pk]
        windows = _windows(into) if _has_another_number(contact, into) else None
        last_event = ThreadEvent.objects.aggregate(last=Max("pk"))["last"] or 0
        kept = contacts.merge(
            contact,
            into,
            wa_id=into.wa_id or contact.wa_id,
            bsuid=into.bsuid or contact.bsuid,
            at=clock.now(),
            first=into,
        )
        if windows is not None:
            _keep_windows(kept, windows)
        _sign(kept, last_event, by)
    logger.info("contact=%s merged from=%s,%s by=%s", kept.pk, contact.pk, into.pk, by.pk)
    return kept


def _left_of(there: dict[int, Contact]) -> Contact:
    """Who came first has joined them; the older row is left, whichever that is."""
    for contact in there.values():
        return contact
    raise NotMerged("These contacts are not there any more.")


def _has_another_number(contact: Contact, into: Contact) -> bool:
    if not (contact.wa_id and into.wa_id):
        return False
    return contact.wa_id not in wa_id_variants(into.wa_id)


def _windows(contact: Contact) -> dict[int, datetime | None]:
    rows = Thread.objects.filter(contact=contact)
    return dict(rows.values_list("phone_number_id", "window_closes_at"))


def _keep_windows(kept: Contact, windows: dict[int, datetime | None]) -> None:
    """Meta counts the 24 hours of each number by itself."""
    for thread in Thread.objects.filter(contact=kept):
        closes_at = windows.get(thread.phone_number_id)
        Thread.objects.filter(pk=thread.pk).update(window_closes_at=closes_at)


def _sign(kept: Contact, last_event: int, by: User) -> None:
    """The history of the joined threads names the person, and not the assistant."""
    joined = ThreadEvent.objects.filter(thread__contact=kept, pk__gt=last_event, by=None)
    joined.filter(kind=ThreadEvent.Kind.MERGED).update(by=by)
