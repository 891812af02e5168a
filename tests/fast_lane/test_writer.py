"""The thread that writes for all requests: batches, faults, and its own beginning and end."""

import os
import threading

import pytest
from django.db import OperationalError

from conversations import event_store
from tests.fast_lane.callers import Callers
from tests.fast_lane.database import Database
from tests.fast_lane.doors import door
from tests.processes.waiting import wait_for

COMMITS = "SELECT count(DISTINCT xmin::text) FROM conversations_webhookevent"
BODIES = [b'{"event": %d}' % number for number in range(20)]


def writers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "event-writer"]


def test_an_event_is_committed_when_the_call_returns(writer: None, database: Database) -> None:
    event_store.store(b"\x00 any bytes \xff")
    assert database.ask("SELECT body FROM conversations_webhookevent") == b"\x00 any bytes \xff"


def test_what_comes_while_one_commits_shares_the_next_commit(
    writer: None, database: Database
) -> None:
    with database.closed_to_inserts():
        first = Callers([b"under way"])
        wait_for(database.held_up, what="the first batch")
        others = Callers(BODIES)
        wait_for(lambda: queued() == 20)
        assert first.answers == others.answers == {}, "nobody is answered before the commit"
    assert first.faults() + others.faults() == [None] * 21
    assert (database.events(), database.ask(COMMITS)) == (21, 2)


def test_events_of_a_batch_keep_the_order_they_came_in(writer: None, database: Database) -> None:
    with database.closed_to_inserts():
        callers = Callers([b"holds up the writer"])
        wait_for(database.held_up, what="the first batch")
        more = []
        for number, body in enumerate(BODIES):
            more.append(Callers([body]))
            wait_for(lambda seen=number: queued() == seen + 1)  # type: ignore[misc]  # bound now
    assert callers.faults() == [None]
    assert [one.faults() for one in more] == [[None]] * 20
    kept = "SELECT array_agg(body ORDER BY id) FROM conversations_webhookevent"
    assert database.ask(kept) == [b"holds up the writer", *BODIES]


def queued() -> int:
    return event_store._writer._queue.qsize() if event_store._writer else 0


def test_the_same_bytes_are_one_event_within_a_batch_and_across(
    writer: None, database: Database
) -> None:
    with database.closed_to_inserts():
        callers = Callers([b"again"] * 20)
        wait_for(database.held_up, what="the first batch")
    assert callers.faults() == [None] * 20
    event_store.store(b"again")
    assert database.events() == 1


def test_more_bytes_than_a_batch_may_hold_become_several(
    writer: None, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_store, "BATCH_BYTES", 1000)
    with database.closed_to_inserts():
        first = Callers([b"under way"])
        wait_for(database.held_up, what="the first batch")
        others = Callers([bytes([number]) * 600 for number in range(5)])
        wait_for(lambda: queued() == 5)
    assert first.faults() + others.faults() == [None] * 6
    assert database.ask(COMMITS) == 1 + 3


def test_a_connection_that_was_cut_is_made_anew_and_nobody_notices(
    writer: None, database: Database
) -> None:
    event_store.store(b"before")
    assert database.cut_off() == 1
    event_store.store(b"after")
    assert database.events() == 2


def test_a_batch_that_was_cut_in_its_middle_is_written_once_more(
    writer: None, database: Database
) -> None:
    with database.closed_to_inserts():
        callers = Callers(BODIES)
        first = wait_for(database.held_up, what="the first try")
        database.end(first)
        wait_for(lambda: database.held_up() not in ([], first), what="the second try")
    assert callers.faults() == [None] * 20
    assert database.events() == 20


def test_while_the_database_is_away_everybody_hears_so_and_then_it_goes_on(
    writer: None, database: Database
) -> None:
    event_store.store(b"before")
    with database.away():
        faults = Callers(BODIES).faults()
        assert all(isinstance(fault, OperationalError) for fault in faults)
    event_store.store(b"after")
    assert database.events() == 2


@pytest.mark.parametrize("name", ["view", "lane"])
def test_both_doors_answer_503_meanwhile(writer: None, database: Database, name: str) -> None:
    post = door(name)
    with database.away():
        answer = post(b"{}")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.content == b"The database is away. Please try again."
    assert post(b"{}").status_code == 200


def test_the_beginning_and_the_end_of_a_fault_are_told_once_and_without_the_body(
    writer: None, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with database.away():
        for _ in range(3):
            Callers([b"a customer's words"]).faults()
    event_store.store(b"after")
    told = [one for one in caplog.messages if "stored" in one]
    assert told == ["webhooks cannot be stored: OperationalError", "webhooks are stored again"]
    assert "customer" not in caplog.text


def test_nobody_waits_for_ever(
    writer: None, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_store, "PATIENCE_SECONDS", 0.2)
    with database.closed_to_inserts():
        (fault,) = Callers([b"slow"]).faults()
        assert isinstance(fault, OperationalError)
        assert "in time" in str(fault)
    wait_for(lambda: database.events() == 1, what="what was given up to be written all the same")


def test_more_than_can_wait_are_turned_away_at_once(
    writer: None, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_store, "WAITING_AT_MOST", 3)
    with database.closed_to_inserts():
        first = Callers([b"under way"])
        wait_for(database.held_up, what="the first batch")
        others = Callers(BODIES[:3])
        wait_for(lambda: queued() == 3)
        with pytest.raises(OperationalError, match="Too many"):
            event_store.store(b"one too many")
    assert first.faults() + others.faults() == [None] * 4
    assert database.events() == 4


def test_whoever_stops_it_waits_until_all_is_written(writer: None, database: Database) -> None:
    with database.closed_to_inserts():
        callers = Callers(BODIES)
        wait_for(database.held_up, what="the first batch")
        stopping = threading.Thread(target=event_store.write_one_by_one)
        stopping.start()
    stopping.join(timeout=20)
    assert not writers()
    assert callers.faults() == [None] * 20
    assert database.events() == 20


def test_after_the_end_each_call_writes_for_itself(writer: None, database: Database) -> None:
    event_store.store(b"by the thread")
    assert len(writers()) == 1
    event_store.write_one_by_one()
    event_store.write_one_by_one()
    event_store.store(b"by the call")
    assert (writers(), database.events()) == ([], 2)


def test_starting_twice_gives_one_thread(writer: None, database: Database) -> None:
    event_store.write_in_batches()
    Callers(BODIES).faults()
    assert len(writers()) == 1


def test_a_forked_process_has_a_thread_and_a_connection_of_its_own(
    writer: None, database: Database
) -> None:
    event_store.store(b"parent")
    child = os.fork()
    if child == 0:
        os._exit(_exit_code_of_a_child())
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    event_store.store(b"parent again")
    assert database.events() == 3


def _exit_code_of_a_child() -> int:
    try:
        event_store.store(b"child")
    except Exception:
        return 1
    return 0


def test_it_wakes_up_for_a_single_event(writer: None, database: Database) -> None:
    for number in range(3):
        event_store.store(b"one at a time %d" % number)
    assert database.ask(COMMITS) == 3
