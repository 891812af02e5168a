"""Outgoing webhooks, as the system that gets them keeps them: each sees and changes its own."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from conversations import outgoing, scopes
from conversations.announcements import Type
from conversations.api import access, bodies, problems
from conversations.api.paging import PARAMETERS
from conversations.api.problems import Fault, Kind, Problem
from conversations.api.resource import Resource
from conversations.models import WebhookDelivery, WebhookSubscription

problems.add_kinds(
    {
        "too_many_subscriptions": Kind(
            409, "There are as many subscriptions as there may be", "Change one, or delete one."
        ),
    }
)
PAUSED_BY_API = "Paused by the API."


class SubscriptionBody(bodies.Row):
    types = serializers.ListField(
        child=serializers.ChoiceField(choices=Type.choices), help_text="Empty: everything."
    )

    class Meta:
        model = WebhookSubscription
        fields = [
            "id",
            "name",
            "url",
            "types",
            "has_text",
            "paused_at",
            "paused_reason",
            "failing_since",
            "former_secret_until",
            "created_at",
        ]


class NewSubscriptionBody(SubscriptionBody):
    secret = serializers.CharField(help_text="Shown this once. See: verifying our signatures.")

    class Meta(SubscriptionBody.Meta):
        fields = [*SubscriptionBody.Meta.fields, "secret"]


class Subscribing(bodies.Body):
    name = serializers.CharField(max_length=80)
    url = serializers.CharField(
        max_length=2000, help_text="https://, public, without a password in it."
    )
    types = serializers.ListField(
        child=serializers.ChoiceField(choices=Type.choices),
        max_length=len(Type),
        default=list,
        help_text="Empty: everything.",
    )
    has_text = serializers.BooleanField(
        default=False, help_text="Messages with what was written in them; needs messages:read."
    )


class DeliveryBody(bodies.Row):
    log = serializers.ListField(
        child=serializers.DictField(), help_text="Each try: at, status, milliseconds, fault, answer"
    )

    class Meta:
        model = WebhookDelivery
        fields = ["id", "event_id", "type", "at", "state", "attempts", "next_at", "delivered_at"]
        fields += ["log", "created_at"]


class Replaying(bodies.Body):
    since = serializers.DateTimeField(help_text="Everything announced since then.")


class ReplayedBody(bodies.Body):
    count = serializers.IntegerField(help_text="So many deliveries are on their way.")


class WebhookSubscriptions(Resource):
    """Outgoing webhooks."""

    access = dict.fromkeys(
        (
            *("list", "retrieve", "create", "partial_update", "destroy"),
            *("rotate", "pause", "resume", "test", "replay", "deliveries"),
        ),
        scopes.WEBHOOKS_WRITE,
    )
    parameters = {"deliveries": (*sorted(PARAMETERS), "state")}
    serializer_class = SubscriptionBody
    queryset = WebhookSubscription.objects.all()

    def get_queryset(self) -> QuerySet[WebhookSubscription]:
        """A key's own; staff see all."""
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):  # it is only described
            return rows
        client = self.caller.client
        return rows.filter(client=client) if client else rows

    @extend_schema(request=Subscribing, responses={201: NewSubscriptionBody})
    def create(self, request: Request) -> Response:
        """It is told of what happens from now on. The answer shows its secret, this once."""
        asked = bodies.read(Subscribing, request)
        self._may_have(asked)
        made, secret = outgoing.create(**asked, client=self.caller.client)
        self.touch(made)
        data = {**self.get_serializer(made).data, "secret": secret}
        location = f"{request.path}/{made.pk}"
        return Response(data, status=201, headers={"Location": location, **NO_STORE})

    @extend_schema(request=Subscribing, responses=SubscriptionBody)
    def partial_update(self, request: Request, pk: int) -> Response:
        """It has what is given; the rest stays. Another address is tried at once."""
        asked = bodies.read(Subscribing, request, partial=True)
        self._may_have(asked)
        return self.answer(outgoing.change(self.locked(), **asked))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        """It is told nothing any more, and its deliveries are gone."""
        outgoing.delete(self.locked())
        return Response(status=204)

    @extend_schema(request=None, responses=NewSubscriptionBody)
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, pk: int) -> Response:
        """Another secret, shown this once. For 24 hours the former one signs as well."""
        row = self.locked()
        secret = outgoing.rotate(row)
        row.refresh_from_db()
        return Response({**self.get_serializer(row).data, "secret": secret}, headers=NO_STORE)

    @extend_schema(request=None, responses=SubscriptionBody)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: int) -> Response:
        """Nothing is posted to it until it is resumed. Twice: nothing changes."""
        row = self.get_object()
        outgoing.pause(row, reason=PAUSED_BY_API)
        return self._as_it_is_now(row)

    @extend_schema(request=None, responses=SubscriptionBody)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: int) -> Response:
        """It is told again, first of what it missed. Twice: nothing changes."""
        row = self.get_object()
        outgoing.resume(row)
        return self._as_it_is_now(row)

    @extend_schema(request=None, responses={202: DeliveryBody})
    @action(detail=True, methods=["post"])
    def test(self, request: Request, pk: int) -> Response:
        """A test event is posted to it, once, of the type webhook.test. How it went is among the
        deliveries; one that is paused gets it when it is resumed.
        """
        delivery = outgoing.queue_test(self.locked())
        delivery.refresh_from_db()
        body = DeliveryBody(delivery, context=self.get_serializer_context())
        return Response(body.data, status=202)

    @extend_schema(request=Replaying, responses={202: ReplayedBody})
    @action(detail=True, methods=["post"])
    def replay(self, request: Request, pk: int) -> Response:
        """Everything since then is posted again, with the same ids."""
        since = bodies.read(Replaying, request)["since"]
        return Response({"count": outgoing.replay(self.locked(), since=since)}, status=202)

    @extend_schema(responses=DeliveryBody(many=True))
    @action(detail=True, methods=["get"])
    def deliveries(self, request: Request, pk: int) -> Response:
        """What was posted to it and how it went, newest first. `state`: waiting, given_up, ..."""
        rows = WebhookDelivery.objects.filter(subscription=self.get_object())
        if state := request.query_params.get("state"):
            if state not in WebhookDelivery.State.values:
                fault = Fault(("parameter", "state"), "There is no such state.", "invalid_choice")
                raise Problem("invalid_parameters", fault.detail, faults=(fault,))
            rows = rows.filter(state=state)
        page = self.paginate_queryset(rows) or []
        body = DeliveryBody(page, many=True, context=self.get_serializer_context())
        return self.get_paginated_response(body.data)

    def _may_have(self, asked: dict[str, Any]) -> None:
        if asked.get("has_text"):
            access.require(self.caller, scopes.MESSAGES_READ)

    def _as_it_is_now(self, row: WebhookSubscription) -> Response:
        return self.answer(self.get_queryset().get(pk=row.pk))


NO_STORE = {"Cache-Control": "no-store"}


@problems.translates(outgoing.AddressRefused)
def _address_refused(refused: outgoing.AddressRefused) -> Problem:
    return problems.invalid((Fault(("pointer", "#/url"), str(refused), "address_refused"),))


@problems.translates(outgoing.TypeUnknown)
def _type_unknown(unknown: outgoing.TypeUnknown) -> Problem:
    return problems.invalid((Fault(("pointer", "#/types"), str(unknown), "invalid_choice"),))


@problems.translates(outgoing.TooMany)
def _too_many(situation: outgoing.TooMany) -> Problem:
    return Problem("too_many_subscriptions", str(situation))
