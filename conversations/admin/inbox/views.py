"""The pages of the inbox to look at: list, conversation, older messages, contact."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from conversations import changes, clock, consent, searching
from conversations.admin.inbox import access, queries, rows, states, stretches
from conversations.admin.inbox.access import Visit, at_inbox, at_thread, is_script
from conversations.admin.inbox.formatting import moment
from conversations.admin.inbox.queries import Chosen
from conversations.admin.inbox.tools import FILE_LIMITS
from conversations.domain import Viewer
from conversations.models import Label, Thread
from conversations.searching import Hit

TEMPLATES = "conversations/inbox"


@dataclass(frozen=True)
class Filter:
    """A chip over the list."""

    name: str
    label: str
    count: str
    is_chosen: bool
    query: str


@at_inbox
def inbox(request: HttpRequest) -> HttpResponse:
    """The whole page with no conversation chosen, or, for a script, the empty pane."""
    user = access.signed_in(request)
    viewer = access.viewer_of(user)
    access.require(viewer, access.VIEW)
    if is_script(request):
        return render(request, f"{TEMPLATES}/empty.html")
    return page(request, user, viewer)


@at_thread()
def thread(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The conversation, at its end or at the message `at`; the whole page around it unless a script
    asks. It changes nothing: a conversation counts as read by the POST that follows."""
    if is_script(request):
        context = conversation(visit, key_of(request.GET.get("at", "")))
        return render(request, f"{TEMPLATES}/conversation.html", context)
    return page(request, visit.user, visit.viewer, visit)


def page(
    request: HttpRequest,
    user: User,
    viewer: Viewer,
    visit: Visit | None = None,
    *,
    status: int = 200,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """The whole inbox. `more` goes to the templates: a refused draft, the template dialog."""
    now = visit.now if visit else clock.now()
    # Taken before anything is read: what changes meanwhile is told again, never missed.
    cursor = changes.horizon()
    counts = queries.counts(user, now)
    request.unread_threads = counts.get("unread", 0)  # type: ignore[attr-defined]  # see sidebar
    chosen = chosen_of(request)
    context = {
        **admin.site.each_context(request),
        **list_context(chosen, user, viewer, now),
        "title": "Inbox",
        "model_admin": admin.site.get_model_admin(Thread),
        "filters": filters_of(chosen, counts),
        "is_named": counts.get("named", 0) > 0,
        "label": Label.objects.filter(pk=chosen.label).first() if chosen.label else None,
        "file_limits": FILE_LIMITS,
        "cursor": cursor,
        "now": now,
        "selected": visit.thread.pk if visit else 0,
        **(conversation(visit, key_of(request.GET.get("at", ""))) if visit else {}),
        **(more or {}),
    }
    request.current_app = admin.site.name
    return render(request, f"{TEMPLATES}/page.html", context, status=status)


def chosen_of(request: HttpRequest) -> Chosen:
    """The filter, the search and the label of the address; a filter that is none means all open
    ones."""
    name = request.GET.get("f", "")
    return Chosen(
        name if name in queries.NAMES else queries.OPEN,
        request.GET.get("q", "").strip()[: searching.CHARACTERS],
        key_of(request.GET.get("l", "")),
    )


def filters_of(chosen: Chosen, counts: dict[str, int]) -> list[Filter]:
    """The chips with their counts."""
    return [
        Filter(
            name,
            label,
            shown_count(counts.get(name, 0)),
            name == chosen.name,
            Chosen(name, chosen.words, chosen.label).query,
        )
        for name, label in queries.NAMES.items()
    ]


def shown_count(number: int) -> str:
    """ "7", "99+"."""
    return f"{queries.COUNTED}+" if number > queries.COUNTED else str(number)


@at_inbox
def thread_list(request: HttpRequest) -> HttpResponse:
    """The rows of a filter or a search; with `cur` the next ones. Four queries, a search one more
    and one for each business domain."""
    user, now, chosen = access.signed_in(request), clock.now(), chosen_of(request)
    viewer = access.viewer_of(user)
    access.require(viewer, access.VIEW)
    cursor = request.GET.get("cur", "")
    context = list_context(chosen, user, viewer, now, cursor)
    return render(request, f"{TEMPLATES}/rows.html", {**context, "is_more": cursor})


def list_context(
    chosen: Chosen, user: User, viewer: Viewer, now: datetime, cursor: str = ""
) -> dict[str, Any]:
    """The rows of a list from its top or from `cursor` on; one query, one for each business
    domain, and as many again for a search."""
    hits = found(chosen, viewer)
    listed = queries.page_after(queries.chosen_rows(chosen, user, now, hits), cursor)
    threads = list(listed[: queries.ROWS + 1])
    shown = threads[: queries.ROWS]
    return {
        "chosen": chosen,
        "rows": rows.rows_of(shown, user, viewer, now, chosen=chosen, hits=hits),
        "next_cursor": queries.cursor_of(shown[-1]) if len(threads) > queries.ROWS else "",
    }


def found(chosen: Chosen, viewer: Viewer) -> dict[int, Hit | None]:
    """What the search of a list finds; nothing where there is none."""
    return searching.threads_matching(chosen.words, viewer=viewer) if chosen.words else {}


def conversation(visit: Visit, at: int = 0) -> dict[str, Any]:
    """What the pane of a conversation shows, at its end or at the message `at`; four queries."""
    return {
        **pane(visit),
        "log": stretches.around(visit, at) if at else stretches.newest(visit),
    }


def pane(visit: Visit) -> dict[str, Any]:
    """Head, banner and foot of a conversation; no query."""
    contact = visit.thread.contact
    name = rows.name_of(contact, visit.viewer)
    return {
        "visit": visit,
        "thread": visit.thread,
        "now": visit.now,
        "name": name,
        "initials": rows.initials(name),
        "colour": contact.pk % rows.AVATARS,
        "number": rows.number_of(contact, visit.viewer),
        "who_answers": states.who_answers(visit),
        "returns": states.returns(visit),
        "aside_until": moment(aside_until) if (aside_until := visit.thread.snoozed_until) else "",
        "taken_by": states.name_of(visit.thread.assigned_to),
        "withdrawn": consent.withdrawn_of_row(visit.thread),
        "window": states.window_of(visit.thread, visit.now),
        "is_paused": states.is_paused_number(visit.thread),
        "composer": states.composer_of(visit),
        "draft": getattr(visit.thread, "own_draft", None) or "",
        "note_draft": getattr(visit.thread, "own_note", None) or "",
        # Of the form that comes with it: a second press of its button is recognised by this.
        "reference": uuid.uuid4(),
        "may_reply": visit.viewer.may(access.REPLY),
        "may_see_number": visit.viewer.may("conversations.view_phonenumber"),
    }


def key_of(text: str) -> int:
    """A key that an address names; 0 for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


@at_thread()
def older(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The messages before the one with the key `before`."""
    pk = key_of(request.GET.get("before", ""))
    log = stretches.older(visit, pk) if pk else stretches.newest(visit)
    return render(request, f"{TEMPLATES}/older.html", {**pane(visit), "log": log})
