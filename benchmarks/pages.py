"""Asks for the pages of the inbox as an agent does, and prints what each took, a line of JSON each.

Runs in a process of its own, on the database that `DATABASE_URL` names; `benchmarks.inbox` starts
it. Time is taken around the whole of Django: middleware, queries, templates.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable, Iterator
from itertools import cycle

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waconsole.settings")
django.setup()

from django.conf import settings  # noqa: E402 -- they need the apps
from django.contrib.auth.models import User  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpResponseBase  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from conversations import changes, totals  # noqa: E402
from conversations.models import Message, Thread  # noqa: E402

INBOX = "/admin/conversations/thread/inbox/"
SCRIPT = {"HX-Request": "true"}
WARM_UP = 5
Ask = Callable[[], HttpResponseBase]


def main() -> None:
    """Every page so often that its slowest hundredth is one, more or less."""
    settings.DEBUG = False  # else Django would keep every query
    client = Client()
    client.force_login(User.objects.get(username="agent3"))
    for name, times, ask in questions(client):
        print(json.dumps(measured(name, times, ask)), flush=True)
    began = time.perf_counter()
    totals.count_lately()
    seconds = time.perf_counter() - began
    print(json.dumps({"name": "totals", "queries": 0, "milliseconds": [seconds * 1000], "cpu": 0}))


def questions(client: Client) -> Iterator[tuple[str, int, Ask]]:
    """Name, how often, and how to ask; each time for another conversation or another word."""
    newest = Thread.objects.order_by("-last_message_at")
    lately = cycle(newest.values_list("pk", flat=True)[:200])
    longest = cycle(Thread.objects.order_by("pk").values_list("pk", flat=True)[:20])
    filters = ("open", "mine", "person", "unassigned", "closing", "failed", "assistant", "closed")
    lists = cycle(filters)
    deep = cycle(f"{1_700_000_000_000_000 + n * 10**12}_1" for n in range(60))

    def get(path: str = "", **query: str | int) -> HttpResponseBase:
        return client.get(INBOX + path, query)

    def part(path: str = "", **query: str | int) -> HttpResponseBase:
        return client.get(INBOX + path, query, headers=SCRIPT)

    yield "page", 100, lambda: get()
    yield "page with a conversation", 100, lambda: get(f"{next(lately)}/")
    yield "list", 200, lambda: part("list/", f=next(lists))
    yield "list, deep", 100, lambda: part("list/", cur=next(deep))
    yield "conversation", 200, lambda: part(f"{next(lately)}/")
    yield "conversation, thousands of messages", 100, lambda: part(f"{next(longest)}/")
    for kind, words in searches().items():
        word = cycle(words)
        yield f"search, {kind}", 60, lambda word=word: part("list/", q=next(word))  # type: ignore[misc]
    cursor = changes.horizon()
    yield "poll", 500, lambda: part("changes/", after=cursor, thread=next(lately))
    yield "dashboard", 50, lambda: client.get("/admin/")


def searches() -> dict[str, list[str]]:
    """What people look for: a name, and words that nobody, few or all have used."""
    rng = random.Random(2)
    texts = list(Message.objects.order_by("-pk").values_list("text", flat=True)[:3000])
    spoken = [word for text in texts for word in text.split() if not word.startswith("KA")]
    often = {word: spoken.count(word) for word in set(spoken)}
    ranked = sorted(often, key=lambda word: -often[word])
    return {
        "name": [f"{name} {rng.randrange(90_000)}" for name in ("Thandi", "Sipho", "Priya")],
        "rare words": [text.split()[-1] for text in rng.sample(texts, 30)],
        "words of some": ranked[200:230],
        "the commonest words": ranked[:8],
        "words nobody said": ["xylophone", "zzzqqq", "quetzalcoatl"],
    }


def measured(name: str, times: int, ask: Ask) -> dict[str, object]:
    """The most queries, and the milliseconds of each time; the first few do not count."""
    queries = 0
    for _ in range(WARM_UP):
        with CaptureQueriesContext(connection) as made:
            answer = ask()
        assert answer.status_code in (200, 204), answer.status_code
        queries = max(queries, len(made))
    milliseconds, cpu = [], time.process_time()
    for _ in range(times):
        began = time.perf_counter()
        ask()
        milliseconds.append((time.perf_counter() - began) * 1000)
    own = (time.process_time() - cpu) * 1000 / times
    return {"name": name, "queries": queries, "milliseconds": milliseconds, "cpu": own}


if __name__ == "__main__":
    main()
