"""The log of a conversation as the template shows it: days, bubbles in runs, lines of history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.utils.safestring import SafeString

from conversations.admin.inbox import asides, queries, states
from conversations.admin.inbox.access import Visit
from conversations.admin.inbox.formatting import clock_time, day_label, local, wa_format
from conversations.admin.inbox.parts import Parts, parts_of
from conversations.admin.inbox.troubles import Trouble, tick_words, trouble_of
from conversations.models import Message, ThreadEvent

Origin = Message.Origin


@dataclass(frozen=True)
class Entry:
    """One item of the log; `kind` says which of the other fields count."""

    kind: str  # day | unread | event | system | bubble
    text: str = ""
    at: datetime | None = None
    time: str = ""
    html: SafeString | None = None  # the text of a bubble with its formatting
    is_deleted: bool = False
    pk: int = 0
    icon: str = ""
    side: str = ""  # in | out
    is_first: bool = False
    is_bot: bool = False
    author: str = ""
    quote: str = ""
    quote_pk: int = 0
    quote_author: str = ""
    tick: str = ""
    tick_words: str = ""
    parts: Parts = field(default_factory=Parts)
    reactions: tuple[asides.Worn, ...] = ()
    trouble: Trouble | None = None


@dataclass(frozen=True)
class Log:
    """A stretch of the conversation, and what the next one starts from."""

    entries: list[Entry]
    first: int = 0  # the key of the oldest message
    last: int = 0  # of the newest
    last_event: int = 0
    has_older: bool = False
    has_newer: bool = False


def newest(visit: Visit) -> Log:
    """The end of the conversation; two queries."""
    messages, has_older = queries.messages_before(visit.thread)
    events = queries.latest_events(visit.thread)
    last_event = events[-1].pk if events else 0
    if has_older:
        events = [event for event in events if event.at >= messages[0].sent_at]
    unread_from = _first_unread(messages, visit.thread.unread_count)
    log = _log(visit, messages, events, has_older=has_older, unread_from=unread_from)
    return replace(log, last_event=last_event)


def around(visit: Visit, pk: int) -> Log:
    """The message with this key and what stands about it; the end where there is none. Three
    queries."""
    after, has_newer = queries.messages_from(visit.thread, pk)
    if not after or after[0].pk != pk:
        return newest(visit)
    before, has_older = queries.messages_before(visit.thread, pk)
    messages = before + after
    until = messages[-1].sent_at if has_newer else None
    events = queries.events_between(visit.thread, None, until)
    last_event = events[-1].pk if events else 0
    if has_older:
        events = [event for event in events if event.at >= messages[0].sent_at]
    log = _log(visit, messages, events, has_older=has_older)
    return replace(log, last_event=last_event, has_newer=has_newer)


def older(visit: Visit, before: int) -> Log:
    """What came before the message with this key; three queries."""
    messages, has_older = queries.messages_before(visit.thread, before)
    if not messages:
        return Log([])
    since = messages[0].sent_at if has_older else None
    next_shown = visit.thread.messages.filter(pk=before).first()
    until = next_shown.sent_at if next_shown else None
    events = queries.events_between(visit.thread, since, until)
    return _log(visit, messages, events, has_older=has_older)


def newer(visit: Visit, last: int, last_event: int) -> Log:
    """What came after the message and the event with these keys, or the next stretch of it."""
    messages, has_newer = queries.messages_from(visit.thread, last)
    before = messages[0] if messages and messages[0].pk == last else None
    fresh = messages[1:] if before else messages
    events = queries.events_after(visit.thread, last_event)
    if has_newer:
        events = [event for event in events if event.at < fresh[-1].sent_at]
    log = _log(visit, fresh, events, before=before)
    return replace(
        log,
        last=log.last or last,
        last_event=log.last_event or last_event,
        has_newer=has_newer,
    )


def _first_unread(messages: Sequence[Message], unread: int) -> int:
    """The key of the message over which "unread messages" stands, 0 for none."""
    inbound = [m.pk for m in messages if m.direction == Message.Direction.IN]
    return inbound[-min(unread, len(inbound))] if unread and inbound else 0


def _log(
    visit: Visit,
    messages: Sequence[Message],
    events: Sequence[ThreadEvent],
    *,
    before: Message | None = None,
    has_older: bool = False,
    unread_from: int = 0,
) -> Log:
    merged = _merge(messages, events)
    return Log(
        list(_entries(visit, merged, before, unread_from)),
        first=messages[0].pk if messages else 0,
        last=messages[-1].pk if messages else 0,
        last_event=max((event.pk for event in events), default=0),
        has_older=has_older,
    )


def _merge(
    messages: Iterable[Message], events: Sequence[ThreadEvent]
) -> Iterator[Message | ThreadEvent]:
    """Messages in the order they came to us, each event before the first message after it."""
    waiting = list(events)
    for message in messages:
        while waiting and waiting[0].at < message.sent_at:
            yield waiting.pop(0)
        yield message
    yield from waiting


def _entries(
    visit: Visit,
    merged: Iterable[Message | ThreadEvent],
    before: Message | None,
    unread_from: int,
) -> Iterator[Entry]:
    today = local(visit.now).date()
    day: date | None = local(before.sent_at).date() if before else None
    former = before
    for item in merged:
        at = item.at if isinstance(item, ThreadEvent) else item.sent_at
        if local(at).date() != day:
            day, former = local(at).date(), None
            yield Entry("day", day_label(day, today), at)
        if isinstance(item, ThreadEvent):
            former = None
            yield _event(item, visit)
            continue
        if item.pk == unread_from:
            former = None
            yield _unread_bar(visit.thread.unread_count)
        if asides.is_worn(item):
            continue
        yield _said(item, former, visit)
        former = item


def _unread_bar(number: int) -> Entry:
    return Entry("unread", "1 unread message" if number == 1 else f"{number} unread messages")


EVENT_ICONS = {
    ThreadEvent.Kind.TAKEN: "person",
    ThreadEvent.Kind.HANDED_OVER: "front_hand",
    ThreadEvent.Kind.RELEASED: "smart_toy",
    ThreadEvent.Kind.CLOSED: "check_circle",
    ThreadEvent.Kind.CONSENT: "verified_user",
}


def _event(event: ThreadEvent, visit: Visit) -> Entry:
    who = "The assistant"
    if event.by_id:
        who = "You" if event.by_id == visit.user.pk else states.name_of(event.by)
    text = f"{who} {event.get_kind_display()}"
    text = f"{text}: {event.reason}" if event.reason else text
    icon = EVENT_ICONS.get(ThreadEvent.Kind(event.kind), "info")
    return Entry("event", text, event.at, clock_time(event.at), pk=event.pk, icon=icon)


def _said(message: Message, former: Message | None, visit: Visit) -> Entry:
    line = asides.line_of(message, visit)
    if line:
        at, pk = message.sent_at, asides.target_of(message)
        return Entry("system", line, at, clock_time(at), pk=message.pk, quote_pk=pk)
    return bubble(message, former, visit)


def bubble(message: Message, former: Message | None, visit: Visit) -> Entry:
    """A message as a bubble; the one before it says whether it begins a run."""
    side = message.direction
    is_first = former is None or _voice(former) != _voice(message)
    parts = parts_of(message)
    shows_author = side == Message.Direction.OUT and (is_first or message.kind == "template")
    words = _without_icon(message.text) if parts.card else message.text
    return Entry(
        "bubble",
        message.text,
        message.sent_at,
        clock_time(message.sent_at),
        wa_format(words if parts.words is None else parts.words),
        is_deleted=message.revoked_at is not None,
        pk=message.pk,
        side=side,
        is_first=is_first,
        is_bot=message.origin in (Origin.ASSISTANT, Origin.SYSTEM, Origin.API),
        author=_author(message, visit) if shows_author else "",
        **asides.quote_of(message, visit),
        tick=message.status if side == Message.Direction.OUT else "",
        tick_words=tick_words(message.status),
        parts=parts,
        reactions=asides.worn_by(message, visit),
        trouble=trouble_of(message),
    )


def _without_icon(text: str) -> str:
    """The words of a label such as "📷 Photo: the chair": the bubble has an icon of its own."""
    first, _, rest = text.partition(" ")
    return rest if rest and not any(letter.isalnum() for letter in first) else text


def _voice(message: Message) -> tuple[str, str, int | None]:
    """Bubbles of one voice follow each other as a run."""
    return message.direction, message.origin, message.sent_by_id


def _author(message: Message, visit: Visit) -> str:
    name = asides.author_of(message.origin, message.sent_by, visit)
    if message.kind != "template":
        return name
    template = message.content.get("template") if isinstance(message.content, dict) else None
    template_name = template.get("name", "") if isinstance(template, dict) else ""
    return f"{name} · template {template_name}".rstrip()
