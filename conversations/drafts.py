"""What somebody has written and not sent yet, to the customer or as a note: kept per person and
thread, on every device."""

from typing import Any

from django.contrib.auth.models import User
from django.db import connection

from conversations.models import Draft, Thread

LENGTH_MAX = 65_536  # characters; far above what can be sent, so that nothing typed is cut
KEEP = """
    INSERT INTO conversations_draft AS draft (thread_id, user_id, kind, text, updated_at)
    VALUES (%(thread)s, %(user)s, %(kind)s, %(text)s, clock_timestamp())
    ON CONFLICT (thread_id, user_id, kind) DO UPDATE
    SET text = EXCLUDED.text, updated_at = EXCLUDED.updated_at
    WHERE draft.text <> EXCLUDED.text
"""


def keep(thread: Thread, *, by: User, text: str, kind: Draft.Kind = Draft.Kind.REPLY) -> bool:
    """What they will find when they come back; nothing but blanks leaves no draft.

    One statement; False where it was so already: the same words twice write nothing.
    """
    words = text.replace("\x00", "")[:LENGTH_MAX]
    if not words.strip():
        deleted, _ = Draft.objects.filter(thread=thread, user=by, kind=kind).delete()
        return deleted > 0
    values: dict[str, Any] = {"thread": thread.pk, "user": by.pk, "kind": kind, "text": words}
    with connection.cursor() as cursor:
        cursor.execute(KEEP, values)
        return bool(cursor.rowcount)


def of(thread: Thread, *, by: User, kind: Draft.Kind = Draft.Kind.REPLY) -> str:
    """What this person has written there and not sent, or ""; one query."""
    texts = Draft.objects.filter(thread=thread, user=by, kind=kind).values_list("text", flat=True)
    return texts.first() or ""
