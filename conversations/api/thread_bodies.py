"""Conversations as they are shown, and what one says who acts on them."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.urls import reverse
from rest_framework import serializers

from conversations import clock, scopes, window
from conversations.api import bodies
from conversations.api.contacts import ContactBody
from conversations.api.labels import LabelBody
from conversations.models import Thread


class PersonBody(bodies.Body):
    """Somebody of staff, or another system, under the user that stands for it."""

    id = serializers.IntegerField()
    username = serializers.CharField()
    name = serializers.CharField(source="get_full_name")


class ThreadContact(ContactBody):
    class Meta(ContactBody.Meta):
        fields = ["id", "name", "phone_number", "is_blocked"]


class ThreadBody(bodies.Row):
    contact = ThreadContact()
    assigned_to = PersonBody(allow_null=True)
    assigned_group = serializers.CharField(source="assigned_group.name", allow_null=True)
    labels = LabelBody(many=True)
    window_is_open = serializers.SerializerMethodField(
        help_text="Anything may be sent; else templates only."
    )
    preview = serializers.SerializerMethodField(
        help_text="The newest message's beginning; null without messages:read."
    )
    link = serializers.SerializerMethodField(help_text="For staff: its page in the console.")

    class Meta:
        model = Thread
        fields = [
            "id",
            "phone_number",
            "contact",
            "mode",
            "is_closed",
            "assigned_to",
            "assigned_group",
            "labels",
            "waiting_since",
            "snoozed_until",
            "last_inbound_at",
            "last_message_at",
            "window_closes_at",
            "window_is_open",
            "unread_count",
            "preview",
            "link",
            "created_at",
        ]

    def get_window_is_open(self, thread: Thread) -> bool:
        return window.is_open(thread.window_closes_at, clock.now())

    def get_preview(self, thread: Thread) -> str | None:
        return thread.preview if self.caller.may(scopes.MESSAGES_READ) else None

    def get_link(self, thread: Thread) -> str:
        return link_of(thread.pk)


def link_of(thread_id: int) -> str:
    """The page of a conversation in the console."""
    return f"{settings.PUBLIC_URL}{_inbox()}{thread_id}/"


@cache
def _inbox() -> str:
    """Looked up once: for each row of a page it would be a quarter of the work."""
    return reverse("admin:conversations_thread_inbox")


class Taking(bodies.Body):
    example = {"assign_to": "alice"}
    from_person = serializers.BooleanField(
        default=False, help_text="Also from a person who has it; needs threads:supervise."
    )
    assign_to = serializers.CharField(
        max_length=150,
        required=False,
        help_text="The username of the colleague who gets it; without it, whoever calls.",
    )


class Leaving(bodies.Body):
    from_person = serializers.BooleanField(
        default=False, help_text="Also where somebody else has it; needs threads:supervise."
    )


class HandingOver(bodies.Body):
    example = {"reason": "The shop has an open complaint of this customer."}
    reason = serializers.CharField(max_length=200, help_text="In words for staff.")


class Labelling(bodies.Body):
    example = {"add": [3], "remove": [5]}
    add = serializers.ListField(
        child=serializers.IntegerField(min_value=1), max_length=50, default=list
    )
    remove = serializers.ListField(
        child=serializers.IntegerField(min_value=1), max_length=50, default=list
    )
