"""What is known of a contact from before: conversations, notes, what was done, the ledger."""

from __future__ import annotations

from typing import Any

from conversations.admin.inbox import history, states
from conversations.admin.inbox.access import Visit
from conversations.models import ConsentEntry, Note, Thread, ThreadEvent

NOTES, EVENTS, ENTRIES, THREADS = 10, 15, 30, 10


def of_contact(visit: Visit) -> dict[str, Any]:
    """Conversations with our other numbers, notes, what was done; newest first; four queries."""
    contact = visit.thread.contact_id
    others = Thread.objects.filter(contact=contact).exclude(pk=visit.thread.pk)
    notes = Note.objects.filter(thread__contact=contact).select_related("by").order_by("-pk")
    events = ThreadEvent.objects.filter(thread__contact=contact).select_related("by")
    newest = others.select_related("phone_number").order_by("-last_message_at", "-pk")
    return {
        "past": {
            "intent": _intent(visit.thread),
            "threads": list(newest[:THREADS]),
            "notes": [(states.name_of(note.by), note) for note in notes[:NOTES]],
            "events": [
                (history.sentence(event, visit), event) for event in events.order_by("-pk")[:EVENTS]
            ],
        }
    }


def _intent(thread: Thread) -> str:
    """What the newest message with a known intent was about."""
    told = thread.messages.exclude(intent="").order_by("-pk").values_list("intent", flat=True)
    return told.first() or ""


def ledger(visit: Visit) -> dict[str, Any]:
    """Every consent entry of the contact, newest first; one query."""
    rows = ConsentEntry.objects.filter(contact=visit.thread.contact_id)
    return {"ledger": list(rows.select_related("by", "message").order_by("-pk")[:ENTRIES])}
