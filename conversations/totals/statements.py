"""The figures that need more than counting rows, each as one statement over a day.

Parameters: `start` and `end` of the day, `now`, `window` (its length), `silent` (kinds that want no
answer), `promised_within`. Only threads that were active since are looked at: their index is the
one by which the inbox is sorted.
"""

# An answer that only says "a colleague will answer" is none: it stands in the transaction of the
# hand-over, so its hand-over follows within seconds.
_PROMISE = """EXISTS (
    SELECT 1 FROM conversations_threadevent AS handed_over
    WHERE handed_over.thread_id = answer.thread_id AND handed_over.kind = 'handed_over'
        AND handed_over.at BETWEEN answer.queued_at AND answer.queued_at + %(promised_within)s
)"""

# Whose first answer is the assistant's, and is an answer.
ANSWERED_BY_ASSISTANT = f"""
    SELECT count(*) FROM conversations_message AS asked
    JOIN conversations_thread AS thread ON thread.id = asked.thread_id
    CROSS JOIN LATERAL (
        SELECT later.thread_id, later.origin, later.queued_at FROM conversations_message AS later
        WHERE later.thread_id = asked.thread_id AND later.id > asked.id
            AND later.direction = 'out' AND later.origin IN ('assistant', 'staff', 'phone')
            AND later.status <> 'failed' AND NOT later.trace ? 'again'
        ORDER BY later.id LIMIT 1
    ) AS answer
    WHERE thread.last_message_at >= %(start)s
        AND asked.sent_at >= %(start)s AND asked.sent_at < %(end)s
        AND asked.direction = 'in' AND asked.kind <> ALL(%(silent)s)
        AND answer.origin = 'assistant' AND NOT {_PROMISE}
"""  # noqa: S608 -- put together from constants of this file

WINDOWS_LOST = f"""
    SELECT count(*) FROM conversations_message AS asked
    JOIN conversations_thread AS thread ON thread.id = asked.thread_id
    JOIN conversations_contact AS contact ON contact.id = thread.contact_id
    WHERE thread.last_message_at >= %(start)s::timestamptz - %(window)s AND NOT contact.is_blocked
        AND asked.sent_at >= %(start)s::timestamptz - %(window)s
        AND asked.sent_at < LEAST(%(end)s::timestamptz, %(now)s::timestamptz) - %(window)s
        AND asked.direction = 'in' AND asked.kind <> ALL(%(silent)s)
        AND (asked.revoked_at IS NULL OR asked.revoked_at >= asked.sent_at + %(window)s)
        AND NOT EXISTS (  -- written again, so the window stayed open
            SELECT 1 FROM conversations_message AS again
            WHERE again.thread_id = asked.thread_id AND again.direction = 'in'
                AND again.kind <> ALL(%(silent)s)
                AND (again.sent_at, again.id) > (asked.sent_at, asked.id)
                AND again.sent_at < asked.sent_at + %(window)s
        )
        AND NOT EXISTS (
            SELECT 1 FROM conversations_message AS answer
            WHERE answer.thread_id = asked.thread_id AND answer.id > asked.id
                AND answer.direction = 'out' AND answer.status <> 'failed'
                AND NOT answer.trace ? 'again'
                AND answer.origin IN ('assistant', 'staff', 'phone')
                AND answer.sent_at < asked.sent_at + %(window)s
                AND NOT (answer.origin = 'assistant' AND {_PROMISE})
        )
        AND NOT EXISTS (  -- somebody found that there is nothing to answer
            SELECT 1 FROM conversations_threadevent AS closed
            WHERE closed.thread_id = asked.thread_id AND closed.kind = 'closed'
                AND closed.at >= asked.sent_at AND closed.at < asked.sent_at + %(window)s
        )
"""  # noqa: S608 -- put together from constants of this file

# 1 what people said that day, and what they said before it in the same thread
# 2 when people had got the thread: the first such event since the assistant last had it
# 3 since when the customer waited: the first message while people had it, or the hand-over itself
FIRST_RESPONSE = """
    WITH said AS (
        SELECT said.id, said.thread_id, said.sent_at, before.id AS before_id,
            before.sent_at AS before_at
        FROM conversations_message AS said
        JOIN conversations_thread AS thread ON thread.id = said.thread_id
        LEFT JOIN LATERAL (
            SELECT id, sent_at FROM conversations_message AS earlier
            WHERE earlier.thread_id = said.thread_id AND earlier.id < said.id
                AND earlier.direction = 'out' AND earlier.origin IN ('staff', 'phone')
                AND earlier.status <> 'failed' AND NOT earlier.trace ? 'again'
            ORDER BY earlier.id DESC LIMIT 1
        ) AS before ON TRUE
        WHERE thread.last_message_at >= %(start)s
            AND said.sent_at >= %(start)s AND said.sent_at < %(end)s
            AND said.direction = 'out' AND said.origin IN ('staff', 'phone')
            AND said.status <> 'failed' AND said.kind <> ALL(%(silent)s)
            AND NOT said.trace ? 'again'
    ), had AS (
        SELECT said.*, came.at AS came_at, came.kind AS came_by
        FROM said CROSS JOIN LATERAL (
            SELECT event.at, event.kind FROM conversations_threadevent AS event
            WHERE event.thread_id = said.thread_id AND event.at <= said.sent_at
                AND event.kind IN ('handed_over', 'taken', 'assigned', 'on_phone')
                AND event.id > COALESCE((
                    SELECT max(back.id) FROM conversations_threadevent AS back
                    WHERE back.thread_id = said.thread_id AND back.at <= said.sent_at
                        AND back.kind IN ('released', 'closed')
                ), 0)
            ORDER BY event.id LIMIT 1
        ) AS came
    ), waited AS (
        SELECT had.sent_at, LEAST(
            (
                SELECT min(asked.sent_at) FROM conversations_message AS asked
                WHERE asked.thread_id = had.thread_id AND asked.id < had.id
                    AND asked.id > COALESCE(had.before_id, 0) AND asked.sent_at >= had.came_at
                    AND asked.direction = 'in' AND asked.kind <> ALL(%(silent)s)
                    AND (asked.revoked_at IS NULL OR asked.revoked_at > had.sent_at)
            ),
            CASE WHEN had.came_at > COALESCE(had.before_at, '-infinity') AND (
                had.came_by = 'handed_over' OR 'in' = (
                    SELECT last.direction FROM conversations_message AS last
                    WHERE last.thread_id = had.thread_id AND last.id < had.id
                        AND last.sent_at < had.came_at AND last.status <> 'failed'
                        AND last.kind <> ALL(%(silent)s)
                    ORDER BY last.id DESC LIMIT 1
                )
            ) THEN had.came_at END
        ) AS since
        FROM had
    )
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY EXTRACT(EPOCH FROM sent_at - since))
    FROM waited WHERE since IS NOT NULL
"""
