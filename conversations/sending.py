"""THE GATE: `send()` is the only creator of outbound messages, for staff, assistant, API and jobs.

It decides whether something may be sent at all (window, block, consent, template) and writes the
rows; delivery takes them from there. It calls nobody outside the database.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now

from conversations import changes, clock, consent, window
from conversations.models import Message, MessageTemplate, Thread
from conversations.whatsapp.content import (
    Content,
    ContentError,
    Template,
    TemplateShape,
    from_wire,
)

PREVIEW_LENGTH = 200
Origin = Message.Origin
Status = Message.Status


class SendRefused(Exception):
    """The gate's no. `str()` says what is wrong, `what_to_do` the way out; both are for staff."""

    code = "refused"
    what_to_do = ""


class WindowClosed(SendRefused):
    code = "window_closed"
    what_to_do = "Send an approved template, or wait until the customer writes."

    def __init__(self, closed_at: datetime | None) -> None:
        self.closed_at = closed_at
        super().__init__(
            "The 24-hour window is closed: free text cannot be sent."
            if closed_at
            else "This customer has never written: free text cannot be sent."
        )


class ContactBlocked(SendRefused):
    code = "contact_blocked"
    what_to_do = "Unblock the contact first."


class ConsentWithdrawn(SendRefused):
    code = "consent_withdrawn"
    what_to_do = "Wait until the customer writes or agrees again."


class NotYours(SendRefused):
    code = "not_yours"
    what_to_do = "Look who has it, and take it over if you should answer."


class TemplateRefused(SendRefused):
    code = "template_refused"
    what_to_do = "Choose another template, or mend this one."


def send(
    thread: Thread,
    contents: Content | Sequence[Content],
    *,
    origin: Message.Origin,
    by: User | None = None,
    in_reply_to: Message | None = None,
    reference: uuid.UUID | None = None,
    quotes: str = "",
    priority: int = 0,
    holder: User | None = None,
    trace: dict[str, Any] | None = None,
) -> list[Message]:
    """All parts stand QUEUED in one transaction, or none does and `SendRefused` says why.

    Steps: 1 lock the thread  2 answer a repeated `reference` with its first rows  3 check every
    part  4 write the rows with the window as evidence  5 bring the thread's list entry up to date.
    Raises: SendRefused; IntegrityError where this automatic answer stands already.
    With `holder` it is sent only while that person has the thread.
    Twice: the same `reference` gives the row of the first call.
    """
    parts = list(contents) if isinstance(contents, Sequence) else [contents]
    with transaction.atomic():
        thread = (
            # Not the key: rows that name the thread may be added meanwhile.
            Thread.objects.select_for_update(of=("self",), no_key=True)
            .select_related("contact", "phone_number")
            .get(pk=thread.pk)
        )
        if reference and (earlier := _already_sent(thread, reference)):
            return earlier
        if holder and thread.assigned_to_id != holder.pk:
            raise NotYours("This conversation is not yours any more.")
        now = clock.now()
        texts = [check(thread, content, now=now) for content in parts]
        rows = [
            Message(
                reference=reference if reference and part == 0 else uuid.uuid4(),
                thread=thread,
                direction=Message.Direction.OUT,
                origin=origin,
                kind=content.kind,
                text=text,
                content=content.to_wire(),
                status=Status.QUEUED,
                in_reply_to=in_reply_to,
                part=part,
                quotes=quotes if part == 0 else "",
                sent_by=by,
                sent_at=now,
                queued_at=now,
                window_closes_at=thread.window_closes_at,
                priority=priority,
                next_at=Now(),
                trace=trace or {},
            )
            for part, (content, text) in enumerate(zip(parts, texts, strict=True))
        ]
        return _keep(thread, rows, now)


def send_again(message: Message, *, by: User) -> Message:
    """A new attempt of a message that failed or is in doubt, as a row of its own.

    The old row keeps its wamid and its fate, so late statuses of it cannot touch the new one.
    Raises: SendRefused, as for any message. Twice: one attempt per old row; the second call gives
    the first one's row.
    """
    # The attempt's reference follows from the old one: a second press finds the first's row.
    reference = uuid.uuid5(message.reference, "again")
    content = from_wire(message.content)
    rows = send(
        message.thread,
        content,
        origin=Origin.STAFF,
        by=by,
        reference=reference,
        quotes=message.quotes,
        trace={"again": message.pk},
    )
    return rows[0]


def _already_sent(thread: Thread, reference: uuid.UUID) -> list[Message]:
    return list(Message.objects.filter(thread=thread, reference=reference))


def _keep(thread: Thread, rows: list[Message], now: datetime) -> list[Message]:
    # What waits in this thread goes first, and must not hold up a reply behind a campaign.
    thread.messages.filter(status=Status.QUEUED, priority__gt=rows[0].priority).update(
        priority=rows[0].priority
    )
    kept = Message.objects.bulk_create(rows)
    changes.record_many([(thread.pk, row.pk) for row in kept])
    Thread.objects.filter(pk=thread.pk).update(
        last_message_at=max(now, thread.last_message_at or now),
        preview=kept[-1].text[:PREVIEW_LENGTH],
        unread_count=0,
    )
    return kept


def check(thread: Thread, content: Content, *, now: datetime) -> str:
    """The words that people will read, or the `SendRefused` that `send` would raise now."""
    if thread.contact.is_blocked:
        raise ContactBlocked("This contact is blocked.")
    if isinstance(content, Template):
        return _check_template(thread, content)
    if not window.is_open(thread.window_closes_at, now):
        raise WindowClosed(thread.window_closes_at)
    return content.text_for_people()


def _check_template(thread: Thread, content: Template) -> str:
    stored = _stored(thread, content)
    if stored is None:
        raise TemplateRefused(f"There is no template {content.name} in {content.language}.")
    if stored.status != MessageTemplate.APPROVED:
        raise TemplateRefused(f"The template {stored.name} is {stored.status.lower()}.")
    if purpose := consent.forbids(thread.contact, stored):
        raise ConsentWithdrawn(f"The customer does not want {purpose} messages.")
    if stored.category == MessageTemplate.Category.AUTHENTICATION and not thread.contact.wa_id:
        # Cloud API, error 131062
        raise TemplateRefused("A one-time code goes to a phone number, and this customer hides it.")
    shape = TemplateShape.from_components(stored.components)
    try:
        shape.check(content)
    except ContentError as error:
        raise TemplateRefused(str(error)) from error
    return shape.text_of(content)


def _stored(thread: Thread, content: Template) -> MessageTemplate | None:
    """The template of this number's account; one entered without an account serves every number."""
    found = MessageTemplate.objects.filter(
        name=content.name,
        language=content.language,
        waba_id__in=["", thread.phone_number.waba_id],
    )
    return found.order_by("-waba_id").first()
