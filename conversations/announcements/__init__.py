"""What other systems are told of messages, threads and templates: the one writer, and the feed.

Acts announce set-wise in the transaction of the cause, one statement however many. Dispatch gives
what is committed its number (`number_new`), and `after` reads the feed by these numbers.
"""

from conversations.announcements.feed import (
    CursorLost,
    CursorTooOld,
    CursorUnknown,
    Page,
    Told,
    after,
    is_anything_new,
    newest,
    number_new,
    prune,
    texts_of,
)
from conversations.announcements.types import Type
from conversations.announcements.writing import (
    Step,
    of_merge,
    of_messages,
    of_steps,
    of_templates,
    of_threads,
)

__all__ = [
    "CursorLost",
    "CursorTooOld",
    "CursorUnknown",
    "Page",
    "Step",
    "Told",
    "Type",
    "after",
    "is_anything_new",
    "newest",
    "number_new",
    "of_merge",
    "of_messages",
    "of_steps",
    "of_templates",
    "of_threads",
    "prune",
    "texts_of",
]
