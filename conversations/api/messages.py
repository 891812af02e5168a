"""Messages, in and out: what was said, how it went, and the files that came with it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations import failures, scopes
from conversations.api import bodies, new_messages
from conversations.api.filters import FilterSet, KeyFilter
from conversations.api.new_messages import NewMessage, Outlook
from conversations.api.resource import Resource
from conversations.api.thread_bodies import PersonBody, link_of
from conversations.models import MediaFile, Message, Thread

DOUBT = {
    "code": None,
    "cause": "The connection broke while it was sent: nobody knows whether it arrived.",
    "what_to_do": "Wait for its status, or ask. Sending it again may tell the customer twice.",
    "detail": None,
}

# Of the conversation a message shows whose it is, and no more.
REST_OF_THREAD = [
    f"thread__{column.name}"
    for column in Thread._meta.concrete_fields
    if column.name not in ("id", "contact")
]


class FailureBody(bodies.Body):
    code = serializers.IntegerField(allow_null=True, help_text="Meta's, or null.")
    cause = serializers.CharField(help_text="In plain words.")
    what_to_do = serializers.CharField()
    detail = serializers.CharField(allow_null=True, help_text="Word for word, mostly Meta's.")


class FileBody(bodies.Row):
    url = serializers.SerializerMethodField(help_text="Its bytes; null while it is not here.")

    class Meta:
        model = MediaFile
        fields = ["id", "state", "mime_type", "filename", "size", "sha256", "error", "url"]

    def get_url(self, media_file: MediaFile) -> str | None:
        is_here = media_file.state == MediaFile.State.HERE
        return f"/api/v1/media/{media_file.pk}" if is_here else None


class MessageBody(bodies.Row):
    contact = serializers.IntegerField(source="thread.contact_id")
    sent_by = PersonBody(allow_null=True)
    wamid = serializers.SerializerMethodField(
        help_text="Meta's id, in which the number is hidden: null without contacts:numbers."
    )
    content = serializers.SerializerMethodField(
        help_text="As on the wire; of a customer's message null without contacts:numbers."
    )
    failure = serializers.SerializerMethodField(help_text="Why it did not arrive, else null.")
    media = serializers.SerializerMethodField(help_text="Its file, else null.")
    pricing = serializers.SerializerMethodField(help_text="As Meta told it, else null.")
    link = serializers.SerializerMethodField(help_text="For staff: its page in the console.")

    class Meta:
        model = Message
        fields = [
            "id",
            "reference",
            "thread",
            "contact",
            "direction",
            "origin",
            "kind",
            "text",
            "content",
            "status",
            "failure",
            "media",
            "wamid",
            "sent_by",
            "sent_at",
            "queued_at",
            "window_closes_at",
            "edited_at",
            "revoked_at",
            "pricing",
            "link",
            "created_at",
        ]

    def get_wamid(self, message: Message) -> str | None:
        return message.wamid if self._sees_numbers() else None

    @extend_schema_field({"type": ["object", "null"], "additionalProperties": True})
    def get_content(self, message: Message) -> dict[str, Any] | None:
        is_ours = message.direction == Message.Direction.OUT
        return message.content if is_ours or self._sees_numbers() else None

    @extend_schema_field(FailureBody(allow_null=True))
    def get_failure(self, message: Message) -> dict[str, Any] | None:
        return failure_of(message)

    @extend_schema_field(FileBody(allow_null=True))
    def get_media(self, message: Message) -> dict[str, Any] | None:
        media_file = getattr(message, "media", None)
        return dict(FileBody(media_file, context=self.context).data) if media_file else None

    def get_pricing(self, message: Message) -> dict[str, Any] | None:
        return message.pricing

    def get_link(self, message: Message) -> str:
        return link_of(message.thread_id)

    def _sees_numbers(self) -> bool:
        return self.caller.may(scopes.CONTACTS_NUMBERS)


def failure_of(message: Message) -> dict[str, Any] | None:
    """Why a message did not arrive, or may not have, and what to do; None for all others."""
    if message.status == Message.Status.UNCONFIRMED:
        return dict(FailureBody(DOUBT).data)
    if message.status != Message.Status.FAILED:
        return None
    meaning = failures.meaning_of(message)
    told = {"code": message.error_code, "cause": meaning.cause, "what_to_do": meaning.what_to_do}
    told["detail"] = message.error_text or None
    return dict(FailureBody(told).data)


class MessageFilters(FilterSet):
    thread = KeyFilter(field_name="thread_id", label="A conversation's id")
    contact = KeyFilter(method="of_contact", label="A contact's id")

    class Meta:
        model = Message
        fields = ["direction", "origin", "kind", "status", "reference"]

    def of_contact(self, rows: QuerySet[Message], name: str, value: Any) -> QuerySet[Message]:
        return rows.filter(thread__in=Thread.objects.filter(contact=value))


class Messages(Resource):
    """Messages."""

    access = {
        "list": scopes.MESSAGES_READ,
        "retrieve": scopes.MESSAGES_READ,
        "create": scopes.MESSAGES_SEND,
    }
    queryset = Message.objects.select_related("thread", "sent_by", "media").defer(*REST_OF_THREAD)
    serializer_class = MessageBody
    filterset_class = MessageFilters

    @extend_schema(request=NewMessage, responses={201: MessageBody, 200: Outlook})
    def create(self, request: Request) -> Response:
        """The message is queued (201), or with `dry_run` what would happen is told (200).

        409 `window_closed`, `contact_blocked` or `consent_withdrawn`, 422 `template_refused` or
        `file_refused`, each with what to do. The gate is the one that staff and the assistant have.
        Into a conversation that a person has it is sent all the same; who answers stays as it is.
        Use an `Idempotency-Key`, so that sending again after a broken connection sends nothing.
        """
        asked = bodies.read(NewMessage, request)
        if asked["dry_run"]:
            foreseen = new_messages.outlook(asked, self.caller)
            return Response(Outlook(foreseen).data)
        sent = new_messages.send(asked, self.caller)
        message = self.get_queryset().get(pk=sent.pk)
        self.touch(message, message.thread)
        return self.answer(message, status=201, location=f"/api/v1/messages/{message.pk}")
