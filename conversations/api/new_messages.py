"""One call sends: to a phone number or a contact, what is said, and what if the window is closed.

The contact and the conversation are made where there are none. The gate decides, as for everybody.
A message may go into a conversation that a person or the assistant has: it does not change who
answers, and staff see which system sent it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from rest_framework import serializers

from conversations import clock, media, opening, sending, window
from conversations.api import bodies, message_bodies, problems
from conversations.api.clients import Caller
from conversations.api.problems import Fault, Kind, Problem
from conversations.models import Contact, Message, PhoneNumber, Thread, Upload
from conversations.whatsapp.content import Content

logger = logging.getLogger(__name__)

WHOM = ("phone_number", "contact")
CONTENTS = ("text", "buttons", "list", "media", "template")
WINDOW_CLOSED = sending.WindowClosed.code

problems.add_kinds(
    {
        WINDOW_CLOSED: Kind(409, "The 24-hour window is closed", sending.WindowClosed.what_to_do),
        sending.ContactBlocked.code: Kind(
            409, "The contact is blocked", sending.ContactBlocked.what_to_do
        ),
        sending.ConsentWithdrawn.code: Kind(
            409, "The customer does not want this", sending.ConsentWithdrawn.what_to_do
        ),
        sending.NotYours.code: Kind(
            409, "Somebody else has the conversation", sending.NotYours.what_to_do
        ),
        sending.TemplateRefused.code: Kind(
            422, "The template cannot be sent", sending.TemplateRefused.what_to_do
        ),
        media.FileRefused.code: Kind(422, "WhatsApp does not take the file"),
    }
)


class NewMessage(bodies.Body):
    example = {
        "phone_number": "+27 82 123 4567",
        "text": "Hi Thandi, order 1042 is on its way.",
        "on_closed_window": "template",
        "closed_window_template": {"name": "order_shipped", "variables": ["Thandi", "1042"]},
    }
    phone_number = serializers.CharField(
        required=False, max_length=40, help_text="+27 82 123 4567; or `contact`."
    )
    contact = serializers.IntegerField(
        required=False, min_value=1, help_text="A contact's id; or `phone_number`."
    )
    from_number = serializers.IntegerField(
        required=False,
        min_value=1,
        help_text="The id of the number of ours; needed where there are several.",
    )
    text = message_bodies.Words(required=False)
    buttons = message_bodies.NewButtons(required=False)
    list = message_bodies.NewList(required=False)
    media = message_bodies.NewMedia(required=False)
    template = message_bodies.NewTemplate(required=False)
    on_closed_window = serializers.ChoiceField(
        choices=["refuse", "template"],
        default="refuse",
        help_text="What if the customer has not written for 24 hours.",
    )
    closed_window_template = message_bodies.NewTemplate(
        required=False, help_text="What is sent then, with on_closed_window=template."
    )
    dry_run = serializers.BooleanField(
        default=False, help_text="Say what would happen, and leave no trace."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        _exactly_one(attrs, WHOM)
        _exactly_one(attrs, CONTENTS)
        falls_back = attrs["on_closed_window"] == "template"
        if falls_back != ("closed_window_template" in attrs):
            said = "Give it together with on_closed_window=template, and only then."
            raise serializers.ValidationError({"closed_window_template": said})
        return attrs


def _exactly_one(attrs: Mapping[str, Any], names: tuple[str, ...]) -> None:
    if sum(name in attrs for name in names) != 1:
        raise serializers.ValidationError(f"Give exactly one of {', '.join(names)}.")


class Outlook(bodies.Body):
    """What a dry run tells."""

    example = {
        "would": "send",
        "kind": "text",
        "text": "Hi Thandi, order 1042 is on its way.",
        "window_is_open": True,
        "window_closes_at": "2026-07-01T09:30:00Z",
        "is_new_contact": False,
        "problem": None,
    }
    would = serializers.ChoiceField(choices=["send", "refuse"])
    kind = serializers.CharField(allow_null=True, help_text="text, template, ...; null if refused.")
    text = serializers.CharField(allow_null=True, help_text="What the customer would read.")
    window_is_open = serializers.BooleanField()
    window_closes_at = serializers.DateTimeField(
        allow_null=True, help_text="Or closed; null where the customer never wrote."
    )
    is_new_contact = serializers.BooleanField()
    problem = serializers.JSONField(
        allow_null=True, help_text="Why it would be refused, as the refusal itself would say it."
    )


@dataclass(frozen=True)
class _Over(Exception):
    outlook: dict[str, Any]


def send(asked: Mapping[str, Any], caller: Caller) -> Message:
    """The message is queued, in the caller's transaction.

    Raises: Problem, SendRefused, NumberRefused; nothing is left of it then.
    """
    thread = _thread_for(asked)
    try:
        return _send(thread, asked, caller)
    except sending.WindowClosed:
        if asked["on_closed_window"] != "template":
            raise
    return _gate(thread, _fallback(asked, thread), caller)


def outlook(asked: Mapping[str, Any], caller: Caller) -> dict[str, Any]:
    """What `send` would do now, and why; whatever it makes to find out is undone."""
    newest = Contact.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    try:
        with transaction.atomic():
            thread = _thread_for(asked)
            raise _Over(_foreseen(asked, thread, caller, is_new=thread.contact_id > newest))
    except _Over as over:
        return over.outlook


def _foreseen(
    asked: Mapping[str, Any], thread: Thread, caller: Caller, *, is_new: bool
) -> dict[str, Any]:
    now = clock.now()
    told: dict[str, Any] = {
        "window_is_open": window.is_open(thread.window_closes_at, now),
        "window_closes_at": thread.window_closes_at,
        "is_new_contact": is_new,
    }
    try:
        content = _content(asked, thread, caller)
        try:
            text = sending.check(thread, content, now=now)
        except sending.WindowClosed:
            if asked["on_closed_window"] != "template":
                raise
            content = _fallback(asked, thread)
            text = sending.check(thread, content, now=now)
    except (sending.SendRefused, Problem) as refused:
        problem = problems.problem_of(refused).as_json("")
        del problem["instance"]
        return {**told, "would": "refuse", "kind": None, "text": None, "problem": problem}
    return {**told, "would": "send", "kind": content.kind, "text": text, "problem": None}


def _thread_for(asked: Mapping[str, Any]) -> Thread:
    number = _number(asked)
    whom: str | Contact = asked.get("phone_number", "")
    if "contact" in asked:
        found = Contact.objects.filter(pk=asked["contact"]).first()
        if found is None:
            raise _unknown("contact", "There is no such contact.")
        whom = found
    return opening.thread_with(number, whom)


def _number(asked: Mapping[str, Any]) -> PhoneNumber:
    """The number of ours that is named, or the only one."""
    if "from_number" in asked:
        if number := PhoneNumber.objects.filter(pk=asked["from_number"]).first():
            return number
        raise _unknown("from_number", "There is no such number of ours.")
    numbers = list(PhoneNumber.objects.all()[:2])
    if len(numbers) != 1:
        detail = "Say from which of our numbers." if numbers else "We have no number yet."
        raise _unknown("from_number", detail)
    return numbers[0]


def _unknown(name: str, detail: str) -> Problem:
    return problems.invalid((Fault(("pointer", f"#/{name}"), detail, "does_not_exist"),))


def _send(thread: Thread, asked: Mapping[str, Any], caller: Caller) -> Message:
    upload = _upload(asked, caller)
    if upload is None:
        return _gate(thread, message_bodies.content_of(asked, thread.phone_number), caller)
    with message_bodies.at("#/media"), media.reopened(upload) as file:
        return media.attach(
            thread,
            file,
            by=caller.user,
            origin=Message.Origin.API,
            caption=asked["media"].get("caption", ""),
            as_voice=asked["media"]["voice"],
        )


def _gate(thread: Thread, content: Content, caller: Caller) -> Message:
    rows = sending.send(thread, content, origin=Message.Origin.API, by=caller.user)
    logger.info("message=%s thread=%s by=%s", rows[0].pk, thread.pk, caller.key)
    return rows[0]


def _content(asked: Mapping[str, Any], thread: Thread, caller: Caller) -> Content:
    upload = _upload(asked, caller)
    if upload is None:
        return message_bodies.content_of(asked, thread.phone_number)
    with message_bodies.at("#/media"), media.reopened(upload) as file:
        return media.content_of(
            file.read(),
            upload.mime_type,
            upload.filename,
            caption=asked["media"].get("caption", ""),
            as_voice=asked["media"]["voice"],
        )


def _upload(asked: Mapping[str, Any], caller: Caller) -> Upload | None:
    """The file that is meant: its owner's alone."""
    key = asked.get("media", {}).get("upload")
    if key is None:
        return None
    upload = Upload.objects.filter(key=key, owner=caller.key).first()
    if upload is None or not upload.file.storage.exists(str(upload.file)):
        raise _unknown("media/upload", "There is no such upload of yours, or its day is over.")
    return upload


def _fallback(asked: Mapping[str, Any], thread: Thread) -> Content:
    return message_bodies.template_of(
        asked["closed_window_template"], thread.phone_number, "#/closed_window_template"
    )


@problems.translates(sending.SendRefused)
def _send_refused(refused: sending.SendRefused) -> Problem:
    more = {}
    if isinstance(refused, sending.WindowClosed):
        more["window_closed_at"] = bodies.in_utc(refused.closed_at)
    return Problem(refused.code, str(refused), what_to_do=refused.what_to_do, more=more)
