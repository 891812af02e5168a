"""The dialog that begins a conversation: with a number, or with somebody who is known.

A conversation that is there is opened, never doubled. Nothing is sent: the template dialog follows.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from conversations import opening, searching, takeover
from conversations.admin.inbox import access, rows, views
from conversations.admin.inbox.access import REPLY, VIEW, is_script
from conversations.domain import Viewer
from conversations.models import Contact, PhoneNumber, Thread

SHOWN = 8
NUMBER = re.compile(r"\+?[\d\s()./-]*\d{2}[\d\s()./-]*")


@dataclass(frozen=True)
class Known:
    """Somebody who may be meant."""

    pk: int
    name: str
    number: str
    initials: str
    colour: int


def new(request: HttpRequest) -> HttpResponse:
    """GET: the dialog. POST with `preview`: who may be meant by `number`, a name or a number. POST:
    the conversation with the `contact`, or with that number.

    Answers: 422 with the reason where it is no number, or could be several people.
    """
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    user = access.signed_in(request)
    viewer = access.viewer_of(user)
    access.require(viewer, VIEW, REPLY)
    numbers = list(PhoneNumber.objects.order_by("pk"))
    ours = _chosen(numbers, request.POST.get("from", ""))
    words = request.POST.get("number", "").strip()[: searching.CHARACTERS]
    if request.method != "POST" or "preview" in request.POST or ours is None:
        return _dialog(request, user, viewer, numbers, ours, words)
    try:
        thread = opening.thread_with(ours, _whom(request, viewer, words))
    except opening.NumberRefused as refusal:
        return _dialog(request, user, viewer, numbers, ours, words, problem=str(refusal))
    return _opened(request, user, thread)


def _chosen(numbers: list[PhoneNumber], key: str) -> PhoneNumber | None:
    first = numbers[0] if numbers else None
    return next((number for number in numbers if str(number.pk) == key), first)


def _whom(request: HttpRequest, viewer: Viewer, words: str) -> str | Contact:
    """The contact that was pressed, the only one of that name, or what is to be a number."""
    contact = Contact.objects.filter(pk=views.key_of(request.POST.get("contact", ""))).first()
    if contact or NUMBER.fullmatch(words):
        return contact or words
    found = list(searching.contacts_matching(words, viewer=viewer)[:2])
    if len(found) == 1:
        return found[0]
    if found:
        raise opening.NumberRefused("Several people are called that", "Choose one of them.")
    return words


def _opened(request: HttpRequest, user: User, thread: Thread) -> HttpResponse:
    is_new = thread.last_message_at is None
    if is_new:
        # Whoever begins it writes in it; two at once have the same one, and one of them has it.
        with contextlib.suppress(takeover.AlreadyTaken):
            takeover.take(thread, by=user)
    url = reverse("admin:conversations_thread_inbox_thread", args=[thread.pk])
    if not is_script(request):
        return redirect(url)
    toast = "" if is_new else "There is a conversation already: here it is."
    return JsonResponse({"url": url, "toast": toast, "is_new": is_new})


def _dialog(
    request: HttpRequest,
    user: User,
    viewer: Viewer,
    numbers: list[PhoneNumber],
    ours: PhoneNumber | None,
    words: str,
    problem: str = "",
) -> HttpResponse:
    contacts = searching.contacts_matching(words, viewer=viewer)[:SHOWN]
    may_be, hint = _number_in(words, ours)
    context = {
        "numbers": numbers,
        "ours": ours,
        "words": words,
        "found": [_known(contact, viewer) for contact in contacts],
        "may_be": may_be,
        "problem": problem or hint,
    }
    status = 422 if problem else 200
    if is_script(request):
        return render(request, f"{views.TEMPLATES}/new.html", context, status=status)
    return views.page(request, user, viewer, status=status, more={**context, "show_new": True})


def _number_in(words: str, ours: PhoneNumber | None) -> tuple[str, str]:
    """The number that was typed, as people read it, or what is wrong with it; "" for a name."""
    if ours is None or not NUMBER.fullmatch(words):
        return "", ""
    try:
        return rows.readable(opening.number_of(words, ours)), ""
    except opening.NumberRefused as refusal:
        return "", str(refusal)


def _known(contact: Contact, viewer: Viewer) -> Known:
    name = rows.name_of(contact, viewer)
    number = rows.number_of(contact, viewer)
    colour = contact.pk % rows.AVATARS
    return Known(contact.pk, name, number, rows.initials(name), colour)
