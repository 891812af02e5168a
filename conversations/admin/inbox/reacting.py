"""The emoji that staff put on a customer's message; it goes through the gate like any message."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from conversations import sending
from conversations.admin.inbox import acts, composing, states
from conversations.admin.inbox.access import REPLY, Visit, at_thread
from conversations.models import Message
from conversations.whatsapp.content import ContentError, Reaction

POST = ("POST",)


@at_thread(REPLY, POST)
def react(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`emoji` is on its way to the customer's `message`, in the place of any other of ours; an
    empty one takes ours away. Once for each `reference`.

    Answers: 409 where nothing may be sent now, 422 for another message and for what is no emoji.
    """
    composer = states.composer_of(visit)
    if not composer.may_write:
        return acts.refuse(request, visit, 409, composer.text or acts.NOT_YOURS)
    message = composing.said_here(visit, request.POST.get("message", ""))
    if message is None or message.direction != Message.Direction.IN or not message.wamid:
        return acts.refuse(request, visit, 422, "Only a customer's message can wear a reaction.")
    try:
        sending.send(
            visit.thread,
            Reaction(message.wamid, request.POST.get("emoji", "")),
            origin=Message.Origin.STAFF,
            by=visit.user,
            holder=visit.user,
            reference=acts.reference_of(request),
            quotes=message.wamid,
        )
    except ContentError as error:
        return acts.refuse(request, visit, 422, f"Not sent: that {error.problem}.")
    except sending.SendRefused as refusal:
        return acts.refuse(request, visit, 409, acts.words_of(refusal))
    return acts.done(request, visit, message)
