"""What somebody has written and not sent yet: kept per person and thread, on every device."""

from typing import Any

from django.contrib.auth.models import User
from django.db import connection

from conversations.models import Draft, Thread

KEEP = """
    INSERT INTO conversations_draft AS draft (thread_id, user_id, text, updated_at)
    VALUES (%(thread)s, %(user)s, %(text)s, clock_timestamp())
    ON CONFLICT (thread_id, user_id) DO UPDATE
    SET text = EXCLUDED.text, updated_at = EXCLUDED.updated_at
    WHERE draft.text <> EXCLUDED.text
"""


def keep(thread: Thread, *, by: User, text: str) -> bool:
    """What they will find when they come back; nothing but blanks leaves no draft.

    One statement; False where it was so already: the same words twice write nothing.
    """
    words = text.replace("\x00", "")
    if not words.strip():
        deleted, _ = Draft.objects.filter(thread=thread, user=by).delete()
        return deleted > 0
    values: dict[str, Any] = {"thread": thread.pk, "user": by.pk, "text": words}
    with connection.cursor() as cursor:
        cursor.execute(KEEP, values)
        return bool(cursor.rowcount)


def of(thread: Thread, *, by: User) -> str:
    """What this person has written there and not sent, or ""; one query."""
    texts = Draft.objects.filter(thread=thread, user=by).values_list("text", flat=True)
    return texts.first() or ""
