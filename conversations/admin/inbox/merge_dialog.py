"""Two contacts that are one customer: found, compared side by side, and joined after a question.

It works as a dialog of the page and, without a script, as a page of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from conversations import merging, searching
from conversations.admin.inbox import acts, rows, views
from conversations.admin.inbox.access import SUPERVISE, Visit, at_thread, is_script
from conversations.models import Contact, Thread

FOUND = 12


@dataclass(frozen=True)
class Side:
    """One of the two, as the table shows it; the number as this person may see it."""

    pk: int
    name: str
    number: str
    username: str
    language: str
    since: datetime
    conversations: int
    messages: int
    last_message_at: datetime | None
    is_blocked: bool
    remarks: str


@at_thread(SUPERVISE, ("GET", "HEAD", "POST"))
def dialog(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: candidates for the words `q`, or those of the same name, and with `other` both side by
    side. POST: `other` and this contact are one, with the number of `keep`.

    Answers: 409 where a message is just being sent, 422 where there are not two to join; nothing
    is changed then.
    """
    if request.method == "POST":
        return _join(request, visit)
    words = request.GET.get("q", "").strip()[: searching.CHARACTERS]
    other = _other(visit, request.GET.get("other", ""))
    context = {
        **views.pane(visit),
        "words": words,
        "candidates": [] if other else _candidates(visit, words),
        "sides": _sides(visit, [visit.thread.contact_id, other.pk]) if other else [],
        "other": other,
    }
    if is_script(request):
        return render(request, f"{views.TEMPLATES}/merge_dialog.html", context)
    return views.page(request, visit.user, visit.viewer, visit, more={**context, "show_merge": 1})


def _other(visit: Visit, key: str) -> Contact | None:
    rows_of = Contact.objects.exclude(pk=visit.thread.contact_id)
    return rows_of.filter(pk=views.key_of(key)).first()


def _candidates(visit: Visit, words: str) -> list[Side]:
    """Who may be the same: found by the words, else of the same name."""
    if words:
        hits = searching.threads_matching(words, viewer=visit.viewer)
        found = Contact.objects.filter(threads__in=hits).distinct()
    else:
        name = visit.thread.contact.name
        found = Contact.objects.filter(name__iexact=name) if name else Contact.objects.none()
    others = found.exclude(pk=visit.thread.contact_id).order_by("name", "pk")
    return _sides(visit, list(others.values_list("pk", flat=True)[:FOUND]))


def _sides(visit: Visit, pks: Iterable[int]) -> list[Side]:
    order = {pk: place for place, pk in enumerate(pks)}
    found = _counted(Contact.objects.filter(pk__in=order))
    return [_side(one, visit) for one in sorted(found, key=lambda one: order[one.pk])]


def _counted(found: QuerySet[Contact]) -> QuerySet[Contact]:
    return found.annotate(
        conversations=Count("threads", distinct=True),
        messages=Count("threads__messages", filter=~Q(threads__messages__kind="system")),
        last=Max("threads__last_message_at"),
    )


def _side(contact: Any, visit: Visit) -> Side:
    return Side(
        contact.pk,
        rows.name_of(contact, visit.viewer),
        rows.number_of(contact, visit.viewer),
        contact.username,
        contact.language,
        contact.created_at,
        contact.conversations,
        contact.messages,
        contact.last,
        contact.is_blocked,
        contact.remarks,
    )


def _join(request: HttpRequest, visit: Visit) -> HttpResponse:
    this, other = visit.thread.contact, _other(visit, request.POST.get("other", ""))
    if other is None:
        return acts.refuse(request, visit, 422, "Choose another contact to join with this one.")
    into, gone = (other, this) if request.POST.get("keep") == str(other.pk) else (this, other)
    try:
        kept = merging.merge(gone, into, by=visit.user)
    except merging.StillSending as refusal:
        return acts.refuse(request, visit, 409, f"{refusal} Press again in a moment.")
    except merging.NotMerged as refusal:
        return acts.refuse(request, visit, 422, str(refusal))
    # This conversation may have been joined to another: its page is the one that is left.
    left = Thread.objects.get(contact=kept, phone_number=visit.thread.phone_number_id)
    address = reverse("admin:conversations_thread_inbox_thread", args=[left.pk])
    messages.success(request, f"{rows.name_of(kept, visit.viewer)} is one contact now.")
    if is_script(request):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)
