"""A reply amid a campaign: 10,000 rows of priority 5 wait, and every reply leaves at once."""

import random
import time
import uuid
from collections.abc import Iterator
from statistics import median

from benchmarks import delivery, stage
from benchmarks.table import Line, promise, target
from tests.processes.running import Console
from tests.processes.waiting import wait_for

CAMPAIGN = 10_000
REPLIES = 20
WITHIN_MS = 150

# A row like those of the campaign, in a thread that has none yet.
REPLY = """
    INSERT INTO conversations_message
    SELECT (jsonb_populate_record(likeness, jsonb_build_object(
        'id', nextval(pg_get_serial_sequence('conversations_message', 'id')),
        'reference', %s::text,
        'thread_id', (SELECT max(id) - %s FROM conversations_thread),
        'status', 'queued', 'priority', 0, 'next_at', clock_timestamp()
    ))).*
    FROM conversations_message AS likeness
    WHERE likeness.id = (SELECT max(id) FROM conversations_message WHERE priority > 0)
"""


def run() -> Iterator[Line]:
    """How long each reply took from its row to its POST."""
    with delivery.pumping(pumps=1, rate=delivery.RATE, answer_ms=delivery.ANSWER_MS) as (
        console,
        _,
    ):
        stage.fill(console, "campaign", str(CAMPAIGN))
        time.sleep(2)
        written = dict(_reply(console, number) for number in range(REPLIES))
        wait_for(lambda: written.keys() <= dict(_came(console)).keys(), what="the replies")
        came = _came(console)
    yield from _lines(written, came)


def _reply(console: Console, number: int) -> tuple[str, float]:
    """The reference of a new reply, and when it was written."""
    time.sleep(random.uniform(0.2, 0.5))
    reference, moment = str(uuid.uuid4()), time.time()
    console.query(REPLY, reference, number)
    return reference, moment


def _came(console: Console) -> list[tuple[str, float]]:
    return [(reference, at) for at, reference in delivery.posts(console)]


def _lines(written: dict[str, float], came: list[tuple[str, float]]) -> Iterator[Line]:
    waits = sorted((at - written[one]) * 1000 for one, at in came if one in written)
    yield target(
        f"a reply amid {CAMPAIGN:,} rows of a campaign",
        f"median {median(waits):.0f} ms, longest of {len(waits)}: {waits[-1]:.0f} ms",
        f"< {WITHIN_MS} ms",
        is_met=waits[-1] < WITHIN_MS,
    )
    yield promise(
        "... posted more than once",
        f"{len(came) - len(dict(came))} of {len(came):,}",
        "0",
        is_kept=len(came) == len(dict(came)),
    )
