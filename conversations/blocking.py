"""Blocking a contact: nothing is sent to them, and what they write does not come any more.

Staff come in; the job `tell_block` tells Meta. Our row goes first: it holds whatever Meta answers.
"""

from __future__ import annotations

import logging
from functools import partial

from django.contrib.auth.models import User
from django.db import transaction
from django_q.tasks import async_task

from conversations import changes, clock, connection, notices
from conversations.models import Contact, PhoneNumber, Thread, ThreadEvent
from conversations.takeover import NOTHING_OWED
from conversations.whatsapp.errors import WhatsAppError

logger = logging.getLogger(__name__)

JOB = "conversations.jobs.tell_block"
# The row may change while Meta is told; nobody changes it more often than this meanwhile.
TOLD_AT_MOST = 3

STILL_WRITES = "A customer is blocked here, but can still write: WhatsApp did not block them."
STILL_SILENT = "A customer is unblocked here, but cannot write yet: WhatsApp blocks them still."
BLOCK_AGAIN = (
    "WhatsApp blocks only who wrote within 24 hours. Block them again after their next message; "
    "nothing is sent to them meanwhile."
)
UNBLOCK_AGAIN = "Unblock them again in a while."


def block(contact: Contact, *, by: User) -> bool:
    """Nothing is sent to the contact, and Meta is told; False if it was so already.

    An answer that the assistant still owes is not written. Twice: Meta is told once more.
    """
    return _settle(contact, by=by, is_blocked=True)


def unblock(contact: Contact, *, by: User) -> bool:
    """The contact can be written to and can write; False if it was so. Twice: as `block`."""
    return _settle(contact, by=by, is_blocked=False)


def _settle(contact: Contact, *, by: User, is_blocked: bool) -> bool:
    with transaction.atomic():
        rows = Contact.objects.filter(pk=contact.pk).exclude(is_blocked=is_blocked)
        changed = rows.update(is_blocked=is_blocked) == 1
        if changed:
            _tell_staff(contact, by=by, is_blocked=is_blocked)
        transaction.on_commit(partial(async_task, JOB, contact.pk))
    return changed


def _tell_staff(contact: Contact, *, by: User, is_blocked: bool) -> None:
    threads = Thread.objects.filter(contact=contact)
    if is_blocked:
        threads.update(**NOTHING_OWED)
    ids = list(threads.order_by("pk").values_list("pk", flat=True))
    reason = "this customer is blocked" if is_blocked else "this customer is not blocked any more"
    now, kind = clock.now(), ThreadEvent.Kind.CONSENT
    ThreadEvent.objects.bulk_create(
        ThreadEvent(thread_id=pk, kind=kind, by=by, reason=reason, at=now) for pk in ids
    )
    changes.record_many([(pk, None) for pk in ids])


def tell(contact_id: int) -> bool:
    """Meta holds what our row says, for each number the contact wrote to; False where it does not.

    Steps: 1 read the row  2 tell each number  3 from 1 where the row has changed meanwhile  4 what
    failed is a notice, what succeeded ends it.
    Twice, also at once, and late: the last one to end has seen the row as it is then.
    """
    rows = Contact.objects.filter(pk=contact_id)
    for _ in range(TOLD_AT_MOST):
        contact = rows.first()
        if contact is None:
            break
        told = [_tell_number(number, contact) for number in _numbers_of(contact)]
        if rows.filter(is_blocked=contact.is_blocked).exists():
            _notice(contact, is_told=all(told))
            return all(told)
    return False


def _numbers_of(contact: Contact) -> list[PhoneNumber]:
    written_to = Thread.objects.filter(contact=contact, last_inbound_at__isnull=False)
    return list(PhoneNumber.objects.filter(threads__in=written_to).order_by("pk"))


def _tell_number(number: PhoneNumber, contact: Contact) -> bool:
    api = connection.api(number.phone_number_id)
    try:
        result = (api.block if contact.is_blocked else api.unblock)([_id_of(contact)])
    except WhatsAppError as fault:
        logger.warning("contact=%s number=%s code=%s", contact.pk, number.pk, fault.code)
        return False
    if result.failed:
        logger.info("contact=%s number=%s refused", contact.pk, number.pk)
    return not result.failed


def _id_of(contact: Contact) -> str:
    return contact.wa_id or contact.bsuid or ""


def _notice(contact: Contact, *, is_told: bool) -> None:
    """One for each direction: what was said of a block must not stand for an unblock."""
    keys = {True: f"block:{contact.pk}", False: f"unblock:{contact.pk}"}
    notices.end(keys[not contact.is_blocked])
    key = keys[contact.is_blocked]
    if is_told:
        notices.end(key)
        return
    notices.raise_notice(
        key,
        level=notices.Level.WARNING,
        text=STILL_WRITES if contact.is_blocked else STILL_SILENT,
        what_to_do=BLOCK_AGAIN if contact.is_blocked else UNBLOCK_AGAIN,
        thread=Thread.objects.filter(contact=contact).order_by("-last_message_at").first(),
    )
