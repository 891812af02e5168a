"""Who is meant, for a whole batch: two queries where everybody is known.

Whoever is new, or got a user id or another name, is written set-wise. Whoever's ids say more
(two rows that are one, a former number, a number written otherwise) is looked at alone, by the
room `contacts`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from conversations import contacts
from conversations.intake.known import Ids, Known
from conversations.models import Contact
from conversations.whatsapp.events import Person

NAME_LENGTH = 255
USERNAME_LENGTH = 64

# In the order of keys, and inserts in that of ids: of two processes one waits, never both.
GIVE_USER_IDS = """
    UPDATE conversations_contact AS contact SET bsuid = told.bsuid
    FROM unnest(%(keys)s::bigint[], %(bsuids)s::text[]) AS told (id, bsuid)
    WHERE contact.id = told.id AND contact.bsuid IS NULL
"""
RENAME = """
    UPDATE conversations_contact AS contact SET
        name = CASE WHEN contact.name_is_ours THEN contact.name ELSE told.name END,
        username = told.username
    FROM unnest(%(keys)s::bigint[], %(names)s::text[], %(usernames)s::text[])
        AS told (id, name, username)
    WHERE contact.id = told.id
"""
LOCK = "SELECT id FROM conversations_contact WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"


@dataclass(frozen=True)
class Seen:
    """Somebody that a webhook names, and when that was."""

    person: Person
    at: datetime

    @property
    def ids(self) -> Ids:
        return self.person.wa_id, self.person.bsuid


def contacts_of(seen: Sequence[Seen]) -> list[int]:
    """The contact's key of each, made where there is none, with the newest name and ids."""
    every = {one.ids for one in seen}
    known = Known(every)
    rest = {ids for ids in every if known.pk_of(ids) is None}
    if rest:
        _write_plain(known, rest)
        known = Known(every)
    if any(known.pk_of(one.ids) is None for one in seen):
        _look_alone(known, seen)
        known = Known(every)  # two contacts may be one by now
    keys = [known.pk_of(one.ids) or contacts.identify(one.person, one.at).pk for one in seen]
    _rename(known, seen, keys)
    return keys


def _look_alone(known: Known, seen: Sequence[Seen]) -> None:
    for one in sorted(seen, key=lambda one: one.at):
        if known.pk_of(one.ids) is None:
            contacts.identify(one.person, one.at)


def _write_plain(known: Known, rest: set[Ids]) -> None:
    """New contacts, and user ids for contacts known by number only."""
    # An id that stands in two pairs: which goes with which is found out one by one.
    counts = Counter(value for ids in rest for value in ids if value)
    plain = sorted(
        (ids for ids in rest if all(counts[value] < 2 for value in ids if value)),
        key=lambda ids: (ids[0] or "", ids[1] or ""),
    )
    new = [ids for ids in plain if known.is_nobody(ids)]
    if new:
        rows = [Contact(wa_id=wa_id, bsuid=bsuid) for wa_id, bsuid in new]
        Contact.objects.bulk_create(rows, ignore_conflicts=True)
    given = sorted((pk, ids[1]) for ids in plain if (pk := known.without_user_id(ids)))
    if given:
        keys = [pk for pk, _ in given]
        _lock(keys)
        _execute(GIVE_USER_IDS, keys=keys, bsuids=[bsuid for _, bsuid in given])


def _rename(known: Known, seen: Sequence[Seen], keys: Sequence[int]) -> None:
    """Names as they were last told, where they are others than before."""
    in_time = sorted(zip(seen, keys, strict=True), key=lambda pair: pair[0].at)
    names = _last(in_time, lambda person: (person.name or "")[:NAME_LENGTH])
    usernames = _last(in_time, lambda person: (person.username or "")[:USERNAME_LENGTH])
    told = {
        pk: (names.get(pk, row.name), usernames.get(pk, row.username))
        for pk in sorted({*names, *usernames})
        if (row := known.by_pk.get(pk))
    }
    changed = [pk for pk in told if told[pk] != (known.by_pk[pk].name, known.by_pk[pk].username)]
    if changed:
        _lock(changed)
        shown = [told[pk] for pk in changed]
        _execute(
            RENAME,
            keys=changed,
            names=[one[0] for one in shown],
            usernames=[one[1] for one in shown],
        )


def _last(in_time: Sequence[tuple[Seen, int]], read: Callable[[Person], str]) -> dict[int, str]:
    return {pk: value for one, pk in in_time if (value := read(one.person))}


def _lock(keys: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [keys])


def _execute(statement: str, **columns: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, columns)
