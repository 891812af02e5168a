"""The rows of the list, as the template shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any

import phonenumbers
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.safestring import SafeString

from conversations import window, worklists
from conversations.admin.inbox import queries, states
from conversations.admin.inbox.access import SEE_NUMBER
from conversations.admin.inbox.formatting import html_time, list_time, local, moment
from conversations.admin.inbox.hits import marked
from conversations.admin.inbox.queries import Chosen
from conversations.domain import Chip, Viewer, domains
from conversations.models import Contact, Message, Thread
from conversations.searching import Hit

AVATARS = 6
WRONG = {
    Message.Status.FAILED.value: "Failed",
    Message.Status.UNCONFIRMED.value: "Not confirmed",
}


@dataclass(frozen=True)
class Row:
    """One conversation in the list."""

    pk: int
    url: str  # of the conversation; of a message in it where that was found
    address: str  # the same with the filter and the search
    name: str
    initials: str
    colour: int
    at: str  # when it was last heard of, as HTML has times; "" for never
    time: str  # the same for people
    place: str  # its cursor: where it stands in the list
    preview: str
    hit: SafeString | None  # the words that a search found, in place of the preview
    draft: str  # the beginning of what this person has written there and not sent
    tick: str  # the status of the newest message where that is ours, else ""
    unread: int
    chips: tuple[Chip, ...]
    left: str  # time left in the window, "" where it is shut
    is_closing: bool
    closes_at: str  # in seconds since 1970, "" where it is shut


def address_of(pk: int) -> str:
    """Where the page of a conversation is."""
    return f"{_inbox()}{pk}/"


@cache
def _inbox() -> str:
    """Looked up once: the list has forty addresses."""
    return reverse("admin:conversations_thread_inbox")


def rows_of(
    threads: Sequence[Thread],
    user: User,
    viewer: Viewer,
    now: datetime,
    *,
    chosen: Chosen | None = None,
    hits: Mapping[int, Hit | None] | None = None,
) -> list[Row]:
    """The rows of these threads; one query for each business domain. `hits` say which message of
    a thread has the words of `chosen`."""
    marks = _domain_chips([thread.contact_id for thread in threads])
    today = local(now).date()
    listed = [_row(thread, user, viewer, now, today, marks) for thread in threads]
    chosen, hits = chosen or Chosen(), hits or {}
    if not chosen.query:
        return listed
    return [_found(row, chosen, hits.get(row.pk)) for row in listed]


def _found(row: Row, chosen: Chosen, hit: Hit | None) -> Row:
    """The row in this list: it leads to the message that was found."""
    at = f"at={hit.message_id}" if hit else ""
    query = "&".join(filter(None, [at, chosen.query]))
    return replace(
        row,
        url=f"{row.url}?{at}" if at else row.url,
        address=f"{row.url}?{query}",
        hit=marked(hit.text, chosen.words) if hit else None,
    )


def _domain_chips(contact_ids: Sequence[int]) -> dict[int, list[Chip]]:
    found: dict[int, list[Chip]] = {}
    if contact_ids:
        for domain in domains():
            for contact_id, chip in domain.chips(contact_ids).items():
                found.setdefault(contact_id, []).append(chip)
    return found


def _row(
    thread: Thread,
    user: User,
    viewer: Viewer,
    now: datetime,
    today: date,
    marks: Mapping[int, list[Chip]],
) -> Row:
    newest: dict[str, Any] = getattr(thread, "newest", None) or {}
    ours = newest.get("direction") == Message.Direction.OUT
    closes_at = thread.window_closes_at
    left = window.time_left(closes_at, now)
    name = name_of(thread.contact, viewer)
    url = address_of(thread.pk)
    at = thread.last_message_at
    return Row(
        pk=thread.pk,
        url=url,
        address=url,
        name=name,
        initials=initials(name),
        colour=thread.contact_id % AVATARS,
        at=html_time(at) if at else "",
        time=list_time(at, today),
        place=queries.cursor_of(thread),
        preview=" ".join(thread.preview.split()) or "…",
        hit=None,
        draft=" ".join((getattr(thread, "own_draft", None) or "").split()),
        tick=str(newest.get("status", "")) if ours else "",
        unread=thread.unread_count,
        chips=(*_own_chips(thread, user), *marks.get(thread.contact_id, ())),
        left=states.short(left) if left else "",
        is_closing=bool(left) and left <= worklists.CLOSING_SOON,
        closes_at=f"{closes_at.timestamp():.0f}" if closes_at and left else "",
    )


def _own_chips(thread: Thread, user: User) -> tuple[Chip, ...]:
    """Who answers, what is wrong, until when it is put aside, and its labels."""
    wrong: str = getattr(thread, "wrong", None) or ""
    labels: list[dict[str, str]] = getattr(thread, "worn_labels", None) or []
    chips = [
        _who_has_it(thread, user),
        Chip(WRONG[wrong], "red", "error") if wrong in WRONG else None,
        Chip(moment(thread.snoozed_until), "grey", "snooze") if thread.snoozed_until else None,
        *(Chip(label["name"], label["tone"], "label") for label in labels),
    ]
    return tuple(chip for chip in chips if chip)


def _who_has_it(thread: Thread, user: User) -> Chip:
    if thread.is_closed:
        return Chip("Closed")
    if thread.mode == Thread.Mode.BOT:
        return Chip("Assistant", "blue")
    if thread.mode == Thread.Mode.WAITING and thread.assigned_group:
        return Chip(f"Needs a person: {thread.assigned_group.name}", "red")
    if thread.mode == Thread.Mode.WAITING or thread.assigned_to is None:
        return Chip("Needs a person", "red")
    mine = thread.assigned_to_id == user.pk
    return Chip("You" if mine else states.name_of(thread.assigned_to), "green")


def name_of(contact: Contact, viewer: Viewer) -> str:
    """What a contact is called here: the name, else the number as this person may see it."""
    return contact.name or contact.username or number_of(contact, viewer) or str(contact)


def number_of(contact: Contact, viewer: Viewer) -> str:
    """The number as people read it, masked for those without the right; "" where none is known."""
    if not contact.wa_id:
        return ""
    return readable(contact.wa_id) if viewer.may(SEE_NUMBER) else contact.masked_number


def readable(wa_id: str) -> str:
    """ "+27 82 123 4567"."""
    try:
        number = phonenumbers.parse(f"+{wa_id}")
    except phonenumbers.NumberParseException:
        return f"+{wa_id}"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def initials(name: str) -> str:
    """Up to two letters for the avatar: "BN"; "" for a name without letters."""
    words = [word for word in name.split() if word[:1].isalpha()]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [word[0] for word in words]
    return "".join(letters).upper()
