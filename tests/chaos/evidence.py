"""What both worlds know after a siege: the simulator's log and phones, the console's rows."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.chaos.judgement import Answer, Evidence
from tests.chaos.siege import Siege, ask
from tests.processes.running import Console

EVERYTHING = 1_000_000

INBOUND = """
    SELECT thread_id, id, wamid FROM conversations_message WHERE direction = 'in' ORDER BY id
"""
ANSWERS = """
    SELECT thread_id, in_reply_to_id, part, reference::text, status FROM conversations_message
    WHERE direction = 'out' AND in_reply_to_id IS NOT NULL ORDER BY id
"""
WITH_STAFF = "SELECT id FROM conversations_thread WHERE mode = 'waiting'"


@dataclass(frozen=True)
class Outside:
    """What Meta and the customers can tell."""

    acknowledged: frozenset[str]
    posts: Counter[str]
    accepted: Counter[str]


def from_outside(console: Console) -> Outside:
    """By the simulator's log of both directions, and by the messages on its phones."""
    log = ask(console, "GET", f"log/?limit={EVERYTHING}")
    return Outside(
        acknowledged=frozenset(
            message["id"]
            for webhook in log["webhooks"]
            if webhook["taken"]
            for message in _messages(webhook["body"])
        ),
        posts=Counter(
            call["body"]["biz_opaque_callback_data"]
            for call in log["calls"]
            if call["path"].endswith("/messages") and "type" in (call["body"] or {})
        ),
        accepted=Counter(_on_the_phones(console)),
    )


def of(siege: Siege, *, at_stake: frozenset[str]) -> Evidence:
    """The whole of it, for a console that works with its tables."""
    outside = from_outside(siege)
    inbound = siege.query(INBOUND)
    waiting = {key for (key,) in siege.query(WITH_STAFF)}
    return Evidence(
        acknowledged=outside.acknowledged,
        kept=frozenset(wamid for _, _, wamid in inbound),
        with_staff=frozenset(wamid for thread, _, wamid in inbound if thread in waiting),
        answers=tuple(_answers(siege, inbound)),
        posts=outside.posts,
        accepted=outside.accepted,
        at_stake=at_stake,
    )


def _messages(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for entry in body["entry"]:
        for change in entry["changes"]:
            yield from change["value"].get("messages", [])


def _on_the_phones(console: Console) -> Iterator[str]:
    """Page after page, for the simulator gives a few thousand at a time."""
    after = 0
    while page := ask(console, "GET", f"messages/?direction=out&after={after}"):
        yield from (message["biz_opaque_callback_data"] for message in page)
        after = page[-1]["id"]


def _answers(siege: Siege, inbound: list[tuple[Any, ...]]) -> Iterator[Answer]:
    """Each covers what came since the answer before it; an older or equal one what it names."""
    said: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for thread, key, wamid in inbound:
        said[thread].append((key, wamid))
    upto: dict[tuple[int, int], int] = defaultdict(int)
    for thread, question, part, reference, status in siege.query(ANSWERS):
        before = upto[thread, part]
        first = before + 1 if question > before else question
        covers = {wamid for key, wamid in said[thread] if first <= key <= question}
        upto[thread, part] = max(before, question)
        yield Answer(reference, frozenset(covers), part, is_in_doubt=status == "unconfirmed")
