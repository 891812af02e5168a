"""Conversations: read them, and say who answers. What another system does stands under its name.

The acts are those of the console, with the console's rules: of two who take at once one wins, and
the other is told 409 with who has it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from conversations import clock, colleagues, labels, scopes, takeover
from conversations.api import access, bodies, problems
from conversations.api.filters import CharFilter, FilterSet, KeyFilter, YesOrNo
from conversations.api.problems import Fault, Kind, Problem
from conversations.api.resource import Resource
from conversations.api.thread_bodies import (
    HandingOver,
    Labelling,
    Leaving,
    PersonBody,
    Taking,
    ThreadBody,
)
from conversations.models import Label, Thread

problems.add_kinds(
    {
        "already_taken": Kind(
            409, "Somebody else has this conversation", "Leave it to them, or take it over."
        ),
        "not_the_assistants": Kind(
            409, "The assistant has not this conversation", "A person has it: ask them."
        ),
    }
)
Mode = Thread.Mode


class ThreadFilters(FilterSet):
    assigned_to = CharFilter(field_name="assigned_to__username", label="A username")
    contact = KeyFilter(field_name="contact_id", label="A contact's id")
    phone_number = KeyFilter(field_name="phone_number_id", label="The id of a number of ours")
    label = KeyFilter(field_name="labels", label="A label's id")
    unread = YesOrNo(method="with_unread", label="Has unread messages")
    window_open = YesOrNo(method="with_window", label="Its window is open now")

    class Meta:
        model = Thread
        fields = ["mode", "is_closed"]

    def with_unread(self, rows: QuerySet[Thread], name: str, value: bool) -> QuerySet[Thread]:
        return rows.filter(unread_count__gt=0) if value else rows.filter(unread_count=0)

    def with_window(self, rows: QuerySet[Thread], name: str, value: bool) -> QuerySet[Thread]:
        now = clock.now()
        open_now = rows.filter(window_closes_at__gt=now)
        return open_now if value else rows.exclude(window_closes_at__gt=now)


class Threads(Resource):
    """Conversations."""

    access = {
        "list": scopes.THREADS_READ,
        "retrieve": scopes.THREADS_READ,
        "take": scopes.THREADS_WRITE,
        "release": scopes.THREADS_WRITE,
        "close": scopes.THREADS_WRITE,
        "reopen": scopes.THREADS_WRITE,
        "hand_over": scopes.THREADS_WRITE,
        "label": scopes.THREADS_WRITE,
    }
    queryset = Thread.objects.select_related(
        "contact", "assigned_to", "assigned_group"
    ).prefetch_related("labels")
    serializer_class = ThreadBody
    filterset_class = ThreadFilters

    @extend_schema(request=Taking, responses=ThreadBody)
    @action(detail=True, methods=["post"])
    def take(self, request: Request, pk: int) -> Response:
        """The assistant is silent: whoever calls has it, or the colleague who is named.

        409 `already_taken` with `taken_by` where somebody else has it. Twice: nothing changes.
        """
        asked = bodies.read(Taking, request)
        from_person, by = self._from_person(asked), self.caller.user
        thread = self.locked()
        if username := asked.get("assign_to"):
            takeover.assign(thread, to=_colleague(username), by=by, from_person=from_person)
        else:
            takeover.take(thread, by=by, from_person=from_person)
        return self._as_it_is_now(thread)

    @extend_schema(request=Leaving, responses=ThreadBody)
    @action(detail=True, methods=["post"])
    def release(self, request: Request, pk: int) -> Response:
        """The assistant answers again. 409 where somebody else has it."""
        return self._leave(request, takeover.release)

    @extend_schema(request=Leaving, responses=ThreadBody)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: int) -> Response:
        """Done, until the customer writes again. 409 where somebody else has it."""
        return self._leave(request, takeover.close)

    @extend_schema(request=None, responses=ThreadBody)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: int) -> Response:
        """Open again, with the assistant. Twice: nothing changes."""
        thread = self.locked()
        takeover.reopen(thread, by=self.caller.user)
        return self._as_it_is_now(thread)

    @extend_schema(request=HandingOver, responses=ThreadBody)
    @action(detail=True, methods=["post"])
    def hand_over(self, request: Request, pk: int) -> Response:
        """The assistant is silent, and it waits for whoever of staff is free.

        Twice: nothing changes. 409 `not_the_assistants` where a person has it.
        """
        reason = bodies.read(HandingOver, request)["reason"]
        thread = self.locked()
        if not takeover.hand_over(thread, reason=reason) and thread.mode == Mode.STAFF:
            raise Problem(
                "not_the_assistants",
                f"{colleagues.name_of(thread.assigned_to)} has it.",
                more={"taken_by": _told(thread.assigned_to)},
            )
        return self._as_it_is_now(thread)

    @extend_schema(request=Labelling, responses=ThreadBody)
    @action(detail=True, methods=["post"], url_path="labels")
    def label(self, request: Request, pk: int) -> Response:
        """It has the labels of `add`, and none of `remove`. Twice: nothing changes."""
        asked = bodies.read(Labelling, request)
        known = Label.objects.in_bulk([*asked["add"], *asked["remove"]])
        if faults := tuple(_unknown_labels(asked, known)):
            raise problems.invalid(faults)
        thread = self.locked()
        for act, keys in ((labels.put, asked["add"]), (labels.take_off, asked["remove"])):
            for key in keys:
                act([thread], known[key], by=self.caller.user)
        return self._as_it_is_now(thread)

    def _from_person(self, asked: dict[str, Any]) -> bool:
        if asked["from_person"]:
            access.require(self.caller, scopes.THREADS_SUPERVISE)
        return bool(asked["from_person"])

    def _leave(self, request: Request, act: Callable[..., bool]) -> Response:
        from_person = self._from_person(bodies.read(Leaving, request))
        thread = self.locked()
        # The row is locked: nobody takes it between this look and the act.
        takeover.leave_to_whom_has_it(thread, by=self.caller.user, from_person=from_person)
        act(thread, by=self.caller.user)
        return self._as_it_is_now(thread)

    def _as_it_is_now(self, thread: Thread) -> Response:
        return self.answer(self.get_queryset().get(pk=thread.pk))


def _colleague(username: str) -> User:
    user = User.objects.filter(username=username, is_active=True, is_staff=True).first()
    if user is None:
        fault = Fault(("pointer", "#/assign_to"), "Nobody here has this name.", "does_not_exist")
        raise problems.invalid((fault,))
    return user


def _unknown_labels(asked: dict[str, list[int]], known: dict[int, Label]) -> list[Fault]:
    return [
        Fault(("pointer", f"#/{name}/{place}"), "There is no such label.", "does_not_exist")
        for name in ("add", "remove")
        for place, key in enumerate(asked[name])
        if key not in known
    ]


def _told(user: User | None) -> dict[str, Any] | None:
    return dict(PersonBody(user).data) if user else None


@problems.translates(takeover.AlreadyTaken)
def _already_taken(taken: takeover.AlreadyTaken) -> Problem:
    return Problem("already_taken", str(taken), more={"taken_by": _told(taken.by)})


@problems.translates(takeover.CannotAnswer)
def _cannot_answer(situation: takeover.CannotAnswer) -> Problem:
    fault = Fault(("pointer", "#/assign_to"), str(situation), "cannot_answer")
    return problems.invalid((fault,))
