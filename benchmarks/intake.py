"""How fast stored webhook events become rows: messages and statuses mixed 1 to 3, one process.

    python -m benchmarks.intake --events 20000 --rounds 3

Works on a test database of its own, beside the one the settings name, and throws it away.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import os
import random
import resource
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import django
import psutil

TARGET_PER_SECOND = 5_000
CUSTOMERS = 2_000
NUMBER = "100000000000001"
STATUSES = ("sent", "delivered", "read")
WORDS = (
    "Do I still owe you anything for the last delivery of paper?",
    "Where is my order, it was to come on Tuesday?",
    "The printer that you delivered does not work, who can help me?",
    "How much are ten boxes of envelopes, and do you have them in stock?",
    "Thanks, that is fine.",
)


@dataclass(frozen=True)
class Round:
    """One backlog, drained."""

    events: int
    seconds: float
    cpu_here: float
    cpu_postgres: float
    reference: float

    @property
    def per_second(self) -> float:
        return self.events / self.seconds

    def __str__(self) -> str:
        thousand = self.events / 1000
        return (
            f"{self.events:>7} events  {self.per_second:>8,.0f}/s  "
            f"CPU per 1,000: {self.cpu_here / thousand:.3f} s here, "
            f"{self.cpu_postgres / thousand:.3f} s PostgreSQL  R1 {self.reference:>7,.0f}/s"
        )


def main() -> None:
    asked = _asked()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waconsole.settings")
    django.setup()
    with _database():
        rounds = [_round(asked.events, seed) for seed in range(asked.rounds)]
    print(*rounds, sep="\n")
    median = statistics.median(one.per_second for one in rounds)
    print(f"median {median:,.0f} events/s, target {TARGET_PER_SECOND:,}")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


@contextmanager
def _database() -> Iterator[None]:
    from django.conf import settings
    from django.db import connection

    from waconsole import embedded

    if not settings.DATABASE_URL:
        embedded.hold(settings.DATA_DIR)
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(settings.DATABASES["default"]["NAME"], verbosity=0)


def _round(count: int, seed: int) -> Round:
    from conversations import intake
    from conversations.assistant import intents

    rng = random.Random(seed)
    _empty()
    intents.classify("trained before the clock runs")
    stored = _store(_bodies(count, rng))
    gc.freeze()  # as dispatch does at its start
    reference = _reference_rate()
    postgres = _postgres_cpu()
    started, here = time.perf_counter(), _own_cpu()
    while intake.drain():
        pass
    seconds = time.perf_counter() - started
    _check(stored)
    return Round(stored, seconds, _own_cpu() - here, _postgres_cpu() - postgres, reference)


def _empty() -> None:
    from django.core.management import call_command

    call_command("flush", interactive=False, verbosity=0)


def _bodies(count: int, rng: random.Random) -> list[bytes]:
    """One event a body, as Meta mostly sends them: a question, and three ticks of an answer."""
    outbound = _answers(count // 4)
    now = int(time.time())
    bodies = []
    for serial, wamid in enumerate(outbound):
        customer = f"2782{rng.randrange(CUSTOMERS):07}"
        bodies.append(_body(_message(customer, serial, rng.choice(WORDS), now), customer))
        bodies += [_body(_status(wamid, name, now), customer) for name in STATUSES]
    rng.shuffle(bodies)
    return bodies


def _answers(count: int) -> list[str]:
    """Messages of ours that were accepted and wait for their ticks; return their wamids."""
    from django.utils import timezone

    from conversations.models import Contact, Message, PhoneNumber, Thread

    number = PhoneNumber.objects.create(phone_number_id=NUMBER, waba_id="200000000000001")
    contacts = Contact.objects.bulk_create(
        Contact(wa_id=f"2782{n:07}", bsuid=f"ZA.{n:020}", name="Thandi Nkosi")
        for n in range(CUSTOMERS)
    )
    threads = Thread.objects.bulk_create(
        Thread(phone_number=number, contact=contact) for contact in contacts
    )
    now = timezone.now()
    rows = Message.objects.bulk_create(
        Message(
            thread=threads[n % len(threads)],
            direction="out",
            origin="staff",
            kind="template",
            text="Your order is on its way.",
            content={"type": "template"},
            status="sending",
            wamid=f"wamid.HBgLMjc4MjEyMzQ1NjcVAgARGBI{n:020}",
            sent_at=now,
            claimed_at=now,
            accepted_at=now,
        )
        for n in range(count)
    )
    return [str(row.wamid) for row in rows]


def _message(customer: str, serial: int, text: str, now: int) -> dict[str, object]:
    message = {
        "from": customer,
        "from_user_id": f"ZA.{int(customer[4:]):020}",
        "id": f"wamid.HBgLMjc4MjEyMzQ1NjcVAgASGBQz{serial:020}",
        "timestamp": str(now - serial % 600),
        "type": "text",
        "text": {"body": text},
    }
    return {"messages": [message]}


def _status(wamid: str, name: str, now: int) -> dict[str, object]:
    status = {
        "id": wamid,
        "status": name,
        "timestamp": str(now),
        "recipient_id": "27820000000",
        "biz_opaque_callback_data": "6f1f2ad0-0000-4000-8000-000000000001",
        "conversation": {"id": "ea9b1b0f" * 4, "origin": {"type": "utility"}},
        "pricing": {
            "billable": True,
            "pricing_model": "PMP",
            "type": "regular",
            "category": "utility",
        },
    }
    return {"statuses": [status]}


def _body(said: dict[str, object], customer: str) -> bytes:
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "27215550100", "phone_number_id": NUMBER},
        "contacts": [
            {
                "profile": {"name": "Thandi Nkosi"},
                "wa_id": customer,
                "user_id": f"ZA.{int(customer[4:]):020}",
            }
        ],
        **said,
    }
    change = {"field": "messages", "value": value}
    entry = [{"id": "200000000000001", "changes": [change]}]
    return json.dumps({"object": "whatsapp_business_account", "entry": entry}).encode()


def _store(bodies: list[bytes]) -> int:
    from django.utils import timezone

    from conversations.models import WebhookEvent

    now = timezone.now()
    WebhookEvent.objects.bulk_create(
        (
            WebhookEvent(body=body, digest=hashlib.sha256(body).digest(), next_attempt_at=now)
            for body in bodies
        ),
        batch_size=1000,
    )
    return len(bodies)


def _check(stored: int) -> None:
    """Every event is done with, and is the rows it says."""
    from conversations.models import Message, WebhookEvent

    assert WebhookEvent.objects.filter(processed_at__isnull=False).count() == stored
    assert Message.objects.filter(direction="in").count() == stored // 4
    assert Message.objects.filter(status="read").count() == stored // 4


def _reference_rate(seconds: float = 1.0) -> float:
    """R1: rows a second of one connection that inserts one row and commits, in a loop."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS r1_rows (id bigserial, body bytea)")
        body, done, until = b"x" * 780, 0, time.perf_counter() + seconds
        while time.perf_counter() < until:
            cursor.execute("INSERT INTO r1_rows (body) VALUES (%s)", [body])
            done += 1
        cursor.execute("DROP TABLE r1_rows")
    return done / seconds


def _own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _postgres_cpu() -> float:
    """CPU seconds of the server of this database and of all its processes."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = psutil.Process(cursor.fetchone()[0])
    server = backend.parent() or backend
    family = [server, *server.children(recursive=True)]
    return sum(sum(one.cpu_times()[:2]) for one in family if one.is_running())


if __name__ == "__main__":
    main()
