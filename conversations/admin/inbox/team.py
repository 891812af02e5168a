"""What a team does with a conversation: give it to somebody or to a group, put it aside, wake it.

The menu of the head offers it. Giving it to others is for supervisors, and taking it from a
colleague too; to a group anybody may pass on what is nobody's or their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from conversations import colleagues, presence, snoozing, takeover
from conversations.admin.inbox import acts, states, views
from conversations.admin.inbox.access import REPLY, SUPERVISE, Visit, at_thread
from conversations.admin.inbox.formatting import clock_time, local

POST = acts.POST
MORNING = 8  # o'clock, of the business
EVENING = 18
SOON = timedelta(hours=3)


@dataclass(frozen=True)
class Choice:
    """A time until which a conversation may be put aside."""

    name: str
    label: str
    at: datetime

    @property
    def words(self) -> str:
        return clock_time(self.at) if self.name == "later" else f"{local(self.at):%a %H:%M}"


def choices(now: datetime) -> list[Choice]:
    """Later today while the day is long enough, tomorrow and next Monday in the morning."""
    here = local(now)
    later = (here + SOON).replace(minute=0, second=0, microsecond=0)
    tomorrow = _morning(here + timedelta(days=1))
    monday = _morning(here + timedelta(days=7 - here.weekday()))
    found = [
        Choice("later", "Later today", later),
        Choice("tomorrow", "Tomorrow", tomorrow),
        Choice("week", "Next week", monday),
    ]
    is_late = later.date() != here.date() or later.hour > EVENING
    return found[1:] if is_late else found


def _morning(day: datetime) -> datetime:
    return day.replace(hour=MORNING, minute=0, second=0, microsecond=0)


def groups_that_answer() -> QuerySet[Group]:
    """Groups in which somebody may answer customers."""
    people = colleagues.who_may(colleagues.REPLY).order_by().values("pk")
    return Group.objects.filter(user__in=people).distinct().order_by("name")


def people_who_answer() -> QuerySet[User]:
    return colleagues.who_may(colleagues.REPLY).order_by("first_name", "username")


@at_thread(REPLY)
def menu(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What the head offers besides its buttons."""
    may_assign = visit.viewer.may(SUPERVISE)
    context = {
        **views.pane(visit),
        "choices": choices(visit.now),
        "earliest": local(visit.now + timedelta(minutes=1)),
        "people": people_who_answer() if may_assign else (),
        "groups": groups_that_answer(),
        "is_others": states.composer_of(visit).kind == "other",
        "may_assign": may_assign,
    }
    return render(request, f"{views.TEMPLATES}/menu.html", context)


@at_thread(REPLY, POST)
def assign(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`person` or `group` has it; a colleague's only with `from_person`.

    Answers: 403 without the right, 409 with the name of who has it meanwhile, 422 for whom may not
    answer customers.
    """
    from_person = request.POST.get("from_person") == "1"
    person = request.POST.get("person", "")
    if (from_person or person) and not visit.viewer.may(SUPERVISE):
        raise PermissionDenied
    try:
        if person:
            to = get_object_or_404(User, pk=views.key_of(person))
            takeover.assign(visit.thread, to=to, by=visit.user, from_person=from_person)
        else:
            group = get_object_or_404(Group, pk=views.key_of(request.POST.get("group", "")))
            takeover.assign_to_group(
                visit.thread, group=group, by=visit.user, from_person=from_person
            )
    except takeover.AlreadyTaken as taken:
        return acts.refuse(request, visit, 409, str(taken))
    except takeover.CannotAnswer as refusal:
        return acts.refuse(request, visit, 422, str(refusal))
    return acts.done(request, visit)


@at_thread(REPLY, POST)
def snooze(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Out of the list until `until`: the name of a choice, or a time of the business's clock."""
    until = _until(request.POST.get("until", ""), visit.now)
    if until is None:
        return acts.refuse(request, visit, 422, "Choose a day and a time.")
    try:
        snoozing.snooze(
            visit.thread, until=until, by=visit.user, from_person=visit.viewer.may(SUPERVISE)
        )
    except snoozing.NotSnoozed as refusal:
        return acts.refuse(request, visit, 422, str(refusal))
    except takeover.AlreadyTaken as taken:
        return acts.refuse(request, visit, 409, str(taken))
    return acts.done(request, visit)


def _until(given: str, now: datetime) -> datetime | None:
    named = {choice.name: choice.at for choice in choices(now)}
    if given in named:
        return named[given]
    try:
        chosen = parse_datetime(given)
    except ValueError:
        return None
    if chosen is None:
        return None
    return timezone.make_aware(chosen) if timezone.is_naive(chosen) else chosen


@at_thread(REPLY, POST)
def wake(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Back in the list, before its time."""
    snoozing.wake(visit.thread, by=visit.user)
    return acts.done(request, visit)


@at_thread(methods=POST)
def left(request: HttpRequest, visit: Visit) -> HttpResponse:
    """This person closed the page; colleagues need not wait to see it."""
    presence.left(visit.thread, by=visit.user)
    return HttpResponse(status=204)
