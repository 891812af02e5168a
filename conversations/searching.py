"""Finding threads by words: of their contact, of what was said, and of what domains know.

The inbox comes in. All history is looked through, the newest first.
"""

from __future__ import annotations

import re
from typing import Any

from django.db import connection

from conversations.domain import Viewer, domains

CHARACTERS = 100
FOUND_AT_MOST = 500
SEE_NUMBER = "conversations.see_full_number"

# Fewer digits are in every number, and fewer letters begin too many words.
DIGITS_MIN = 3
PREFIX_MIN = 3
NUMBER = re.compile(r"[\d\s()+./-]+")

# A common word is found among the newest messages alone; only others are looked for in all of them.
NEWEST = 20_000
LATELY = "AND message.id > (SELECT max(id) - %(newest)s FROM conversations_message)"

# Materialised, for else the planner walks back through all messages and reads each. The text is
# parsed as the stored words were, and the last word may still be being typed.
SAID = """
    WITH said AS MATERIALIZED (
        SELECT message.id, message.thread_id FROM conversations_message AS message
        WHERE to_tsvector('simple'::regconfig, COALESCE(message.text, ''))
            @@ (NULLIF(plainto_tsquery('simple', %(words)s)::text, '') || %(prefix)s)::tsquery
            {lately}
    )
    SELECT thread_id FROM said GROUP BY thread_id ORDER BY max(id) DESC LIMIT %(most)s
"""

FOUND = """
    WITH people AS MATERIALIZED (
        SELECT id FROM conversations_contact
        WHERE name ILIKE ALL(%(names)s) OR username ILIKE %(username)s
            OR wa_id LIKE %(digits)s OR id = ANY(%(contacts)s)
        UNION SELECT contact_id FROM conversations_contactalias
        WHERE kind = 'wa_id' AND value LIKE %(digits)s
    ), found AS (
        SELECT thread.id FROM people
        JOIN conversations_thread AS thread ON thread.contact_id = people.id
        UNION SELECT unnest(%(said)s::bigint[])
    )
    SELECT thread.id FROM found JOIN conversations_thread AS thread ON thread.id = found.id
    ORDER BY thread.last_message_at DESC NULLS LAST, thread.id DESC LIMIT %(most)s
"""


def threads_matching(words: str, *, viewer: Viewer) -> list[int]:
    """Ids of the threads that a search for `words` finds, newest first, 500 at most.

    By the contact's name (every word a part of it) or username, by its number, now or formerly,
    for those who may see it, in any writing; by what was said (every word; of the last one the
    beginning); and by what each domain finds. Three queries, and one for each domain.
    """
    wanted = " ".join(words.replace("\x00", " ").split())[:CHARACTERS].strip()
    if not wanted:
        return []
    values: dict[str, Any] = {
        "names": [f"%{_plain(word)}%" for word in wanted.split()],
        "username": f"%{_plain(wanted.removeprefix('@'))}%",
        "digits": _digits(wanted) if viewer.may(SEE_NUMBER) else None,
        "contacts": [pk for domain in domains() for pk in domain.search(wanted)],
        "said": _said(wanted),
        "most": FOUND_AT_MOST,
    }
    return _ids(FOUND, values)


def _said(words: str) -> list[int]:
    """Threads in which the words were said, by the newest message that says them."""
    values = {
        "words": words,
        "prefix": ":*" if len(words.split()[-1]) >= PREFIX_MIN else "",
        "newest": NEWEST,
        "most": FOUND_AT_MOST,
    }
    found = _ids(SAID.format(lately=LATELY), values)
    return found if len(found) == FOUND_AT_MOST else _ids(SAID.format(lately=""), values)


def _digits(words: str) -> str | None:
    """What a number as WhatsApp writes it contains: 082 123, +27 (0)82 123 and 2782123 alike."""
    if not NUMBER.fullmatch(words):
        return None
    written = words.replace("(0)", "")
    digits = "".join(str(int(mark)) for mark in written if mark.isdecimal())
    return f"%{digits.lstrip('0')}%" if len(digits.lstrip("0")) >= DIGITS_MIN else None


def _plain(word: str) -> str:
    """As part of a pattern, with what LIKE takes for a sign taken for itself."""
    return re.sub(r"([\\%_])", r"\\\1", word)


def _ids(statement: str, values: dict[str, Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [row[0] for row in cursor.fetchall()]
