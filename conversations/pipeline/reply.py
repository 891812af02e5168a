"""One reply: claim the thread, find the answer, and send it if it still may be sent."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction

from conversations import announcements, clock, leases, receipts, sending, takeover, unanswered
from conversations.leases import Claim
from conversations.models import Message, Thread, ThreadEvent
from conversations.pipeline import routes, words
from conversations.pipeline.turn import Turn, turn_of

logger = logging.getLogger(__name__)


def reply(thread_id: int) -> bool:
    """Whether there is something to post now.

    Steps: 1 claim the lease  2 read what is unanswered  3 find the answer, which may take a model
    20 s and holds no lock  4 under the thread's lock, send it if nothing has changed.
    Twice: one claims, the other returns. Killed: the lease runs out and somebody else claims.
    """
    claim = leases.claim(thread_id)
    if claim is None:
        return False
    thread = Thread.objects.select_related("contact", "phone_number").get(pk=thread_id)
    turn = turn_of(thread)
    if turn is None or thread.contact.is_blocked:  # the blocked are not answered, by nobody
        leases.end(claim)
        return False
    if claim.is_hopeless:
        answer = routes.person("The assistant failed three times.")
        return _finish(claim, turn, routes.Routed("hopeless", answer), {})
    routed, trace = _answer(turn)
    return _finish(claim, turn, routed, trace)


def _answer(turn: Turn) -> tuple[routes.Routed, dict[str, Any]]:
    if routed := routes.route(turn):
        return routed, {}
    # Only here the customer waits: the dots say so, and the same call marks as read.
    receipts.mark_read(turn.thread.pk, typing=True)
    return words.written(turn)


def _finish(claim: Claim, turn: Turn, routed: routes.Routed, trace: dict[str, Any]) -> bool:
    """Under the thread's lock: send, or drop the answer and leave the reason in the history."""
    with transaction.atomic():
        thread = Thread.objects.select_for_update(no_key=True).get(pk=claim.thread_id)
        if reason := _is_void(claim, thread, turn):
            _drop(claim, thread, reason)
            return False
        sent = _send(turn, routed, trace)
        if sent and routed.route == routes.UNREADABLE:
            # With the line itself, or a worker that dies before has said it to nobody.
            Thread.objects.filter(pk=thread.pk).update(unreadable_said_at=clock.now())
        leases.end(claim)
        if sent and (news := routed.answer.news or routes.asked(turn)):
            announcements.of_threads(news.type, [thread.pk], **news.payload)
        if routed.answer.hand_over:
            takeover.hand_over(thread, reason=routed.answer.hand_over)
    logger.info("thread=%s route=%s parts=%s", thread.pk, routed.route, len(sent))
    return bool(sent)


def _is_void(claim: Claim, thread: Thread, turn: Turn) -> str:
    """Why this answer must not be sent any more, or ""."""
    if thread.mode != Thread.Mode.BOT:
        return "A person has taken over."
    if thread.lease_token != claim.token:
        return "The thread was claimed anew."
    return turn.overtaken(unanswered.in_thread(thread.pk))


def _drop(claim: Claim, thread: Thread, reason: str) -> None:
    leases.give_back(claim)
    ThreadEvent.objects.create(
        thread=thread, kind=ThreadEvent.Kind.DROPPED, reason=reason, at=clock.now()
    )
    logger.info("thread=%s answer dropped: %s", thread.pk, reason)


def _send(turn: Turn, routed: routes.Routed, trace: dict[str, Any]) -> list[Message]:
    """The parts that the gate let through; its refusal hands the thread over instead."""
    if not routed.answer.contents:
        return []
    try:
        return sending.send(
            turn.thread,
            routed.answer.contents,
            origin=Message.Origin.ASSISTANT,
            in_reply_to=turn.newest,
            trace={"route": routed.route, **trace},
        )
    except sending.SendRefused as refusal:
        takeover.hand_over(turn.thread, reason=f"The answer was refused: {refusal}")
        return []
