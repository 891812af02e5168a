"""Where colleagues named a person in a note: told on every page of the inbox until they look."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from conversations import notes
from conversations.admin.inbox import access, rows, states
from conversations.admin.inbox.access import VIEW, at_inbox
from conversations.domain import Viewer

SHOWN = 3
LOOKED_AT = 50  # mentions: a conversation may have several


@dataclass(frozen=True)
class Named:
    """A conversation in which a note names this person."""

    thread: int
    by: str
    customer: str


def named(user: User, viewer: Viewer) -> list[Named]:
    """The newest conversations first, each once; one query."""
    found: dict[int, Named] = {}
    for mention in notes.unseen_mentions(user)[:LOOKED_AT]:
        note = mention.note
        customer = rows.name_of(note.thread.contact, viewer)
        found.setdefault(note.thread_id, Named(note.thread_id, states.name_of(note.by), customer))
    return list(found.values())[:SHOWN]


def html(request: HttpRequest, user: User, viewer: Viewer) -> str:
    """The bar with them; hidden where there are none."""
    context = {"named": named(user, viewer)}
    return render_to_string("conversations/inbox/named.html", context, request)


@at_inbox
def bar(request: HttpRequest) -> HttpResponse:
    """The bar, for a page that knows that there is something in it."""
    user = access.signed_in(request)
    viewer = access.viewer_of(user)
    access.require(viewer, VIEW)
    return HttpResponse(html(request, user, viewer))
