"""The contacts that the ids of a batch lead to, read in two queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from conversations.whatsapp.numbers import wa_id_variants

ALIASES = """
    SELECT alias.kind, alias.value, alias.contact_id, alias.valid_until IS NOT NULL
    FROM conversations_contactalias AS alias
    WHERE alias.value = ANY(%(values)s)
"""
CONTACTS = """
    SELECT contact.id, contact.wa_id, contact.bsuid, contact.name, contact.username
    FROM conversations_contact AS contact
    WHERE contact.wa_id = ANY(%(wa_ids)s::text[]) OR contact.bsuid = ANY(%(bsuids)s::text[])
        OR contact.id = ANY(%(ids)s::bigint[])
"""

Ids = tuple[str | None, str | None]  # wa_id, bsuid


@dataclass(frozen=True)
class Row:
    """A contact as the table had it."""

    pk: int
    wa_id: str | None
    bsuid: str | None
    name: str
    username: str


class Known:
    """Rows by their ids; whatever is not plain is left to be looked at alone."""

    def __init__(self, ids: Iterable[Ids]) -> None:
        wa_ids = sorted({wa_id for wa_id, _ in ids if wa_id})
        bsuids = sorted({bsuid for _, bsuid in ids if bsuid})
        self.by_pk: dict[int, Row] = {}
        self._by_wa_id: dict[str | None, Row] = {}
        self._by_bsuid: dict[str | None, Row] = {}
        self._by_alias: dict[str | None, int] = {}
        # Aliases that need a look: former ids, and numbers that may be somebody else's by now.
        self._doubtful: set[str | None] = set()
        with connection.cursor() as cursor:
            cursor.execute(ALIASES, {"values": wa_ids + bsuids})
            aliases = cursor.fetchall()
            keys = [contact_id for _, _, contact_id, _ in aliases]
            cursor.execute(CONTACTS, {"wa_ids": wa_ids, "bsuids": bsuids, "ids": keys})
            for values in cursor.fetchall():
                self._add(Row(*values))
        for kind, value, contact_id, has_ended in aliases:
            if kind == "bsuid" or has_ended or value in self._by_wa_id:
                self._doubtful.add(value)
            else:
                self._by_alias[value] = contact_id

    def _add(self, row: Row) -> None:
        self.by_pk[row.pk] = row
        if row.wa_id:
            self._by_wa_id[row.wa_id] = row
        if row.bsuid:
            self._by_bsuid[row.bsuid] = row

    def pk_of(self, ids: Ids) -> int | None:
        """The contact, where these ids lead to one and nothing about it has to change."""
        wa_id, bsuid = ids
        if self._is_doubtful(ids):
            return None
        if bsuid is None:
            row = self._by_wa_id.get(wa_id)
            return row.pk if row else self._by_alias.get(wa_id)
        row = self._by_bsuid.get(bsuid)
        if row and (wa_id in (None, row.wa_id) or self._by_alias.get(wa_id) == row.pk):
            return row.pk
        return None

    def without_user_id(self, ids: Ids) -> int | None:
        """The contact of this number, where it has no user id yet and this one is nobody's."""
        wa_id, bsuid = ids
        if self._is_doubtful(ids) or bsuid is None or bsuid in self._by_bsuid:
            return None
        row = self._by_wa_id.get(wa_id)
        return row.pk if row and row.bsuid is None else None

    def is_nobody(self, ids: Ids) -> bool:
        """Whether nobody has either id, nor the number in another form."""
        wa_id, bsuid = ids
        if self._is_doubtful(ids) or wa_id in self._by_alias:
            return False
        if wa_id in self._by_wa_id or bsuid in self._by_bsuid:
            return False
        return wa_id is None or len(wa_id_variants(wa_id)) == 1

    def _is_doubtful(self, ids: Ids) -> bool:
        return bool(self._doubtful) and not self._doubtful.isdisjoint(ids)
