"""Two contacts that prove to be one person: the older row keeps everything of both."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction

from conversations import announcements, changes, clock
from conversations.contacts import aliases, ids
from conversations.contacts.aliases import FORMER_NUMBER, FORMER_USER_ID, VARIANT
from conversations.contacts.threads import join
from conversations.models import Contact, ContactAlias, Message, Thread, ThreadEvent
from conversations.whatsapp.numbers import wa_id_variants

Kind = ContactAlias.Kind
WORDS = ("name", "username", "language")


class StillSending(Exception):
    """Two conversations cannot be joined while both have a message on its way; soon they can."""

    def __init__(self) -> None:
        super().__init__("A message of this customer is just being sent. It is tried again.")


def merge(
    one: Contact,
    other: Contact,
    *,
    wa_id: str | None,
    bsuid: str | None,
    at: datetime,
    first: Contact | None = None,
) -> Contact:
    """One contact is left, the older row, with these ids; all others of both are its aliases.

    The name that staff gave goes before others, and then that of `first`, the older row if none.

    Whatever points to a contact points to it: threads with their messages, consent, accounts,
    rows of any app. Two threads with the same number of ours become the older one. A row that
    would then stand twice is dropped.
    Raises: StillSending when both have a message in flight; nothing is changed then.
    """
    kept, gone = sorted((one, other), key=lambda contact: contact.pk)
    numbers, user_ids = {one.wa_id, other.wa_id}, {one.bsuid, other.bsuid}
    _join_threads(kept, gone)
    for rows, field in _pointing_to(Contact, gone):
        _repoint(rows, field, kept)
    Contact.objects.filter(pk=gone.pk).delete()
    kept.wa_id, kept.bsuid = wa_id, bsuid
    kept.is_blocked = kept.is_blocked or gone.is_blocked
    _take_words(kept, gone, first or kept)
    kept.remarks = "\n".join(filter(None, dict.fromkeys((kept.remarks, gone.remarks))))
    kept.save(update_fields=["wa_id", "bsuid", "is_blocked", "name_is_ours", *WORDS, "remarks"])
    ids.tell_block(kept)
    _keep_as_aliases(kept, numbers, user_ids, at)
    announcements.of_merge(kept.pk, former=gone.pk)
    return kept


def _take_words(kept: Contact, gone: Contact, first: Contact) -> None:
    """How they are called: what staff say goes before, then what `first` says."""
    front, back = (kept, gone) if first.pk == kept.pk else (gone, kept)
    namer = back if back.name_is_ours and not front.name_is_ours else front
    words = {word: getattr(front, word) or getattr(back, word) for word in WORDS}
    words["name"] = namer.name or words["name"]
    kept.name_is_ours = namer.name_is_ours
    for word, value in words.items():
        setattr(kept, word, value)


def _join_threads(kept: Contact, gone: Contact) -> None:
    threads = Thread.objects.select_for_update().filter(contact__in=[kept, gone]).order_by("pk")
    first: dict[int, Thread] = {}
    for thread in threads:
        older = first.setdefault(thread.phone_number_id, thread)
        if older != thread:
            _absorb(older, thread)
    for thread in first.values():
        if thread.contact_id != kept.pk:
            Thread.objects.filter(pk=thread.pk).update(contact=kept)
        changes.record(thread.pk)


def _absorb(older: Thread, newer: Thread) -> None:
    joined = join(older, newer)
    for rows, field in _pointing_to(Thread, newer):
        if rows.model is Message:
            _repoint_messages(rows, older)
        else:
            _repoint(rows, field, older)
    Thread.objects.filter(pk=newer.pk).delete()
    Thread.objects.filter(pk=older.pk).update(**joined)
    ThreadEvent.objects.create(thread=older, kind=ThreadEvent.Kind.MERGED, at=clock.now())
    announcements.of_threads(announcements.Type.THREAD_MERGED, [older.pk], former=newer.pk)


def _pointing_to(
    model: type[models.Model], row: models.Model
) -> Iterator[tuple[models.QuerySet[Any], str]]:
    """The rows of every app that point to this one, and by which field.

    The hidden ones among them are the tables between many and many. Who does nothing when the row
    goes does not miss it.
    """
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel):  # a OneToOneRel is one too
            continue
        if relation.on_delete is not models.DO_NOTHING:
            field = relation.field.name
            yield relation.related_model._base_manager.filter(**{field: row}), field


def _repoint(rows: models.QuerySet[Any], field: str, kept: models.Model) -> None:
    try:
        with transaction.atomic():
            rows.update(**{field: kept})
    except IntegrityError:
        for row in rows:
            _repoint_or_drop(row, field, kept)


def _repoint_or_drop(row: models.Model, field: str, kept: models.Model) -> None:
    try:
        with transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk).update(**{field: kept})
    except IntegrityError:
        row.delete()  # the kept one has such a row already


def _repoint_messages(rows: models.QuerySet[Any], older: Thread) -> None:
    try:
        with transaction.atomic():
            rows.update(thread=older)
    except IntegrityError:
        raise StillSending from None


def _keep_as_aliases(
    kept: Contact, numbers: set[str | None], user_ids: set[str | None], at: datetime
) -> None:
    ContactAlias.objects.filter(
        models.Q(kind=Kind.WA_ID, value=kept.wa_id or "")
        | models.Q(kind=Kind.BSUID, value=kept.bsuid or "")
    ).delete()
    forms = wa_id_variants(kept.wa_id) if kept.wa_id else ()
    for number in sorted(filter(None, numbers - {kept.wa_id})):
        is_form = number in forms
        reason = VARIANT if is_form else FORMER_NUMBER
        aliases.add(kept, Kind.WA_ID, number, reason, None if is_form else at)
    for bsuid in sorted(filter(None, user_ids - {kept.bsuid})):
        aliases.add(kept, Kind.BSUID, bsuid, FORMER_USER_ID, None)
