"""What a customer said that nobody has answered: one rule for intake, pipeline and hand-back."""

from datetime import datetime

from django.db.models import Max, Q

from conversations import window
from conversations.models import Message, Thread

# What they did stands on the message that they are about; as the record, they are no words.
RECORDS = ("edit", "revoke")
# They ask nothing, and the first four open no window either.
KINDS_WITHOUT_ANSWER = ("reaction", "system", "edit", "revoke", "sticker")
ANSWERING = (Message.Origin.ASSISTANT, Message.Origin.STAFF, Message.Origin.PHONE)
# What a reminder said is no answer, nor is an old message that was sent again.
IS_AN_ANSWER = Q(direction="out", origin__in=ANSWERING) & ~Q(trace__has_key="again")


def in_thread(thread_id: int) -> list[Message]:
    """The customer's messages that want an answer, after the last answer of anybody.

    What the customer has taken back is asked no more.
    """
    messages = Message.objects.filter(thread_id=thread_id)
    answered = messages.filter(IS_AN_ANSWER).aggregate(last=Max("id"))
    wanting = messages.filter(direction="in", revoked_at=None, id__gt=answered["last"] or 0)
    return list(wanting.exclude(kind__in=KINDS_WITHOUT_ANSWER).order_by("id"))


def is_owed(thread: Thread, now: datetime) -> bool:
    """Whether the assistant, if it has the thread, has something to answer and still may."""
    return window.is_open(thread.window_closes_at, now) and bool(in_thread(thread.pk))
