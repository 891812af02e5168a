"""Posting the head of one thread at once, by the job that wrote it: no wait for the pump's look."""

from conversations.delivery.claiming import claim
from conversations.delivery.posting import post
from conversations.delivery.recording import record


def deliver_thread(thread_id: int) -> int:
    """Post the head of this thread; return 1 if there was one to post now.

    What is not due, not the head, or over the rate is left to the pump. Twice at the same time:
    one claims the row, the other finds none.
    """
    claimed = claim(thread_id=thread_id, most=1)
    record([post(one) for one in claimed])
    return len(claimed)
