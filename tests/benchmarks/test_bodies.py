"""The bodies of the benchmark: distinct, of Meta's size and shape, the same in every process."""

import json

import pytest

from benchmarks import bodies
from conversations.whatsapp import events

AT = 1_760_000_000
SOME = [bodies.single(7, index, AT) for index in range(400)]


def test_no_two_are_alike() -> None:
    assert len(set(SOME)) == len(SOME)
    assert not set(SOME) & {bodies.single(8, index, AT) for index in range(400) if not index % 4}


def test_they_are_as_long_as_metas() -> None:
    assert all(700 <= len(body) <= 1500 for body in SOME)


def test_the_same_seed_and_time_give_the_same_bytes() -> None:
    assert [bodies.single(7, index, AT) for index in range(400)] == SOME
    assert bodies.many(7, 3, 100, AT) == bodies.many(7, 3, 100, AT)


def test_one_text_comes_with_three_statuses_that_intake_understands() -> None:
    kinds = [type(one) for body in SOME for one in events.parse(body)]
    assert kinds.count(events.InboundMessage) == 100
    assert kinds.count(events.StatusUpdate) == 300


@pytest.mark.parametrize("count", [100, 1_000])
def test_a_big_one_holds_so_many_events(count: int) -> None:
    said = events.parse(bodies.many(7, 1, count, AT))
    assert len(said) == count
    assert {type(one) for one in said} == {events.InboundMessage, events.StatusUpdate}


def test_no_event_of_one_big_body_is_in_another() -> None:
    ids = [_ids(bodies.many(7, index, 100, AT)) for index in range(3)]
    assert len(set().union(*ids)) == 300


def _ids(body: bytes) -> set[str]:
    value = json.loads(body)["entry"][0]["changes"][0]["value"]
    items = [*value["messages"], *value["statuses"]]
    return {f"{item['id']} {item.get('status', '')}" for item in items}
