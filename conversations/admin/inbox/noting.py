"""Notes of staff beside a conversation: written here, read in the log, and never sent.

Whoever may answer customers may note something, also where a colleague or the assistant has the
conversation and where the window is shut.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from conversations import colleagues, drafts, notes
from conversations.admin.inbox import access, acts, mentions, states
from conversations.admin.inbox.access import REPLY, VIEW, Visit, at_inbox, at_thread, is_script
from conversations.models import Draft, Note

PEOPLE = 200


@at_thread(REPLY, acts.POST)
def add(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The note stands in the conversation, once for each `reference` of the form;
    its draft is gone.

    Answers: 422 where it is no note; what was written stays with the person.
    """
    text = request.POST.get("text", "")
    try:
        notes.add(visit.thread, text, by=visit.user, reference=acts.reference_of(request))
    except notes.NoteRefused as refusal:
        more = {"note_draft": text, "is_noting": True}
        return acts.refuse(request, visit, 422, str(refusal), more=more)
    drafts.keep(visit.thread, by=visit.user, kind=Draft.Kind.NOTE, text="")
    return acts.done(request, visit)


@at_thread(REPLY, acts.POST)
def draft(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What the person has written so far is kept for all their devices.

    Late, after the form's `reference` became a note: nothing, or the note would stand there again.
    """
    reference = acts.reference_of(request)
    if reference is None or not Note.objects.filter(reference=reference).exists():
        text = request.POST.get("text", "")
        drafts.keep(visit.thread, by=visit.user, kind=Draft.Kind.NOTE, text=text)
    return HttpResponse(status=204)


@at_thread(VIEW, acts.POST)
def seen(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The person has read the notes here; a script gets what still waits for them elsewhere."""
    notes.seen(visit.thread, by=visit.user)
    if not is_script(request):
        return redirect("admin:conversations_thread_inbox_thread", visit.thread.pk)
    return HttpResponse(mentions.html(request, visit.user, visit.viewer))


@at_inbox
def people(request: HttpRequest) -> HttpResponse:
    """Whom a note can name, for the menu that opens after an @: {"people": [{name, login}]}."""
    user = access.signed_in(request)
    access.require(access.viewer_of(user), VIEW)
    others = colleagues.who_may(colleagues.VIEW).exclude(pk=user.pk)
    found = others.order_by("first_name", "username")[:PEOPLE]
    shown = [{"name": states.name_of(one), "login": one.get_username()} for one in found]
    return JsonResponse({"people": shown})
