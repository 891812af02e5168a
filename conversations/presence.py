"""Who looks at which thread now, and who types there: so that two do not answer at once.

The polls of open inboxes come in. All by the database's clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import connection

from conversations import colleagues
from conversations.models import Presence, Thread

# A row is written this seldom while nothing changes; a poll that stays away this long has gone.
WRITTEN_EVERY = timedelta(seconds=10)
GONE_AFTER = timedelta(seconds=25)

SEEN = """
    WITH written AS (
        INSERT INTO conversations_presence AS mine (user_id, thread_id, is_typing, at)
        SELECT %(user)s, thread.id, %(is_typing)s, clock_timestamp()
        FROM conversations_thread AS thread WHERE thread.id = %(thread)s
        ON CONFLICT (user_id) DO UPDATE
        SET thread_id = EXCLUDED.thread_id, is_typing = EXCLUDED.is_typing, at = EXCLUDED.at
        WHERE mine.thread_id <> EXCLUDED.thread_id OR mine.is_typing <> EXCLUDED.is_typing
            OR mine.at <= EXCLUDED.at - %(every)s
    )
"""
OTHERS = """
    SELECT person.username, person.first_name, person.last_name, present.is_typing
    FROM conversations_presence AS present JOIN auth_user AS person ON person.id = present.user_id
    WHERE present.thread_id = %(thread)s AND present.user_id <> %(user)s
        AND present.at > clock_timestamp() - %(gone)s
    ORDER BY present.user_id
"""


@dataclass(frozen=True)
class Present:
    """A colleague who has the thread open."""

    name: str
    is_typing: bool


def seen(thread: Thread, *, by: User, is_typing: bool = False) -> list[Present]:
    """This person is there, and who else is; one statement for both.

    It writes when the thread or the typing changed, else every 10 seconds at most: polls come
    every two. A thread that is gone has nobody. Who has two tabs open is where the
    newer poll came from.
    """
    return _ask(SEEN + OTHERS, thread, by, is_typing=is_typing)


def others(thread: Thread, *, besides: User) -> list[Present]:
    """Who was there within 25 seconds, but for this person; one query, and nothing is written."""
    return _ask(OTHERS, thread, besides)


def left(thread: Thread, *, by: User) -> None:
    """This person has gone. The message may come late: who is at another thread by now stays."""
    Presence.objects.filter(user=by, thread=thread).delete()


def _ask(statement: str, thread: Thread, user: User, *, is_typing: bool = False) -> list[Present]:
    values: dict[str, Any] = {
        "thread": thread.pk,
        "user": user.pk,
        "is_typing": is_typing,
        "every": WRITTEN_EVERY,
        "gone": GONE_AFTER,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [
            Present(
                colleagues.name_of(User(username=login, first_name=first, last_name=last)), types
            )
            for login, first, last, types in cursor.fetchall()
        ]
