"""The feed: what happened, in one order for all, to be followed by a cursor."""

from __future__ import annotations

from datetime import UTC
from typing import Any
from urllib.parse import urlencode

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations import announcements, scopes
from conversations.announcements import Told, Type
from conversations.api import bodies, problems
from conversations.api.paging import PAGE_SIZE_MAX, page_size
from conversations.api.problems import Fault, Kind, Problem
from conversations.api.resource import Door

START_ANEW = (
    "Read the rows you keep anew from their own addresses, then go on from `oldest`, or from `now`."
)
problems.add_kinds(
    {
        "cursor_too_old": Kind(410, "What came after this cursor is not kept", START_ANEW),
        "cursor_unknown": Kind(410, "This cursor was never given here", START_ANEW),
    }
)
NOW = "now"
DIGITS = 18  # of a bigint; more would be no number of ours


class AnnouncementBody(bodies.Body):
    id = serializers.CharField(help_text="Grows; the same in the feed and in webhooks.")
    type = serializers.ChoiceField(choices=Type.choices)
    at = serializers.DateTimeField()
    data = serializers.DictField(  # type: ignore[assignment]  # as the webhook's body names it
        help_text="Ids and states; with messages:read also the `text` of a message."
    )


class FeedBody(bodies.Body):
    results = AnnouncementBody(many=True)
    cursor = serializers.CharField(help_text="Where this page ends. Keep it.")
    next = serializers.CharField(help_text="The address that goes on from there, now or later.")
    has_more = serializers.BooleanField(help_text="There is more already; also of an empty page.")


class Announcements(Door):
    """What happened."""

    access = {"get": scopes.ANNOUNCEMENTS_READ}
    parameters = {"get": ("after", "type", "page_size")}

    @extend_schema(
        responses=FeedBody,
        parameters=[
            OpenApiParameter(
                "after",
                str,
                description="The cursor of the page before; `now`: only what comes from now on. "
                "Without it: from the oldest that is kept.",
            ),
            OpenApiParameter("type", str, many=True, enum=Type.values, description="Only these."),
            OpenApiParameter("page_size", int, description=f"1 to {PAGE_SIZE_MAX}."),
        ],
    )
    def get(self, request: Request) -> Response:
        """What followed on the cursor, oldest first. Nothing is skipped, reordered or repeated.

        Ask again from `cursor`, at once while `has_more`, else after a second or two. 410 where the
        cursor is older than what is kept.
        """
        types = request.query_params.getlist("type") or None
        _check(types)
        page = announcements.after(_cursor(request), page_size(request), types)
        query = [("after", page.cursor), *(("type", one) for one in types or ())]
        if size := request.query_params.get("page_size"):
            query.append(("page_size", size))
        told = {
            "results": self._bodies(page.told),
            "cursor": str(page.cursor),
            "next": f"{request.build_absolute_uri(request.path)}?{urlencode(query)}",
            "has_more": page.has_more,
        }
        return Response(told)

    def _bodies(self, told: tuple[Told, ...]) -> list[dict[str, Any]]:
        may_read = self.caller.may(scopes.MESSAGES_READ)
        ids = [one.payload["message"] for one in told if may_read and "message" in one.payload]
        texts = announcements.texts_of(ids)
        return [_body(one, texts) for one in told]


def _body(told: Told, texts: dict[int, str]) -> dict[str, Any]:
    text = texts.get(told.payload.get("message", 0))
    return {
        "id": str(told.number),
        "type": told.type,
        "at": told.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "data": told.payload if text is None else {**told.payload, "text": text},
    }


def _cursor(request: Request) -> int:
    asked = request.query_params.get("after", "0")
    if asked == NOW:
        return announcements.newest()
    if not (asked.isascii() and asked.isdigit() and len(asked) <= DIGITS):
        raise _wrong("after", "It is no cursor that was given here.")
    return int(asked)


def _check(types: list[str] | None) -> None:
    unknown = sorted(set(types or ()) - set(Type.values))
    if unknown:
        raise _wrong("type", f"Nothing of this type is announced: {unknown[0][:40]}.")


def _wrong(parameter: str, detail: str) -> Problem:
    fault = Fault(("parameter", parameter), detail)
    return Problem("invalid_parameters", detail, faults=(fault,))


@problems.translates(announcements.CursorTooOld)
def _too_old(lost: announcements.CursorTooOld) -> Problem:
    return Problem("cursor_too_old", str(lost), more={"oldest": str(lost.oldest)})


@problems.translates(announcements.CursorUnknown)
def _unknown(lost: announcements.CursorUnknown) -> Problem:
    return Problem("cursor_unknown", str(lost), more={"oldest": str(lost.oldest)})
