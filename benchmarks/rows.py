"""Rows to begin with, made in bulk: `python -m benchmarks.rows people` and the like.

Runs in a process of its own, with the environment of the console whose database it fills.
"""

import os
import sys
from datetime import datetime, timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waconsole.settings")
django.setup()

from django.utils import timezone  # noqa: E402 -- they need the apps

from benchmarks import bodies  # noqa: E402
from conversations import window  # noqa: E402
from conversations.models import Contact, Message, PhoneNumber, Thread  # noqa: E402

BATCH = 2_000
SPARE = 100  # customers to whom nothing is queued


def people(number_of_them: int) -> list[Thread]:
    """Customers with a thread each, who wrote a moment ago; the number they wrote to is ours."""
    now = timezone.now()
    number, _ = PhoneNumber.objects.get_or_create(
        phone_number_id=bodies.NUMBER, defaults={"waba_id": bodies.ACCOUNT}
    )
    wa_ids = [bodies.wa_id_of(customer) for customer in range(number_of_them)]
    contacts = Contact.objects.bulk_create(
        [Contact(wa_id=wa_id, bsuid=f"ZA.{wa_id}", name="Customer") for wa_id in wa_ids],
        batch_size=BATCH,
    )
    return Thread.objects.bulk_create(
        [
            Thread(
                contact=contact,
                phone_number=number,
                last_inbound_at=now,
                last_message_at=now,
                window_closes_at=now + window.LENGTH,
            )
            for contact in contacts
        ],
        batch_size=BATCH,
    )


def accepted(threads: list[Thread], number_of_them: int) -> None:
    """Messages of ours that Meta has taken, and whose statuses the bodies bring."""
    now = timezone.now()
    rows = (
        _outbound(
            threads[send % len(threads)],
            now,
            status=Message.Status.SENDING,
            wamid=bodies.wamid_of(send),
            claimed_at=now,
            accepted_at=now,
        )
        for send in range(number_of_them)
    )
    Message.objects.bulk_create(rows, batch_size=BATCH)


def queued(threads: list[Thread], *, priority: int) -> None:
    """A message of ours in each of these threads, due now."""
    now = timezone.now()
    rows = (
        _outbound(thread, now, status=Message.Status.QUEUED, priority=priority, next_at=now)
        for thread in threads
    )
    Message.objects.bulk_create(rows, batch_size=BATCH)


def _outbound(thread: Thread, now: datetime, **fields: Any) -> Message:
    text = "Your parcel has left our warehouse and will be with you tomorrow."
    return Message(
        thread=thread,
        direction=Message.Direction.OUT,
        origin=Message.Origin.API,
        kind="text",
        text=text,
        content={"type": "text", "text": {"body": text}},
        sent_at=now,
        queued_at=now,
        window_closes_at=now + timedelta(hours=24),
        **fields,
    )


def main(what: str, count: int) -> None:
    """`people N`: customers. `known N`: those of the bodies, and so many sends to them.

    `replies N`, `campaign N`: customers, and a message to each, to be sent now.
    """
    if what == "people":
        people(count)
    elif what == "known":
        accepted(people(bodies.CUSTOMERS), count)
    elif what in ("replies", "campaign"):
        queued(people(count + SPARE)[:count], priority=5 if what == "campaign" else 0)
    else:
        raise SystemExit(f"There is nothing called {what!r} to make.")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
