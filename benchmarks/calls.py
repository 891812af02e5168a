"""Calls the API as another system does, and prints what each kind took, a line of JSON each.

Runs in a process of its own, on the database that `DATABASE_URL` names; `benchmarks.api` starts it.
Time is taken around the whole of Django: middleware, key, rate, queries, log. Each call that
changes something is committed to the disk, as it is in earnest.
"""

from __future__ import annotations

import json
import os
import time
import uuid
from collections.abc import Callable, Iterator
from itertools import cycle

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waconsole.settings")
django.setup()

import psutil  # noqa: E402 -- they need the apps
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpResponseBase  # noqa: E402
from django.test import Client  # noqa: E402

from conversations import api_clients, clock, scopes, window  # noqa: E402
from conversations.models import Message, PhoneNumber, Thread  # noqa: E402

V1 = "/api/v1/"
WARM_UP = 20
READS, WRITES = 600, 300
Ask = Callable[[], HttpResponseBase]


def main() -> None:
    """Every kind of call, one after another, by one caller."""
    settings.DEBUG = False  # else Django would keep every query
    settings.ROOT_URLCONF = "benchmarks.bare"
    name = f"bench {uuid.uuid4()}"
    _, key = api_clients.create(name, scopes.known(), calls_per_minute=10_000_000)
    client = Client(headers={"Authorization": f"Bearer {key}"})
    for kind, times, ask in questions(client):
        print(json.dumps(measured(kind, times, ask)), flush=True)


def questions(client: Client) -> Iterator[tuple[str, int, Ask]]:
    """Kind, how often, and how to ask; each time for another row."""
    newest = Message.objects.order_by("-pk").values_list("pk", flat=True)
    messages, threads = cycle(newest[: READS * 2]), cycle(open_threads())
    lists = cycle(Thread.objects.order_by("-pk").values_list("pk", flat=True)[:READS])
    sender = PhoneNumber.objects.earliest("pk").pk

    def get(path: str) -> HttpResponseBase:
        return client.get(V1 + path)

    def send(**headers: str) -> HttpResponseBase:
        body = {"contact": next(threads), "text": "On its way.", "from_number": sender}
        address = f"{V1}messages"
        return client.post(address, body, content_type="application/json", headers=headers)

    yield "a bare DRF endpoint", READS, lambda: client.get("/bare")
    yield "retrieve a message", READS, lambda: get(f"messages/{next(messages)}")
    yield "list 50 messages", READS, lambda: get("messages")
    yield "list a thread's messages", READS, lambda: get(f"messages?thread={next(lists)}")
    yield "list 50 threads", READS, lambda: get("threads")
    yield "send a text, queued", WRITES, send
    yield "send a text with a key", WRITES, lambda: send(**{"Idempotency-Key": str(uuid.uuid4())})


def open_threads() -> list[int]:
    """Contacts of conversations to which anything may be sent now."""
    chosen = Thread.objects.filter(contact__is_blocked=False).order_by("-pk")[: WRITES * 2]
    keys = list(chosen.values_list("pk", flat=True))
    until = clock.now() + window.LENGTH
    Thread.objects.filter(pk__in=keys).update(window_closes_at=until)
    return list(Thread.objects.filter(pk__in=keys).values_list("contact_id", flat=True))


def measured(kind: str, times: int, ask: Ask) -> dict[str, object]:
    """Milliseconds of each call, and the CPU of ours and of PostgreSQL's process for one."""
    for _ in range(WARM_UP):
        assert (answer := ask()).status_code in (200, 201), answer.status_code
    milliseconds = []
    server, ours = backend(), time.process_time()
    before = cpu_of(server)
    for _ in range(times):
        began = time.perf_counter()
        ask()
        milliseconds.append((time.perf_counter() - began) * 1000)
    return {
        "kind": kind,
        "milliseconds": milliseconds,
        "cpu_ms": (time.process_time() - ours) / times * 1000,
        "postgres_ms": (cpu_of(server) - before) / times * 1000,
    }


def backend() -> psutil.Process:
    """PostgreSQL's process that answers us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return psutil.Process(cursor.fetchone()[0])


def cpu_of(process: psutil.Process) -> float:
    used = process.cpu_times()
    return float(used.user + used.system)


if __name__ == "__main__":
    main()
