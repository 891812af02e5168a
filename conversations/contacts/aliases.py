"""Looking contacts up by ids they have, had, or could as well be written with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from django.db import connection
from django.db.models import Q

from conversations.models import Contact, ContactAlias
from conversations.whatsapp.numbers import wa_id_variants

Kind = ContactAlias.Kind

# Any number of ours: it keeps those apart who change ids at the same moment.
LOCK = 7_245_001
VARIANT = "The same number, written otherwise"
FORMER_NUMBER = "Former number"
FORMER_USER_ID = "Former user id"


class How(IntEnum):
    """How an id led to a contact; the surest first."""

    FORMERLY = 0  # an alias that has ended, asked for a time when it had not
    OWN = 1
    ALIAS = 2
    VARIANT = 3


@dataclass(frozen=True)
class Found:
    """A contact, and how sure it is."""

    contact: Contact
    how: How


def lock() -> None:
    """Until the end of this transaction nobody else joins, moves or makes contacts one by one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def by_number(wa_id: str | None, at: datetime) -> Found | None:
    """Whose WhatsApp number this was at that time; also under a form of it that has no contact."""
    if not wa_id:
        return None
    forms = wa_id_variants(wa_id)
    found = [
        Found(one, How.OWN if one.wa_id == wa_id else How.VARIANT)
        for one in Contact.objects.filter(wa_id__in=forms)
    ]
    valid = Q(valid_until=None) | Q(valid_until__gte=at)
    aliases = ContactAlias.objects.filter(valid, kind=Kind.WA_ID, value__in=forms)
    for alias in aliases.select_related("contact"):
        exact = How.FORMERLY if alias.valid_until else How.ALIAS
        found.append(Found(alias.contact, exact if alias.value == wa_id else How.VARIANT))
    return min(found, key=lambda one: (one.how, one.contact.pk), default=None)


def by_user_id(bsuid: str | None) -> Found | None:
    """Whose user id this is or was: user ids are never given to anybody else."""
    if not bsuid:
        return None
    if contact := Contact.objects.filter(bsuid=bsuid).first():
        return Found(contact, How.OWN)
    aliases = ContactAlias.objects.filter(kind=Kind.BSUID, value=bsuid)
    alias = aliases.select_related("contact").first()
    return Found(alias.contact, How.FORMERLY) if alias else None


def remember_alias(contact_id: int, wa_id: str) -> None:
    """The contact is also found by this number, unless it is somebody's own. Twice: harmless.

    WhatsApp may answer a send with another form of the number than the one that was dialled.
    """
    if not Contact.objects.filter(wa_id=wa_id).exists():
        row = ContactAlias(contact_id=contact_id, kind=Kind.WA_ID, value=wa_id, reason=VARIANT)
        ContactAlias.objects.bulk_create([row], ignore_conflicts=True)


def add(
    contact: Contact, kind: ContactAlias.Kind, value: str, reason: str, until: datetime | None
) -> None:
    """The value leads to this contact, and to nobody it led to before."""
    ContactAlias.objects.update_or_create(
        kind=kind,
        value=value,
        defaults={"contact": contact, "reason": reason, "valid_until": until},
    )


def forget(contact: Contact, kind: ContactAlias.Kind, value: str) -> None:
    """The value no longer stands beside the contact's own."""
    ContactAlias.objects.filter(contact=contact, kind=kind, value=value).delete()
