"""What staff do in a conversation: take over, hand back, close, read, settle a doubt.

A script gets the conversation as it is afterwards; a browser without one is sent back to the page.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from conversations import clock, delivery, media, receipts, sending, takeover, worklists
from conversations.admin.inbox import access, live, states, views
from conversations.admin.inbox.access import REPLY, SUPERVISE, Visit, at_thread, is_script
from conversations.models import Message, Thread, ThreadEvent
from conversations.whatsapp.content import ContentError

POST = ("POST",)
NOT_YOURS = "Take over first: only then can you write."


def reference_of(request: HttpRequest) -> uuid.UUID | None:
    """The form's own id, by which a second press is recognised; None where it has none."""
    try:
        return uuid.UUID(request.POST.get("reference", ""))
    except ValueError:
        return None


def words_of(refusal: sending.SendRefused) -> str:
    """A refusal and the way out, as one text."""
    return f"{refusal} {refusal.what_to_do}".strip()


@at_thread(REPLY, POST)
def mode(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`to` says who answers from now on: staff (this person), bot, closed, open.

    Of two people who take at once one wins; the other gets 409 with the name of the winner. Taking
    from a colleague needs a right of its own, and `from_person` as its confirmation.
    """
    to = request.POST.get("to", "")
    if to == "staff":
        return _take(request, visit)
    if states.composer_of(visit).kind == "other" and not visit.viewer.may(SUPERVISE):
        return refuse(request, visit, 409, _who_has_it(visit.thread))
    act = {"bot": takeover.release, "closed": takeover.close, "open": takeover.reopen}.get(to)
    if act is None:
        return refuse(request, visit, 422, "There is no such state.")
    act(visit.thread, by=visit.user)
    return done(request, visit)


def _take(request: HttpRequest, visit: Visit) -> HttpResponse:
    from_person = request.POST.get("from_person") == "1"
    if from_person and not visit.viewer.may(SUPERVISE):
        raise PermissionDenied
    try:
        takeover.take(visit.thread, by=visit.user, from_person=from_person)
    except takeover.AlreadyTaken:
        return refuse(request, visit, 409, _who_has_it(visit.thread))
    return done(request, visit)


def _who_has_it(thread: Thread) -> str:
    """ "Kim took over 3 seconds ago."."""
    taken = thread.events.filter(kind=ThreadEvent.Kind.TAKEN).select_related("by").last()
    if taken is None:
        return "Somebody else has taken this conversation."
    seconds = max(int((clock.now() - taken.at).total_seconds()), 0)
    ago = f"{seconds} s" if seconds < 60 else states.rough(clock.now() - taken.at)
    return f"{states.name_of(taken.by)} took over {ago} ago."


@at_thread(REPLY, POST)
def read(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The person has the conversation open: nothing in it is unread."""
    receipts.opened(visit.thread, by=visit.user)
    return HttpResponse(status=204) if is_script(request) else _back(visit)


@at_thread(REPLY, POST)
def again(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A failed or doubtful message is sent once more, as a row of its own; a second press sends
    nothing more."""
    message = _message(request, visit)
    if message.status not in worklists.WRONG:
        return refuse(request, visit, 409, "This message is on its way or has arrived.")
    if states.composer_of(visit).kind == "other":
        return refuse(request, visit, 409, _who_has_it(visit.thread))
    try:
        media.send_again(message, by=visit.user)
    except sending.SendRefused as refusal:
        return refuse(request, visit, 409, words_of(refusal))
    except ContentError as error:
        return refuse(request, visit, 422, f"Not sent: the message {error.problem}. {error.advice}")
    return done(request, visit, message)


@at_thread(REPLY, POST)
def arrived(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The person knows that a doubtful message arrived."""
    message = _message(request, visit)
    delivery.confirm_arrival(message, by=visit.user)
    return done(request, visit, message)


def _message(request: HttpRequest, visit: Visit) -> Message:
    pk = request.POST.get("message", "")
    ours = Message.objects.select_related("thread").filter(direction=Message.Direction.OUT)
    key = int(pk) if pk.isdecimal() and len(pk) < 19 else 0
    return get_object_or_404(ours, pk=key, thread=visit.thread)


def done(
    request: HttpRequest, visit: Visit, message: Message | None = None, *, said: str = ""
) -> HttpResponse:
    """The act is done; `said` is a word about it."""
    changed = [message.pk] if message else []
    if is_script(request):
        return live.answer(request, visit.thread, message_ids=changed, toast=said)
    if said:
        messages.success(request, said)
    return _back(visit)


def refuse(
    request: HttpRequest,
    visit: Visit,
    status: int,
    words: str,
    *,
    draft: str = "",
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Nothing was done, and the person reads why. What they wrote is never lost."""
    if is_script(request):
        return live.answer(request, visit.thread, status=status, toast=words)
    messages.error(request, words)
    fresh = access.visit(request, visit.thread.pk)
    return views.page(
        request,
        fresh.user,
        fresh.viewer,
        fresh,
        status=status,
        more={**({"draft": draft} if draft else {}), **(more or {})},
    )


def _back(visit: Visit) -> HttpResponse:
    return redirect("admin:conversations_thread_inbox_thread", visit.thread.pk)
