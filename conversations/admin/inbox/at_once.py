"""One act on all the conversations that were ticked in the list, and the words for its result.

What colleagues have stays theirs, unless a supervisor says otherwise; giving to others is for
supervisors as well.
"""

from __future__ import annotations

from django.contrib.auth.models import Group, User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render

from conversations import bulk, colleagues, labels, takeover
from conversations.admin.inbox import access, team, views
from conversations.admin.inbox.access import REPLY, SUPERVISE, VIEW, at_inbox, by_post
from conversations.models import Label, Thread

AT_MOST = 500
MENUS = ("assign", "label", "close")


@at_inbox
def menu(request: HttpRequest) -> HttpResponse:
    """What may be done, `for` one of the buttons of the bar."""
    user = access.signed_in(request)
    viewer = access.viewer_of(user)
    access.require(viewer, VIEW, REPLY)
    wanted = request.GET.get("for", "")
    may_supervise = viewer.may(SUPERVISE)
    context = {
        "wanted": wanted if wanted in MENUS else MENUS[0],
        "may_supervise": may_supervise,
        "people": team.people_who_answer().exclude(pk=user.pk) if may_supervise else (),
        "groups": team.groups_that_answer() if wanted == "assign" else (),
        "labels": Label.objects.all() if wanted == "label" else (),
    }
    return render(request, f"{views.TEMPLATES}/bulk_menu.html", context)


@by_post
def act(request: HttpRequest) -> HttpResponse:
    """`person`, `group`, `label`, `unlabel` or `close` happens to every `thread`; the answer says
    in words to how many.

    Answers: 403 without the right, 404 where it is nothing known, 422 where nothing was ticked or
    somebody may not answer customers.
    """
    user = access.signed_in(request)
    viewer = access.viewer_of(user)
    from_person = request.POST.get("from_person") == "1"
    person = views.key_of(request.POST.get("person", ""))
    if from_person or person not in (0, user.pk):
        access.require(viewer, SUPERVISE)
    keys = {views.key_of(key) for key in request.POST.getlist("thread")[:AT_MOST]}
    threads = list(Thread.objects.filter(pk__in=keys).order_by("pk"))
    if not threads:
        return JsonResponse({"toast": "Nothing is selected."}, status=422)
    try:
        words = _done(request, threads, by=user, person=person, from_person=from_person)
    except takeover.CannotAnswer as refusal:
        return JsonResponse({"toast": str(refusal)}, status=422)
    return JsonResponse({"toast": words})


def _done(
    request: HttpRequest, threads: list[Thread], *, by: User, person: int, from_person: bool
) -> str:
    given = request.POST
    if person:
        to = get_object_or_404(User, pk=person)
        outcome = bulk.assign(threads, to=to, by=by, from_person=from_person)
        whom = "you" if to == by else colleagues.name_of(to)
        return in_words(outcome, f"assigned to {whom}", f"assigned to {whom}")
    if "group" in given:
        group = get_object_or_404(Group, pk=views.key_of(given["group"]))
        outcome = bulk.assign_to_group(threads, group=group, by=by, from_person=from_person)
        return in_words(outcome, f"assigned to {group.name}", f"waiting for {group.name}")
    if "close" in given:
        outcome = bulk.close(threads, by=by, from_person=from_person)
        return in_words(outcome, "closed", "closed")
    key = given.get("label") or given.get("unlabel") or ""
    label = get_object_or_404(Label, pk=views.key_of(key))
    change = labels.put if "label" in given else labels.take_off
    number = change(threads, label, by=by)
    where = f"put on {number}" if "label" in given else f"taken off {number}"
    rest = len(threads) - number
    had = f" {rest} had it already." if "label" in given else f" {rest} had it not."
    return f"{label.name} {where}.{had if rest else ''}"


def in_words(outcome: bulk.Outcome, done: str, already: str) -> str:
    """ "12 assigned to Kim. 1 was assigned to Kim already. 2 are Lee's and stayed." """
    parts = [f"{outcome.done} {done}."]
    if outcome.already:
        parts.append(f"{outcome.already} {_was(outcome.already)} {already} already.")
    for name, number in sorted(outcome.kept.items()):
        verbs = "is" if number == 1 else "are"
        parts.append(f"{number} {verbs} {name}'s and stayed.")
    return " ".join(parts)


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
