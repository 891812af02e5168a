"""Which stretch of a conversation is shown: its end, what is older or newer, around a message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from conversations.admin.inbox import asides, queries, told
from conversations.admin.inbox.access import Visit
from conversations.admin.inbox.entries import Entry, Told, entries_of
from conversations.models import Message, Note, ThreadEvent


@dataclass(frozen=True)
class Log:
    """A stretch of the conversation, and what the next one starts from."""

    entries: list[Entry]
    first: int = 0  # the key of the oldest message
    last: int = 0  # of the newest
    last_event: int = 0
    last_note: int = 0
    has_older: bool = False
    has_newer: bool = False
    spot: int = 0  # the key of the message that was asked for
    names_me: bool = False  # a note in it names this person, who has not seen it


def newest(visit: Visit) -> Log:
    """The end of the conversation; three queries."""
    messages, has_older = queries.messages_before(visit.thread)
    events = queries.latest_events(visit.thread)
    notes = told.latest(visit.thread, visit.user)
    shown = _since([*events, *notes], messages[0] if has_older else None)
    unread_from = _first_unread(messages, visit.thread.unread_count)
    log = _log(visit, messages, shown, has_older=has_older, unread_from=unread_from)
    return _known(log, events, notes)


def around(visit: Visit, pk: int) -> Log:
    """The message with this key and what stands about it; the end where there is none. Four
    queries."""
    after, has_newer = queries.messages_from(visit.thread, pk)
    if not after or after[0].pk != pk:
        return newest(visit)
    before, has_older = queries.messages_before(visit.thread, pk)
    messages = before + after
    until = messages[-1].sent_at if has_newer else None
    events = queries.events_between(visit.thread, None, until)
    notes = told.between(visit.thread, visit.user, None, until)
    shown = _since([*events, *notes], messages[0] if has_older else None)
    log = _known(_log(visit, messages, shown, has_older=has_older), events, notes)
    spot = asides.target_of(after[0]) if asides.is_worn(after[0]) else pk
    return replace(log, has_newer=has_newer, spot=spot)


def older(visit: Visit, before: int) -> Log:
    """What came before the message with this key; four queries."""
    messages, has_older = queries.messages_before(visit.thread, before)
    if not messages:
        return Log([])
    since = messages[0].sent_at if has_older else None
    next_shown = visit.thread.messages.filter(pk=before).first()
    until = next_shown.sent_at if next_shown else None
    events = queries.events_between(visit.thread, since, until)
    notes = told.between(visit.thread, visit.user, since, until)
    shown: list[Told] = [*events, *notes]
    return _log(visit, messages, shown, has_older=has_older)


def newer(visit: Visit, last: int, last_event: int, last_note: int) -> Log:
    """What came after the message, the event and the note with these keys, or the next stretch."""
    messages, has_newer = queries.messages_from(visit.thread, last)
    before = messages[0] if messages and messages[0].pk == last else None
    fresh = messages[1:] if before else messages
    events = queries.events_after(visit.thread, last_event)
    notes = told.after(visit.thread, visit.user, last_note)
    if has_newer:
        events = [event for event in events if event.at < fresh[-1].sent_at]
        notes = [note for note in notes if note.at < fresh[-1].sent_at]
    log = _log(visit, fresh, [*events, *notes], before=before)
    return replace(
        log,
        last=log.last or last,
        last_event=log.last_event or last_event,
        last_note=log.last_note or last_note,
        has_newer=has_newer,
    )


def _since(shown: list[Told], first: Message | None) -> list[Told]:
    """What staff did and noted after the first message that is shown; all of it where none is."""
    return [one for one in shown if first is None or one.at >= first.sent_at]


def _known(log: Log, events: Sequence[ThreadEvent], notes: Sequence[Note]) -> Log:
    """The log from which these are no news any more, also those above what is shown."""
    return replace(
        log,
        last_event=events[-1].pk if events else 0,
        last_note=notes[-1].pk if notes else 0,
        names_me=any(note.names_me for note in notes),  # type: ignore[attr-defined]  # annotated
    )


def _first_unread(messages: Sequence[Message], unread: int) -> int:
    """The key of the message over which "unread messages" stands, 0 for none."""
    inbound = [m.pk for m in messages if m.direction == Message.Direction.IN]
    return inbound[-min(unread, len(inbound))] if unread and inbound else 0


def _log(
    visit: Visit,
    messages: Sequence[Message],
    shown: Sequence[Told],
    *,
    before: Message | None = None,
    has_older: bool = False,
    unread_from: int = 0,
) -> Log:
    merged = _merge(messages, sorted(shown, key=lambda one: one.at))
    notes = [one for one in shown if isinstance(one, Note)]
    return Log(
        list(entries_of(visit, merged, before, unread_from)),
        first=messages[0].pk if messages else 0,
        last=messages[-1].pk if messages else 0,
        last_event=max((one.pk for one in shown if isinstance(one, ThreadEvent)), default=0),
        last_note=max((note.pk for note in notes), default=0),
        has_older=has_older,
        names_me=any(note.names_me for note in notes),  # type: ignore[attr-defined]  # annotated
    )


def _merge(messages: Iterable[Message], shown: Sequence[Told]) -> Iterator[Message | Told]:
    """Messages in the order they came to us, what staff did and noted before the first after it."""
    waiting = list(shown)
    for message in messages:
        while waiting and waiting[0].at < message.sent_at:
            yield waiting.pop(0)
        yield message
    yield from waiting
