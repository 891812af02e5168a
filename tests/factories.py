"""Rows for tests, ready made: a number, Thandi who writes, Alice who answers, Bob who may not.

Rows are written straight into the tables, so that a test can begin in any state the database
allows. What a test is about goes through the real doors.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from importlib import import_module
from itertools import count
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, User
from django.utils import timezone

from conversations import clock, window
from conversations.models import Contact, Message, MessageTemplate, PhoneNumber, Thread

PASSWORD = "correct horse battery staple"
_serial = count(1)

INVOICE_OVERDUE = [
    {
        "type": "BODY",
        "text": "Hi {{1}}, your invoice for {{2}} is overdue.",
        "example": {"body_text": [["Thandi", "R 450.00"]]},
    }
]


def a_phone_number(**fields: Any) -> PhoneNumber:
    """One of the business's own numbers; a new one at every call."""
    serial = next(_serial)
    given = {
        "phone_number_id": f"1000000{serial:06}",
        "waba_id": "200000000000001",
        "display_number": f"+27 21 555 {serial:04}",
        "name": "Karoo Farms",
    }
    return PhoneNumber.objects.create(**(given | fields))


def a_contact(name: str = "Thandi Nkosi", **fields: Any) -> Contact:
    """A customer with a number of their own, unless `wa_id` and `bsuid` say otherwise."""
    given = {"name": name, "wa_id": f"2782{next(_serial):07}"}
    return Contact.objects.create(**(given | fields))


def a_thread(
    *,
    contact: Contact | None = None,
    phone_number: PhoneNumber | None = None,
    last_inbound_at: datetime | None = None,
    **fields: Any,
) -> Thread:
    """A conversation. With `last_inbound_at` its window is as that message left it."""
    given: dict[str, Any] = {"last_message_at": last_inbound_at}
    if last_inbound_at:
        given["last_inbound_at"] = last_inbound_at
        given["window_closes_at"] = last_inbound_at + window.LENGTH
    if fields.get("mode") == Thread.Mode.WAITING:
        given["waiting_since"] = clock.now()
    return Thread.objects.create(
        contact=contact or a_contact(),
        phone_number=phone_number or PhoneNumber.objects.first() or a_phone_number(),
        **(given | fields),
    )


def an_inbound(
    thread: Thread, text: str = "Hello", *, sent_at: datetime | None = None, **fields: Any
) -> Message:
    """A message of the customer; the thread's window, unread count and preview follow it."""
    sent_at = sent_at or clock.now()
    given: dict[str, Any] = {
        "direction": Message.Direction.IN,
        "origin": Message.Origin.CUSTOMER,
        "kind": "text",
        "text": text,
        "content": {"type": "text", "text": {"body": text}},
        "status": Message.Status.RECEIVED,
        "wamid": f"wamid.IN{uuid.uuid4().hex}",
        "sent_at": sent_at,
    }
    message = Message.objects.create(thread=thread, **(given | fields))
    thread.last_inbound_at = sent_at
    thread.window_closes_at = window.closes_at(thread.window_closes_at, sent_at, clock.now())
    thread.unread_count += 1
    _show_as_newest(thread, message)
    return message


def an_outbound(
    thread: Thread,
    text: str = "Hello, how can we help?",
    *,
    status: Message.Status = Message.Status.SENT,
    sent_at: datetime | None = None,
    **fields: Any,
) -> Message:
    """A message of ours in any state, by staff unless `origin` says otherwise.

    An automatic one answers the newest inbound message. The window it needs is made where the
    thread has none: the database refuses the row without.
    """
    sent_at = sent_at or clock.now()
    given = _outbound_fields(thread, text, status, sent_at)
    if fields.get("origin") == Message.Origin.ASSISTANT and "in_reply_to" not in fields:
        given |= _next_part(thread)
    message = Message.objects.create(thread=thread, **(given | fields))
    _show_as_newest(thread, message)
    return message


def _outbound_fields(
    thread: Thread, text: str, status: Message.Status, sent_at: datetime
) -> dict[str, Any]:
    accepted = status not in {
        Message.Status.QUEUED,
        Message.Status.SENDING,
        Message.Status.FAILED,
        Message.Status.UNCONFIRMED,
    }
    return {
        "direction": Message.Direction.OUT,
        "origin": Message.Origin.STAFF,
        "kind": "text",
        "text": text,
        "content": {"type": "text", "text": {"body": text}},
        "status": status,
        "wamid": f"wamid.OUT{uuid.uuid4().hex}" if accepted else None,
        "sent_at": sent_at,
        "queued_at": sent_at,
        "window_closes_at": sent_at + timedelta(hours=1),
        "next_at": timezone.now() if status == Message.Status.QUEUED else None,
        "claimed_at": timezone.now() if status == Message.Status.SENDING else None,
    }


def _next_part(thread: Thread) -> dict[str, Any]:
    question = thread.messages.filter(direction=Message.Direction.IN).order_by("-pk").first()
    question = question or an_inbound(thread, sent_at=clock.now() - timedelta(minutes=5))
    parts = Message.objects.filter(in_reply_to=question, origin=Message.Origin.ASSISTANT)
    return {"in_reply_to": question, "part": parts.count()}


def _show_as_newest(thread: Thread, message: Message) -> None:
    thread.last_message_at = max(message.sent_at, thread.last_message_at or message.sent_at)
    thread.preview = message.text[:200]
    if message.direction == Message.Direction.OUT:
        thread.unread_count = 0
    thread.save(
        update_fields=[
            "last_inbound_at",
            "window_closes_at",
            "unread_count",
            "last_message_at",
            "preview",
        ]
    )


def a_template(
    name: str = "invoice_overdue",
    *,
    components: list[dict[str, Any]] | None = None,
    **fields: Any,
) -> MessageTemplate:
    """An approved utility template in en_ZA that serves every number."""
    given = {"language": "en_ZA", "category": "UTILITY", "status": MessageTemplate.APPROVED}
    return MessageTemplate.objects.create(
        name=name,
        components=INVOICE_OVERDUE if components is None else components,
        **(given | fields),
    )


def an_agent(username: str = "alice") -> User:
    """Alice of the group Agent: sees conversations and answers them."""
    return _member("Agent", username)


def a_supervisor(username: str = "sam") -> User:
    """Sam of the group Supervisor: also takes over from others and sees full numbers."""
    return _member("Supervisor", username)


def a_clerk(username: str = "cleo") -> User:
    """Cleo of the group Billing: also changes invoices and accounts."""
    return _member("Billing", username)


def bob() -> User:
    """Staff without any right."""
    return _staff("bob")


def _member(group: str, username: str) -> User:
    user = _staff(username)
    user.groups.add(_group(group))
    return user


def _staff(username: str) -> User:
    return User.objects.create_user(
        username, password=PASSWORD, first_name=username.capitalize(), is_staff=True
    )


def _group(name: str) -> Group:
    """The group as its migration makes it: tests with real transactions wipe what it made."""
    if not Group.objects.filter(name=name).exists():
        import_module("conversations.migrations.0002_groups").create_groups(apps, None)
        import_module("conversations.migrations.0009_rights_of_the_desk").grant(apps, None)
        import_module("billing.migrations.0005_rights_of_imports").grant(apps, None)
    return Group.objects.get(name=name)
