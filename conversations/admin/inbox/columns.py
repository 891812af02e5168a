"""What the inbox reads beside the columns of a conversation, a message or a note.

In SQL: every page asks for all of it, and to have it put together anew each time took longer than
the database takes to answer. Each stands in the SELECT of its table, and names that.
"""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db.models import JSONField
from django.db.models.expressions import RawSQL

from conversations.models import Draft
from conversations.worklists import GONE_WRONG

# --- Of a conversation --------------------------------------------------------------------------

NEWEST = RawSQL(
    """
    SELECT jsonb_build_object('direction', newest.direction, 'status', newest.status)
    FROM conversations_message AS newest
    WHERE newest.thread_id = conversations_thread.id ORDER BY newest.id DESC LIMIT 1
    """,
    (),
    JSONField(),
)
WRONG = RawSQL(  # noqa: S611 -- put together from constants
    f"SELECT wrong.status {GONE_WRONG} AND wrong.thread_id = conversations_thread.id", ()
)
LABELS = RawSQL(
    """
    SELECT jsonb_agg(jsonb_build_object('name', label.name, 'tone', label.tone) ORDER BY label.name)
    FROM conversations_thread_labels AS worn
    JOIN conversations_label AS label ON label.id = worn.label_id
    WHERE worn.thread_id = conversations_thread.id
    """,
    (),
    JSONField(),
)


def own_draft(user: User, kind: Draft.Kind = Draft.Kind.REPLY) -> RawSQL:
    """What this person has begun to write there: to the customer, or as a note."""
    return RawSQL(
        """
        SELECT draft.text FROM conversations_draft AS draft
        WHERE draft.thread_id = conversations_thread.id AND draft.user_id = %s
            AND draft.kind = %s
        """,
        (user.pk, kind.value),
    )


# --- Of a message -------------------------------------------------------------------------------

QUOTED = RawSQL(
    """
    SELECT jsonb_build_object(
        'pk', quoted.id, 'text', quoted.text, 'origin', quoted.origin,
        'author', author.id, 'first_name', author.first_name, 'username', author.username
    )
    FROM conversations_message AS quoted
    LEFT JOIN auth_user AS author ON author.id = quoted.sent_by_id
    WHERE quoted.wamid = conversations_message.quotes
        AND quoted.thread_id = conversations_message.thread_id
    """,
    (),
    JSONField(),
)
REACTIONS = RawSQL(
    """
    SELECT jsonb_agg(
        jsonb_build_object('emoji', worn.emoji, 'direction', worn.direction, 'at', worn.at)
        ORDER BY worn.at, worn.id
    )
    FROM conversations_reaction AS worn WHERE worn.wamid = conversations_message.wamid
    """,
    (),
    JSONField(),
)
# What we sent; those of the phone app are rows of their own. Without a limit: with one the planner
# would walk through the whole conversation.
OWN_REACTIONS = RawSQL(
    """
    SELECT jsonb_agg(
        jsonb_build_object(
            'emoji', own.content -> 'reaction' ->> 'emoji', 'status', own.status, 'at', own.sent_at
        )
        ORDER BY own.id
    )
    FROM conversations_message AS own
    WHERE own.quotes = conversations_message.wamid AND own.kind = 'reaction'
        AND own.direction = 'out' AND own.origin <> 'phone'
    """,
    (),
    JSONField(),
)
# A new attempt says in its trace whose attempt it is. Only asked for the few that went wrong.
WAS_REPEATED = RawSQL(
    """
    CASE WHEN conversations_message.status IN ('failed', 'unconfirmed') THEN EXISTS (
        SELECT FROM conversations_message AS later
        WHERE later.thread_id = conversations_message.thread_id
            AND later.id > conversations_message.id
            AND (later.trace ->> 'again')::bigint = conversations_message.id
    ) ELSE false END
    """,
    (),
)

# --- Of a note ----------------------------------------------------------------------------------

TOLD = RawSQL(
    """
    SELECT jsonb_agg(
        jsonb_build_object(
            'pk', person.id, 'name', coalesce(nullif(person.first_name, ''), person.username),
            'has_seen', mention.seen_at IS NOT NULL
        )
        ORDER BY mention.id
    )
    FROM conversations_mention AS mention JOIN auth_user AS person ON person.id = mention.user_id
    WHERE mention.note_id = conversations_note.id
    """,
    (),
    JSONField(),
)
