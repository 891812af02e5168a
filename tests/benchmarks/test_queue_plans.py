"""Finding what to send costs the same behind 3,000 rows of a campaign as behind ten.

Time is not measured: the blocks that PostgreSQL touches are the same on every machine.
"""

from typing import Any

import pytest
from django.db import connection, transaction

from benchmarks import rows
from conversations.delivery import claiming
from conversations.models import Message, PhoneNumber, Thread

pytestmark = pytest.mark.django_db

CAMPAIGN = 3_000
BLOCKS_PER_HEAD = 30


@pytest.fixture
def campaign() -> list[Thread]:
    """Queued a moment ago: the statistics of the tables know nothing of it."""
    threads = rows.people(CAMPAIGN)
    rows.queued(threads, priority=5)
    PhoneNumber.objects.update(messages_per_second=10_000)
    return threads


def blocks_for_heads(number: PhoneNumber, *, thread_id: int | None, most: int) -> int:
    """How many blocks are touched to find the heads, planned as `claim` does."""
    values: dict[str, Any] = {
        **claiming.PAIR_RATE,
        "number": number.pk,
        "thread": thread_id,
        "settled": claiming.SETTLED_AFTER,
        "most": most,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        claiming._lock(number.pk, is_walk=thread_id is None)
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {claiming.HEADS}", values)
        plan = cursor.fetchone()[0][0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE conversations_message, conversations_thread")


@pytest.mark.parametrize("is_analysed", [False, True])
def test_heads_are_found_without_reading_the_queue(
    campaign: list[Thread], *, is_analysed: bool
) -> None:
    if is_analysed:
        analyse()
    number = PhoneNumber.objects.get()
    assert blocks_for_heads(number, thread_id=None, most=32) < 32 * BLOCKS_PER_HEAD


def test_the_head_of_one_thread_is_found_without_reading_the_queue(
    campaign: list[Thread],
) -> None:
    analyse()  # what other tests left in the statistics is of another table than this
    number = PhoneNumber.objects.get()
    assert blocks_for_heads(number, thread_id=campaign[-1].pk, most=1) < 2 * BLOCKS_PER_HEAD


def test_a_claim_takes_the_first_of_the_campaign(campaign: list[Thread]) -> None:
    claimed = claiming.claim(most=32)
    assert [one.thread_id for one in claimed] == [thread.pk for thread in campaign[:32]]
    assert Message.objects.filter(status=Message.Status.SENDING).count() == 32
