"""From the webhook to the answer's POST: a customer says "Hello", without model and quiet period.

All clocks are this machine's, so the way can be cut into pieces by what each part wrote down: the
event stored, the message taken in, the answer written, the row claimed, the POST received.
"""

import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

import requests

from benchmarks import bodies, stage
from benchmarks.table import Line, note, promise, target
from conversations.whatsapp import signature
from tests.processes.running import Console
from tests.processes.waiting import wait_for

SAMPLES = 40
MEDIAN_MS = 350
GREETING, QUESTION = "Good morning", "Hello"
PIECES = ("stored", "taken in", "answered by a worker", "claimed", "received")

TIMES = """
    SELECT extract(epoch FROM event.received_at), extract(epoch FROM question.created_at),
        extract(epoch FROM answer.created_at), extract(epoch FROM answer.claimed_at),
        answer.reference::text
    FROM conversations_message AS question
    JOIN conversations_message AS answer ON answer.in_reply_to_id = question.id AND answer.part = 0
    JOIN conversations_webhookevent AS event ON position(question.wamid::bytea IN event.body) > 0
    WHERE question.wamid = %s AND answer.accepted_at IS NOT NULL
"""
RECEIVED = """
    SELECT extract(epoch FROM at) FROM simulator_call
    WHERE body ->> 'biz_opaque_callback_data' = %s
"""


@dataclass(frozen=True)
class Sample:
    """Moments of one way, in Unix seconds: sent, then one for each of PIECES."""

    moments: tuple[float, ...]
    posts: int

    def piece(self, number: int) -> float:
        """How long this piece took, in milliseconds."""
        return (self.moments[number + 1] - self.moments[number]) * 1000

    @property
    def whole(self) -> float:
        """From sent to received, in milliseconds."""
        return (self.moments[-1] - self.moments[0]) * 1000


def run() -> Iterator[Line]:
    """The median of the whole way, and of each piece."""
    env = {**stage.NO_NOISE, "QUIET_SECONDS": "0", "LOG_LEVEL": "INFO"}
    with Console(simulator=True, env=env) as console:
        stage.fill(console, "people", "0")
        customers = [f"2760001{number:04}" for number in range(SAMPLES)]
        for wa_id in customers:
            _meet(console, wa_id)
        _wait_until_quiet(console, len(customers))
        samples = [_sample(console, wa_id) for wa_id in customers]
    yield from _lines(samples)


def _meet(console: Console, wa_id: str) -> None:
    """The simulator knows the customer, and both sides have their window open."""
    url = f"{console.simulator_url}/control/customers/"
    requests.post(url, json={"wa_id": wa_id, "name": "Naledi"}, timeout=10).raise_for_status()
    said = {"type": "text", "text": GREETING}
    requests.post(f"{url}{wa_id}/messages/", json=said, timeout=10).raise_for_status()


def _wait_until_quiet(console: Console, greetings: int) -> None:
    answered = "SELECT count(*) FROM conversations_message WHERE status = 'delivered'"
    wait_for(lambda: console.query(answered) >= [(greetings,)], seconds=120, what="the greetings")
    waiting = "SELECT 1 FROM django_q_ormq UNION ALL SELECT 1 FROM conversations_message"
    waiting += " WHERE direction = 'out' AND status IN ('queued', 'sending')"
    wait_for(lambda: not console.query(waiting), seconds=60, what="the rest")


def _sample(console: Console, wa_id: str) -> Sample:
    wamid = f"wamid.HELLO{wa_id}"
    body = _webhook(wa_id, wamid)
    headers = {"X-Hub-Signature-256": signature.sign(body, bodies.APP_SECRET)}
    # Not in step with the looks of dispatch and of the queue.
    time.sleep(random.uniform(0.1, 0.4))
    sent_at = time.time()
    url = f"{console.url}/webhooks/whatsapp/"
    requests.post(url, body, headers=headers, timeout=20).raise_for_status()
    (*moments, reference) = wait_for(lambda: console.query(TIMES, wamid), what="the answer")[0]
    received = wait_for(lambda: console.query(RECEIVED, reference), what="the log of the simulator")
    at = received[0][0]
    return Sample((sent_at, *(float(one) for one in (*moments, at))), posts=len(received))


def _webhook(wa_id: str, wamid: str) -> bytes:
    message = {
        "from": wa_id,
        "id": wamid,
        "timestamp": str(int(time.time())),
        "type": "text",
        "text": {"body": QUESTION},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "27875500100", "phone_number_id": bodies.NUMBER},
        "contacts": [{"profile": {"name": "Naledi"}, "wa_id": wa_id}],
        "messages": [message],
    }
    change = {"value": value, "field": "messages"}
    entry = {"id": bodies.ACCOUNT, "changes": [change]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def _lines(samples: list[Sample]) -> Iterator[Line]:
    whole = sorted(sample.whole for sample in samples)
    yield target(
        "webhook sent -> answer's POST received",
        f"median {median(whole):.0f} ms, 9 of 10 within {whole[int(len(whole) * 0.9)]:.0f} ms,"
        f" longest {whole[-1]:.0f} ms",
        f"median < {MEDIAN_MS} ms",
        is_met=median(whole) < MEDIAN_MS,
    )
    pieces = (
        f"{name} {median(sample.piece(number) for sample in samples):.0f}"
        for number, name in enumerate(PIECES)
    )
    yield note("... where the time goes (medians, ms)", ", ".join(pieces))
    twice = sum(sample.posts != 1 for sample in samples)
    yield promise(
        "... answers posted more than once", f"{twice} of {len(samples)}", "0", is_kept=not twice
    )
