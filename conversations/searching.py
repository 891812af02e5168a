"""Finding threads by words: of their contact, of what was said, and of what domains know.

The inbox comes in. All history is looked through, the newest first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from conversations.domain import Viewer, domains
from conversations.models import Contact

CHARACTERS = 100
FOUND_AT_MOST = 500
SEE_NUMBER = "conversations.see_full_number"

# Fewer digits are in every number, and fewer letters begin too many words.
DIGITS_MIN = 3
PREFIX_MIN = 3
# Digits of a number without its country, South Africa's for one.
WHOLE_NUMBER = 9
NUMBER = re.compile(r"[\d\s()+./-]+")

# A common word is found among the newest messages alone; only others are looked for in all of them.
NEWEST = 20_000

# The text is parsed as the stored words were, and the last word may still be being typed.
MATCHES = """
    to_tsvector('simple'::regconfig, COALESCE(message.text, ''))
        @@ (NULLIF(plainto_tsquery('simple', %(words)s)::text, '') || %(prefix)s)::tsquery
"""

# Each step is materialised, for else the planner walks back through all messages and reads each.
# Where the newest gave enough, `ever` is not looked for at all: its condition names no message.
FOUND = f"""
    WITH lately AS MATERIALIZED (
        SELECT message.thread_id, max(message.id) AS message_id
        FROM conversations_message AS message
        WHERE {MATCHES}
            AND message.id > (SELECT max(id) - %(newest)s FROM conversations_message)
        GROUP BY message.thread_id
    ), ever AS MATERIALIZED (
        SELECT message.thread_id, max(message.id) AS message_id
        FROM conversations_message AS message
        WHERE (SELECT count(*) < %(most)s FROM lately) AND {MATCHES}
        GROUP BY message.thread_id
    ), said AS MATERIALIZED (
        SELECT thread_id, max(message_id) AS message_id
        FROM (SELECT * FROM lately UNION ALL SELECT * FROM ever) AS hits
        GROUP BY thread_id ORDER BY 2 DESC LIMIT %(most)s
    ), people AS MATERIALIZED (
        SELECT id FROM conversations_contact
        WHERE name ILIKE ALL(%(names)s) OR username ILIKE %(username)s
            OR wa_id LIKE %(digits)s OR id = ANY(%(contacts)s)
        UNION SELECT contact_id FROM conversations_contactalias
        WHERE kind = 'wa_id' AND value LIKE %(digits)s
    ), found AS (
        SELECT thread.id, NULL::bigint AS message_id FROM people
        JOIN conversations_thread AS thread ON thread.contact_id = people.id
        UNION ALL SELECT thread_id, message_id FROM said
    ), each AS MATERIALIZED (
        SELECT id, max(message_id) AS message_id FROM found GROUP BY id
    )
    SELECT thread.id, message.id, message.text FROM each
    JOIN conversations_thread AS thread ON thread.id = each.id
    LEFT JOIN conversations_message AS message ON message.id = each.message_id
    ORDER BY thread.last_message_at DESC NULLS LAST, thread.id DESC LIMIT %(most)s
"""  # noqa: S608 -- made of constants


@dataclass(frozen=True)
class Hit:
    """The newest message of a thread that says the words."""

    message_id: int
    text: str


def threads_matching(words: str, *, viewer: Viewer) -> dict[int, Hit | None]:
    """Ids of the threads that a search for `words` finds, newest first, 500 at most; each with the
    message that says them, or None where the contact is what matches.

    By the contact's name (every word a part of it) or username, by its number, now or formerly, in
    any writing; by what was said (every word; of the last one the beginning); and by what each
    domain finds. Who may not see numbers finds one only by knowing it: parts would spell it out.
    One query, and one for each domain.
    """
    wanted = " ".join(words.replace("\x00", " ").split())[:CHARACTERS].strip()
    if not wanted:
        return {}
    values: dict[str, Any] = {
        "words": wanted,
        "prefix": ":*" if len(wanted.split()[-1]) >= PREFIX_MIN else "",
        "newest": NEWEST,
        "names": [f"%{_plain(word)}%" for word in wanted.split()],
        "username": f"%{_plain(wanted.removeprefix('@'))}%",
        "digits": _digits(wanted, viewer),
        "contacts": [pk for domain in domains() for pk in domain.search(wanted)],
        "most": FOUND_AT_MOST,
    }
    with connection.cursor() as cursor:
        cursor.execute(FOUND, values)
        return {
            thread_id: Hit(message_id, text) if message_id else None
            for thread_id, message_id, text in cursor.fetchall()
        }


def contacts_matching(words: str, *, viewer: Viewer) -> QuerySet[Contact]:
    """The people among those: by their name or number alone; none for no words."""
    wanted = " ".join(words.replace("\x00", " ").split())[:CHARACTERS].strip()
    if not wanted:
        return Contact.objects.none()
    found = reduce(and_, (Q(name__icontains=word) for word in wanted.split()))
    digits = (_digits(wanted, viewer) or "").strip("%")
    if digits and viewer.may(SEE_NUMBER):
        found |= Q(wa_id__contains=digits)
    elif digits:
        found |= Q(wa_id__endswith=digits)
    return Contact.objects.filter(found).order_by("name", "pk")


def _digits(words: str, viewer: Viewer) -> str | None:
    """What a number as WhatsApp writes it contains: 082 123, +27 (0)82 123 and 2782123 alike."""
    if not NUMBER.fullmatch(words):
        return None
    written = words.replace("(0)", "")
    digits = "".join(str(int(mark)) for mark in written if mark.isdecimal()).lstrip("0")
    if viewer.may(SEE_NUMBER):
        return f"%{digits}%" if len(digits) >= DIGITS_MIN else None
    return f"%{digits}" if len(digits) >= WHOLE_NUMBER else None


def _plain(word: str) -> str:
    """As part of a pattern, with what LIKE takes for a sign taken for itself."""
    return re.sub(r"([\\%_])", r"\\\1", word)
