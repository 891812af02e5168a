"""What stands in the log as the template shows it: days, bubbles in runs, notes, history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.safestring import SafeString

from conversations.admin.inbox import asides, history, states
from conversations.admin.inbox.access import Visit
from conversations.admin.inbox.formatting import (
    clock_time,
    day_label,
    html_time,
    local,
    note_format,
    wa_format,
)
from conversations.admin.inbox.parts import Parts, parts_of
from conversations.admin.inbox.troubles import Trouble, tick_words, trouble_of
from conversations.models import Message, Note, ThreadEvent

Origin = Message.Origin
Told = ThreadEvent | Note


@dataclass(frozen=True)
class Entry:
    """One item of the log; `kind` says which of the other fields count."""

    kind: str  # day | unread | event | system | note | bubble
    text: str = ""
    at: str = ""  # when, as HTML has times
    time: str = ""  # the same for people
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
    told: str = ""  # who was named in a note
    names_me: bool = False  # and has not seen it yet


def entries_of(
    visit: Visit,
    merged: Iterable[Message | Told],
    before: Message | None,
    unread_from: int,
) -> Iterator[Entry]:
    """The items of a stretch in their order; `before` is the message above the first of them."""
    today = local(visit.now).date()
    day: date | None = local(before.sent_at).date() if before else None
    former = before
    for item in merged:
        at = item.sent_at if isinstance(item, Message) else item.at
        if local(at).date() != day:
            day, former = local(at).date(), None
            yield Entry("day", day_label(day, today))
        if not isinstance(item, Message):
            former = None
            yield _note(item, visit) if isinstance(item, Note) else _event(item, visit)
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


def _event(event: ThreadEvent, visit: Visit) -> Entry:
    text, icon = history.sentence(event, visit), history.icon(event)
    return Entry("event", text, html_time(event.at), clock_time(event.at), pk=event.pk, icon=icon)


def _note(note: Note, visit: Visit) -> Entry:
    told: list[dict[str, Any]] = note.told  # type: ignore[attr-defined]  # annotated
    names = ["you" if one["pk"] == visit.user.pk else one["name"] for one in told]
    return Entry(
        "note",
        note.text,
        html_time(note.at),
        clock_time(note.at),
        note_format(note.text),
        pk=note.pk,
        author="You" if note.by_id == visit.user.pk else states.name_of(note.by),
        told=", ".join(names),
        names_me=note.names_me,  # type: ignore[attr-defined]  # annotated
    )


def _said(message: Message, former: Message | None, visit: Visit) -> Entry:
    line = asides.line_of(message, visit)
    if line:
        return Entry("system", line, pk=message.pk, quote_pk=asides.target_of(message))
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
        html_time(message.sent_at),
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
