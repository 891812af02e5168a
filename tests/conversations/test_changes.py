"""The cursor that open inboxes poll: no gap, no repetition, and no waiting for strangers."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from conversations import changes
from tests.factories import a_thread

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_tells_what_was_committed_since_and_tells_it_once() -> None:
    thread, start = a_thread(), changes.horizon()
    changes.record(thread.pk)
    first = changes.since(start)
    assert first.thread_ids == {thread.pk}
    assert changes.since(first.cursor).thread_ids == frozenset()


def test_what_commits_late_is_told_late_and_not_lost() -> None:
    slow, quick = a_thread(), a_thread()
    start = changes.horizon()
    written, go_on = threading.Event(), threading.Event()

    def slowly() -> None:
        with transaction.atomic():
            changes.record(slow.pk)
            written.set()
            go_on.wait(10)
        connection.close()

    writer = threading.Thread(target=slowly)
    writer.start()
    assert written.wait(10)
    changes.record(quick.pk)
    early = changes.since(start)
    assert early.thread_ids == {quick.pk}, "it does not wait for the other one"
    go_on.set()
    writer.join(10)
    late = changes.since(early.cursor)
    assert late.thread_ids == {slow.pk}
    assert changes.since(late.cursor).thread_ids == frozenset()


@pytest.mark.parametrize(
    "cursor",
    ["", "0", "x", "1:2", "5:1:", "9:12:3", "1:9:5,4", "1:2:3;drop", "1:9:4,4", "0:1:", "1:2:,"],
)
def test_a_cursor_that_is_none_begins_anew(cursor: str) -> None:
    changes.record(a_thread().pk)
    changed = changes.since(cursor)
    assert changed.thread_ids == frozenset()
    changes.record(a_thread().pk)
    assert len(changes.since(changed.cursor).thread_ids) == 1


def test_an_idle_look_is_one_query(django_assert_num_queries: Any) -> None:
    cursor = changes.horizon()
    with django_assert_num_queries(1):
        changes.since(cursor)
