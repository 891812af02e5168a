"""Inbound messages: once each, in their thread, with the intent of what they say."""

from collections import defaultdict
from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django_q.tasks import async_task

from conversations import changes, consent
from conversations.assistant import intents
from conversations.intake import contacts, threads
from conversations.models import Message, Thread
from conversations.whatsapp.events import InboundMessage

# A read mark is a courtesy, and the answer marks as read too: a flood leaves it to the answers.
READ_MARKS_PER_BATCH = 20


def keep_messages(said: Sequence[InboundMessage]) -> None:
    """Each message is a row of its thread afterwards, and the thread knows. Twice: kept once."""
    new = _not_yet_kept(said)
    if not new:
        return
    people = contacts.contacts_of(message.sender for message in new)
    pairs = [(message.phone_number_id, people[message.sender].pk) for message in new]
    found = threads.threads_of(pairs)
    # The locks are held now: whoever kept one of these at the same moment has committed.
    kept_by_others = _wamids_of(new)
    rows = [
        (message, found[pair])
        for message, pair in zip(new, pairs, strict=True)
        if message.wamid not in kept_by_others
    ]
    if rows:
        _insert(rows)


def _not_yet_kept(said: Sequence[InboundMessage]) -> list[InboundMessage]:
    """The first of each wamid that has no row yet, oldest first by WhatsApp's time."""
    first = {message.wamid: message for message in reversed(said)}
    kept = _wamids_of(list(first.values()))
    new = [message for message in first.values() if message.wamid not in kept]
    return sorted(new, key=lambda message: message.sent_at)


def _wamids_of(messages: list[InboundMessage]) -> set[str]:
    wamids = [message.wamid for message in messages]
    rows = Message.objects.filter(wamid__in=wamids).values_list("wamid", flat=True)
    return {wamid for wamid in rows if wamid}


def _insert(pairs: list[tuple[InboundMessage, Thread]]) -> None:
    kept = Message.objects.bulk_create([_row(message, thread) for message, thread in pairs])
    news: dict[int, list[InboundMessage]] = defaultdict(list)
    for message, thread in pairs:
        news[thread.pk].append(message)
    threads.bring_up_to_date(news)
    changes.record_many([(row.thread_id, row.pk) for row in kept])
    for row in kept:
        if row.kind in ("text", "button"):
            consent.obey(row, at=row.sent_at)
    _mark_read({thread.pk for _, thread in pairs if thread.mode == Thread.Mode.BOT})


def _row(message: InboundMessage, thread: Thread) -> Message:
    guess = intents.classify(message.text) if message.kind == "text" else None
    return Message(
        thread=thread,
        direction=Message.Direction.IN,
        origin=Message.Origin.CUSTOMER,
        status=Message.Status.RECEIVED,
        kind=message.kind,
        text=message.text,
        content=message.content,
        wamid=message.wamid,
        quotes=message.quotes or "",
        intent=guess.intent.value if guess else "",
        intent_confidence=guess.confidence if guess else None,
        sent_at=message.sent_at,
    )


def _mark_read(thread_ids: set[int]) -> None:
    """The assistant has read these: a nudge each. One that is lost costs nothing."""
    for thread_id in sorted(thread_ids)[:READ_MARKS_PER_BATCH]:
        transaction.on_commit(partial(async_task, "conversations.jobs.mark_read", thread_id))
