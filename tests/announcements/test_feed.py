"""The feed: nothing skipped, nothing reordered, told clearly where it begins and ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from conversations import announcements, pruning
from conversations.announcements import feed
from conversations.models import Announcement, Feed
from tests.announcements import reading

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS, TRANSACTIONS, EACH = 8, 25, 3


def announce(payload: dict[str, Any], type_: str = "thread.taken") -> Announcement:
    return Announcement.objects.create(type=type_, payload=payload)


def announced(count: int) -> None:
    Announcement.objects.bulk_create(
        Announcement(type="thread.taken", payload={"n": n}) for n in range(count)
    )
    reading.number()


class Reader(threading.Thread):
    """Reads on and on from a cursor, as another system does, and keeps what it got."""

    def __init__(self) -> None:
        super().__init__()
        self.got: list[announcements.Told] = []
        self.writers_ended = threading.Event()

    def run(self) -> None:
        cursor, is_last = 0, False
        while not is_last:
            is_last = self.writers_ended.is_set() and not announcements.is_anything_new()
            page = announcements.after(cursor, 7)
            self.got += page.told
            cursor = page.cursor
            is_last = is_last and not page.has_more
        connection.close()


def numbering(ended: threading.Event) -> None:
    """As two dispatchers do it at once."""
    while not ended.is_set() or announcements.is_anything_new():
        with transaction.atomic():
            announcements.number_new()
    connection.close()


def writing(writer: int) -> None:
    for turn in range(TRANSACTIONS):
        with transaction.atomic():
            for part in range(EACH):
                announce({"writer": writer, "serial": turn * EACH + part})
            if (turn + writer) % 9 == 0:  # another one commits long before this one
                threading.Event().wait(0.005)
    connection.close()


def test_eight_writers_and_a_reader_who_misses_none_and_sees_the_order_that_all_see() -> None:
    Feed.objects.create()
    reader = Reader()
    writers = [threading.Thread(target=writing, args=(n,)) for n in range(WRITERS)]
    numberers = [threading.Thread(target=numbering, args=(reader.writers_ended,)) for _ in "ab"]
    for thread in (reader, *numberers, *writers):
        thread.start()
    for thread in writers:
        thread.join(60)
    reader.writers_ended.set()
    for thread in (reader, *numberers):
        thread.join(60)

    numbers = [told.number for told in reader.got]
    assert len(numbers) == WRITERS * TRANSACTIONS * EACH, "none is missed, none comes twice"
    assert numbers == list(range(1, len(numbers) + 1))
    for writer in range(WRITERS):
        serials = [one.payload["serial"] for one in reader.got if one.payload["writer"] == writer]
        assert serials == list(range(TRANSACTIONS * EACH)), "each writer's in its own order"
    assert reader.got == reading.everything(), "who reads later sees the same order"


@pytest.fixture
def a_slow_writer() -> Iterator[threading.Event]:
    """It has written the first row, and commits when it is told to."""
    written, go_on = threading.Event(), threading.Event()

    def slowly() -> None:
        with transaction.atomic():
            announce({"who": "slow"})
            written.set()
            go_on.wait(10)
        connection.close()

    writer = threading.Thread(target=slowly)
    writer.start()
    assert written.wait(10)
    yield go_on
    go_on.set()
    writer.join(10)
    reading.number()
    assert [one.payload["who"] for one in reading.everything()] == ["quick", "slow"]


def test_what_commits_late_is_told_late_and_holds_nobody_up(
    a_slow_writer: threading.Event,
) -> None:
    announce({"who": "quick"})
    assert [one.payload["who"] for one in reading.everything()] == ["quick"]
    cursor = announcements.newest()
    assert announcements.after(cursor, 10).told == ()


def test_what_is_rolled_back_was_never_announced() -> None:
    with transaction.atomic():
        announce({})
        transaction.set_rollback(True)
    assert reading.everything() == []


def test_while_one_process_numbers_another_leaves_it_alone() -> None:
    announced(1)
    announce({})
    seen: list[Any] = []

    def other() -> None:
        with transaction.atomic():
            seen.append(announcements.number_new())
        connection.close()

    with transaction.atomic():
        assert announcements.number_new() == (2, 2)
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(10)
    assert seen == [None]


def test_pages_follow_on_one_another_and_say_when_there_is_more() -> None:
    announced(5)
    first = announcements.after(0, 2)
    assert ([one.number for one in first.told], first.cursor, first.has_more) == ([1, 2], 2, True)
    last = announcements.after(first.cursor, 3)
    assert ([one.number for one in last.told], last.cursor, last.has_more) == ([3, 4, 5], 5, False)
    end = announcements.after(last.cursor, 3)
    assert (end.told, end.cursor, end.has_more) == ((), 5, False)


def test_a_filter_passes_over_the_others_and_the_cursor_with_it() -> None:
    announced(3)
    announce({}, "message.received")
    announced(3)
    page = announcements.after(0, 10, ["message.received"])
    assert ([one.number for one in page.told], page.cursor, page.has_more) == ([4], 7, False)
    assert announcements.after(0, 10, []).told == ()


def test_a_rare_type_is_looked_for_a_stretch_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "SPAN", 4)
    announced(6)
    announce({}, "message.received")
    reading.number()
    page = announcements.after(0, 10, ["message.received"])
    assert (page.told, page.cursor, page.has_more) == ((), 4, True)
    page = announcements.after(page.cursor, 10, ["message.received"])
    assert ([one.number for one in page.told], page.has_more) == ([7], False)


def test_what_is_old_goes_and_who_stands_before_it_is_told() -> None:
    announced(6)
    Announcement.objects.filter(number__lte=4).update(at=OLD)
    # One that is old behind one that is not: there is never a hole in the feed.
    Announcement.objects.filter(number=6).update(at=OLD)
    assert announcements.prune(timedelta(days=30), 3) == 3
    assert announcements.prune(timedelta(days=30), 3) == 1
    assert announcements.prune(timedelta(days=30), 3) == 0
    assert [one.number for one in announcements.after(0, 10).told] == [5, 6]
    assert [one.number for one in announcements.after(4, 10).told] == [5, 6]
    with pytest.raises(announcements.CursorTooOld) as lost:
        announcements.after(3, 10)
    assert lost.value.oldest == 4


OLD = "2020-01-01T00:00:00Z"


@pytest.mark.parametrize("cursor", [-1, 4, 2**62])
def test_a_cursor_that_was_never_given_is_told_so(cursor: int) -> None:
    announced(3)
    with pytest.raises(announcements.CursorUnknown):
        announcements.after(cursor, 10)


def test_dispatch_prunes_after_the_days_of_the_setting(settings: Any) -> None:
    settings.KEEP_ANNOUNCEMENTS_DAYS = 1
    announced(2)
    Announcement.objects.filter(number=1).update(at=OLD)
    assert pruning.prune() == 1
    assert Feed.objects.get().gone == 1


def test_a_page_is_one_statement_and_an_idle_look_is_one(django_assert_num_queries: Any) -> None:
    announced(3)
    with django_assert_num_queries(1):
        announcements.after(0, 10)
    with django_assert_num_queries(1):
        assert not announcements.is_anything_new()


def test_the_first_reader_of_an_empty_console_gets_an_empty_page() -> None:
    assert announcements.after(0, 10) == announcements.Page((), 0, False)
    assert announcements.newest() == 0
