"""One more look before a row leaves: what has changed since the gate let it through."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from conversations import announcements, changes, clock, consent, failures, window
from conversations.models import Message, MessageTemplate

# What Meta would have said: staff read the same words, and are offered the same way out.
WINDOW_SHUT_CODE, BLOCKED_CODE, UNWANTED_CODE = 131047, 130403, 131050
WINDOW_SHUT_TEXT = "The 24-hour window closed before the message could leave."
BLOCKED_TEXT = "The contact was blocked before the message could leave."
UNWANTED_TEXT = "The customer asked for no more of these before the message could leave."


def without_the_refused(rows: list[Message]) -> list[Message]:
    """Those that may leave still: window open, contact not blocked, consent not withdrawn.

    The others have FAILED, each with the reason, and who must know has been told.
    """
    now = clock.now()
    rows = _sift(rows, lambda row: _is_late(row, now), WINDOW_SHUT_TEXT, WINDOW_SHUT_CODE)
    rows = _sift(rows, lambda row: row.thread.contact.is_blocked, BLOCKED_TEXT, BLOCKED_CODE)
    unwanted = _unwanted([row for row in rows if row.kind == "template"])
    return _sift(rows, lambda row: row.pk in unwanted, UNWANTED_TEXT, UNWANTED_CODE)


def _sift(
    rows: list[Message], is_refused: Callable[[Message], bool], text: str, code: int
) -> list[Message]:
    refused = [row for row in rows if is_refused(row)]
    if refused:
        _refuse(refused, code, text)
    return [row for row in rows if row not in refused]


def _is_late(row: Message, now: datetime) -> bool:
    """With a margin: Meta's clock decides, not ours."""
    return row.kind != "template" and not window.is_open(
        row.thread.window_closes_at, now, margin=window.DELIVERY_MARGIN
    )


def _unwanted(templates: list[Message]) -> set[int]:
    """The keys of those whose customer has said STOP since: a campaign may wait for long."""
    if not templates:
        return set()
    withdrawn = consent.withdrawn_of({row.thread.contact_id for row in templates})
    return {
        row.pk
        for row in templates
        if (purposes := withdrawn.get(row.thread.contact_id))
        and consent.forbidden(purposes, _category(row))
    }


def _category(row: Message) -> str:
    """That of the template of the number's account as it is now; "" for one that is no more."""
    wire = row.content["template"]
    found = MessageTemplate.objects.filter(
        name=wire["name"],
        language=wire["language"]["code"],
        waba_id__in=["", row.thread.phone_number.waba_id],
    )
    return found.order_by("-waba_id").values_list("category", flat=True).first() or ""


def _refuse(rows: list[Message], code: int, text: str) -> None:
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(
        status=Message.Status.FAILED, error_code=code, error_text=text
    )
    changes.record_many([(row.thread_id, row.pk) for row in rows])
    announcements.of_messages(row.pk for row in rows)
    failures.not_delivered(rows)
