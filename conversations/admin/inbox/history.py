"""What people and the assistant did with a conversation, as a sentence with names and reasons."""

from __future__ import annotations

from conversations.admin.inbox import states
from conversations.admin.inbox.access import Visit
from conversations.models import ThreadEvent
from conversations.takeover import THE_ASSISTANT_ASKS

Kind = ThreadEvent.Kind

ICONS = {
    Kind.TAKEN: "person",
    Kind.ASSIGNED: "person",
    Kind.HANDED_OVER: "front_hand",
    Kind.RELEASED: "smart_toy",
    Kind.SNOOZED: "snooze",
    Kind.WOKEN: "alarm",
    Kind.CLOSED: "check_circle",
    Kind.CONSENT: "verified_user",
    Kind.BLOCKED: "block",
    Kind.UNBLOCKED: "verified_user",
    Kind.ON_PHONE: "smartphone",
    Kind.MERGED: "merge",
}
# Nobody's doing, and not the assistant's either.
BY_ITSELF = {
    Kind.RELEASED: "Handed back to the assistant",
    Kind.REOPENED: "Reopened",
    Kind.WOKEN: "Came back",
    Kind.ON_PHONE: "Somebody answers from the phone app, and the assistant is silent",
    Kind.MERGED: "Another conversation of this customer was joined to this one",
}
BY_A_PERSON = {Kind.ASSIGNED: "assigned it", Kind.WOKEN: "took it up again"}
# Their reason goes on with the sentence: "to Kim", "until Monday".
GOES_ON = (Kind.ASSIGNED, Kind.SNOOZED, Kind.WOKEN)


def sentence(event: ThreadEvent, visit: Visit) -> str:
    """ "Sam assigned it to Kim", "The assistant handed over to a person: asked for one"."""
    kind = Kind(event.kind)
    if event.by_id:
        who = "You" if event.by_id == visit.user.pk else states.name_of(event.by)
        done = f"{who} {BY_A_PERSON.get(kind, kind.label)}"
    else:
        done = BY_ITSELF.get(kind) or f"The assistant {kind.label}"
    if not event.reason:
        return done
    goes_on = event.by_id and kind in GOES_ON
    # That the assistant asked stands in the sentence already.
    reason = event.reason.removeprefix(f"{THE_ASSISTANT_ASKS}: ")
    return f"{done} {reason}" if goes_on else f"{done}: {reason}"


def icon(event: ThreadEvent) -> str:
    """A sign of Material Symbols."""
    return ICONS.get(Kind(event.kind), "info")
