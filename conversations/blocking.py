"""Blocking a contact: nothing is sent to them, and what they write does not come any more.

Staff come in. Our row goes first: it holds whatever Meta answers. That Meta is to be told stands
beside it (`block_due_at`) until it was; dispatch has the job `tell_block` do it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now

from conversations import changes, clock, connection, notices, wakes
from conversations.models import Contact, PhoneNumber, Thread, ThreadEvent
from conversations.takeover import NOTHING_OWED
from conversations.whatsapp.errors import WhatsAppError

logger = logging.getLogger(__name__)

# Meta was not to be had: it is told after this.
AGAIN_AFTER = timedelta(minutes=5)
# The row may change while Meta is told; nobody changes it more often than this meanwhile.
TOLD_AT_MOST = 3

STILL_WRITES = "A customer is blocked here, but can still write: WhatsApp did not block them."
STILL_SILENT = "A customer is unblocked here, but cannot write yet: WhatsApp blocks them still."
ONLY_AFTER_A_MESSAGE = (
    "WhatsApp blocks only who wrote within 24 hours. It is asked again when they write next; "
    "nothing is sent to them meanwhile."
)
UNBLOCK_AGAIN = "Unblock them again in a while."
ASKED_AGAIN = "WhatsApp could not be asked. It is asked again every few minutes."


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
        rows = Contact.objects.filter(pk=contact.pk)
        others = rows.exclude(is_blocked=is_blocked)
        changed = others.update(is_blocked=is_blocked, block_due_at=Now()) == 1
        if changed:
            _tell_staff(contact, by=by, is_blocked=is_blocked)
        else:
            rows.update(block_due_at=Now())
    return changed


def _tell_staff(contact: Contact, *, by: User, is_blocked: bool) -> None:
    threads = Thread.objects.filter(contact=contact)
    if is_blocked:
        threads.update(**NOTHING_OWED)
    ids = list(threads.order_by("pk").values_list("pk", flat=True))
    now, kinds = clock.now(), ThreadEvent.Kind
    kind = kinds.BLOCKED if is_blocked else kinds.UNBLOCKED
    ThreadEvent.objects.bulk_create(
        ThreadEvent(thread_id=pk, kind=kind, by=by, at=now) for pk in ids
    )
    changes.record_many([(pk, None) for pk in ids])


def wake_due(most: int, call: Callable[[int], object]) -> list[int]:
    """Call for each contact of whom Meta is to be told, see `wakes`."""
    return wakes.wake(Contact.objects.all(), "block", most, call)


class _Told(NamedTuple):
    """What came of telling one number's block list."""

    is_done: bool
    is_worth_repeating: bool = False


def tell(contact_id: int) -> bool:
    """Meta holds what our row says, for each number the contact wrote to; False where it does not.

    Steps: 1 read the row  2 tell each number  3 from 1 where the row has changed meanwhile  4 what
    failed is a notice, what succeeded ends it. Where Meta could not be asked it stays due; what it
    refused is due when the contact writes next, or somebody asks anew.
    Twice, also at once, and late: the last one to end has seen the row as it is then.
    """
    for _ in range(TOLD_AT_MOST):
        contact = Contact.objects.filter(pk=contact_id).first()
        if contact is None:
            break
        told = [_tell_number(number, contact) for number in _numbers_of(contact)]
        if _settle_row(contact, again=any(one.is_worth_repeating for one in told)):
            _notice(contact, told)
            return all(one.is_done for one in told)
    return False


def _settle_row(contact: Contact, *, again: bool) -> bool:
    """When Meta is told next, if the row is still as it was told; False where it is not."""
    as_told = Contact.objects.filter(pk=contact.pk, is_blocked=contact.is_blocked)
    wait = AGAIN_AFTER if again else None
    return wakes.settle(as_told, "block", contact.block_due_at, again=wait)


def _numbers_of(contact: Contact) -> list[PhoneNumber]:
    written_to = Thread.objects.filter(contact=contact, last_inbound_at__isnull=False)
    return list(PhoneNumber.objects.filter(threads__in=written_to).order_by("pk"))


def _tell_number(number: PhoneNumber, contact: Contact) -> _Told:
    api = connection.api(number.phone_number_id)
    try:
        result = (api.block if contact.is_blocked else api.unblock)([_id_of(contact)])
    except WhatsAppError as fault:
        logger.warning("contact=%s number=%s code=%s", contact.pk, number.pk, fault.code)
        return _Told(is_done=False, is_worth_repeating=fault.retryable)
    if result.failed:
        logger.info("contact=%s number=%s refused", contact.pk, number.pk)
    return _Told(is_done=not result.failed)


def _id_of(contact: Contact) -> str:
    return contact.wa_id or contact.bsuid or ""


def _notice(contact: Contact, told: list[_Told]) -> None:
    """One for each direction: what was said of a block must not stand for an unblock."""
    keys = {True: f"block:{contact.pk}", False: f"unblock:{contact.pk}"}
    notices.end(keys[not contact.is_blocked])
    key = keys[contact.is_blocked]
    if all(one.is_done for one in told):
        notices.end(key)
        return
    refused = ONLY_AFTER_A_MESSAGE if contact.is_blocked else UNBLOCK_AGAIN
    is_repeated = any(one.is_worth_repeating for one in told)
    notices.raise_notice(
        key,
        level=notices.Level.WARNING,
        text=STILL_WRITES if contact.is_blocked else STILL_SILENT,
        what_to_do=ASKED_AGAIN if is_repeated else refused,
        thread=Thread.objects.filter(contact=contact).order_by("-last_message_at").first(),
    )
