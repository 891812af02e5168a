"""What open pages are told between two looks: new bubbles, ticks, moved rows, another composer.

The answer is JSON whose values are small pieces of HTML; the acts answer in the same form, so that
the page has one way to change.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from conversations import changes, clock, presence, worklists
from conversations.admin import sidebar
from conversations.admin.inbox import (
    access,
    entries,
    mentions,
    needs,
    queries,
    rows,
    stretches,
    views,
)
from conversations.admin.inbox.access import Visit, at_inbox
from conversations.domain import Viewer
from conversations.models import Message, Thread

TEMPLATES = views.TEMPLATES


@at_inbox
def changes_since(request: HttpRequest) -> HttpResponse:
    """204 while nothing changed after the cursor `after` (four queries), else what did.

    Every answer carries the next cursor in X-Cursor, the business's time in X-Now, and who else has
    the conversation open in X-Present: [["Kim", true]] where Kim is typing.
    """
    user = access.signed_in(request)
    viewer = access.viewer_of(user)
    access.require(viewer, access.VIEW)
    now = clock.now()
    changed = changes.since(request.GET.get("after", ""))
    open_id = _whole(request.GET.get("thread", ""))
    headers = {
        "X-Cursor": changed.cursor,
        "X-Now": f"{now.timestamp():.3f}",
        "X-Present": _present(request, user, open_id),
    }
    # A window that has just shut changes no row, yet the page wants its new foot.
    is_fresh = request.GET.get("fresh") == "1"
    if not (changed.thread_ids or is_fresh):
        return HttpResponse(status=204, headers=headers)
    news = _list_news(request, user, viewer, now, changed.thread_ids)
    news["named"] = mentions.html(request, user, viewer)
    news["needs"] = needs.of(user, viewer, changed)
    if open_id in changed.thread_ids or (is_fresh and open_id):
        visit = access.visit(request, open_id)
        news |= thread_news(request, visit, message_ids=changed.message_ids)
    return JsonResponse(news, headers=headers)


def _present(request: HttpRequest, user: User, open_id: int) -> str:
    if not open_id:
        return "[]"
    is_typing = request.GET.get("typing") == "1"
    there = presence.seen(Thread(pk=open_id), by=user, is_typing=is_typing)
    return json.dumps([[one.name, one.is_typing] for one in there])


def _whole(text: str) -> int:
    """A key or a cursor; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _list_news(
    request: HttpRequest, user: User, viewer: Viewer, now: datetime, thread_ids: Iterable[int]
) -> dict[str, Any]:
    chosen = views.chosen_of(request)
    hits = views.found(chosen, viewer)
    found = queries.chosen_rows(chosen, user, now, hits).filter(pk__in=thread_ids)
    listed = list(found[: queries.ROWS])
    shown = rows.rows_of(listed, user, viewer, now, chosen=chosen, hits=hits)
    # After a flood only the newest are sent; the others are still there, if older than shown.
    still_there = found.values_list("pk", flat=True) if len(shown) == queries.ROWS else []
    counts = queries.counts(user, now)
    return {
        "rows": [
            {
                "pk": row.pk,
                "place": row.place,
                "html": _html(request, "row", row=row, chosen=chosen),
            }
            for row in shown
        ],
        "gone": sorted(set(thread_ids) - {row.pk for row in shown} - set(still_there)),
        "counts": {name: views.shown_count(counts.get(name, 0)) for name in queries.NAMES},
        "badge": sidebar.shown(counts.get("unread", 0)),
    }


def thread_news(
    request: HttpRequest, visit: Visit, *, message_ids: Iterable[int] = ()
) -> dict[str, Any]:
    """What is new in the conversation that the page shows; it names its newest message (`last`),
    event (`event`) and note (`note`)."""
    given = request.POST if request.method == "POST" else request.GET
    last, event, note = (_whole(given.get(name, "")) for name in ("last", "event", "note"))
    log = stretches.newer(visit, last, event, note)
    context = views.pane(visit)
    settled = _settled(visit, [pk for pk in message_ids if pk <= log.last])
    shown = replace(log, entries=[*_gone_wrong(visit, settled), *log.entries])
    return {
        "thread": visit.thread.pk,
        "entries": _html(request, "entries", log=shown, **context) if shown.entries else "",
        "last": log.last,
        "event": log.last_event,
        "more": log.has_newer,
        "note": log.last_note,
        "names_me": log.names_me,
        "states": _states(request, visit, [one for one in settled if one.pk <= last], context),
        "head": _html(request, "head", **context),
        "banner": _html(request, "banner", **context),
        "composer": _html(request, "composer", **context),
        "composer_key": context["composer"].key,
    }


def _settled(visit: Visit, pks: list[int]) -> list[Message]:
    """Messages that the page shows already and something happened to, reactions for one."""
    return list(queries.messages_of(visit.thread, pks)) if pks else []


def _gone_wrong(visit: Visit, settled: Iterable[Message]) -> Iterator[entries.Entry]:
    """Our reactions that failed: they had no bubble until then. The page skips what it has."""
    for message in settled:
        if message.kind == "reaction" and message.status in worklists.WRONG:
            yield entries.bubble(message, None, visit)


def _states(
    request: HttpRequest, visit: Visit, settled: Iterable[Message], context: dict[str, Any]
) -> list[dict[str, Any]]:
    """Tick, box, words and reactions of messages that the page shows already."""
    return [_state(request, entries.bubble(one, None, visit), context) for one in settled]


def _state(request: HttpRequest, entry: entries.Entry, context: dict[str, Any]) -> dict[str, Any]:
    return {
        "pk": entry.pk,
        "tick": _html(request, "tick", entry=entry) if entry.tick else "",
        "trouble": _html(request, "trouble", entry=entry, **context) if entry.tick else "",
        "said": _html(request, "said", entry=entry),
        "reactions": _html(request, "reactions", entry=entry),
    }


def answer(
    request: HttpRequest,
    thread: Thread,
    *,
    status: int = 200,
    toast: str = "",
    message_ids: Iterable[int] = (),
) -> JsonResponse:
    """The answer to an act of our script: the conversation as it is now, and a word about it."""
    visit = access.visit(request, thread.pk)
    news = thread_news(request, visit, message_ids=message_ids)
    return JsonResponse({**news, "toast": toast}, status=status)


def _html(request: HttpRequest, template: str, /, **context: Any) -> str:
    return render_to_string(f"{TEMPLATES}/{template}.html", context, request)
