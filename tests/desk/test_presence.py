"""Who else looks at a conversation, and how seldom that is written down."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import F

from conversations import presence
from conversations.models import Presence
from conversations.presence import Present
from tests.desk.together import together
from tests.factories import a_thread, an_agent

pytestmark = pytest.mark.django_db


def older(seconds: float) -> None:
    Presence.objects.update(at=F("at") - timedelta(seconds=seconds))


def test_two_who_look_see_each_other_and_not_themselves() -> None:
    thread, alice, kim = a_thread(), an_agent(), an_agent("kim")
    assert presence.seen(thread, by=alice) == []
    assert presence.seen(thread, by=kim, is_typing=True) == [Present("Alice", False)]
    assert presence.others(thread, besides=alice) == [Present("Kim", True)]


def test_who_is_at_another_thread_is_not_here() -> None:
    thread, other, alice, kim = a_thread(), a_thread(), an_agent(), an_agent("kim")
    presence.seen(thread, by=kim)
    presence.seen(other, by=kim)
    assert presence.others(thread, besides=alice) == []
    assert presence.others(other, besides=alice) == [Present("Kim", False)]


def test_who_has_not_been_seen_for_25_seconds_has_gone() -> None:
    thread, alice, kim = a_thread(), an_agent(), an_agent("kim")
    presence.seen(thread, by=kim)
    older(24)
    assert presence.others(thread, besides=alice) == [Present("Kim", False)]
    older(2)
    assert presence.others(thread, besides=alice) == []


def test_it_is_written_every_ten_seconds_at_most_while_nothing_changes() -> None:
    thread, alice = a_thread(), an_agent()
    presence.seen(thread, by=alice)
    older(9)
    before = Presence.objects.get().at
    presence.seen(thread, by=alice)
    assert Presence.objects.get().at == before
    older(2)
    presence.seen(thread, by=alice)
    assert Presence.objects.get().at > before


def test_a_change_is_written_at_once() -> None:
    thread, other, alice = a_thread(), a_thread(), an_agent()
    presence.seen(thread, by=alice)
    presence.seen(thread, by=alice, is_typing=True)
    assert Presence.objects.get().is_typing
    presence.seen(other, by=alice)
    row = Presence.objects.get()
    assert (row.thread, row.is_typing) == (other, False)


def test_who_leaves_is_gone_at_once_and_twice_is_harmless() -> None:
    thread, alice, kim = a_thread(), an_agent(), an_agent("kim")
    presence.seen(thread, by=kim)
    for _ in range(2):
        presence.left(thread, by=kim)
    assert presence.others(thread, besides=alice) == []


def test_a_leave_that_comes_late_does_not_end_the_next_visit() -> None:
    thread, other, alice, kim = a_thread(), a_thread(), an_agent(), an_agent("kim")
    presence.seen(other, by=kim)
    presence.left(thread, by=kim)
    assert presence.others(other, besides=alice) == [Present("Kim", False)]


def test_who_has_no_name_is_called_by_their_login() -> None:
    thread, alice, kim = a_thread(), an_agent(), an_agent("kim")
    User.objects.filter(pk=kim.pk).update(first_name="")
    presence.seen(thread, by=kim)
    assert presence.others(thread, besides=alice) == [Present("kim", False)]


def test_a_poll_costs_one_statement(django_assert_num_queries: Any) -> None:
    thread, alice, kim = a_thread(), an_agent(), an_agent("kim")
    presence.seen(thread, by=kim)
    for _ in range(2):
        with django_assert_num_queries(1):
            presence.seen(thread, by=alice)


@pytest.mark.django_db(transaction=True)
def test_two_tabs_of_one_person_at_once_leave_one_row() -> None:
    threads, alice = [a_thread() for _ in range(4)], an_agent()
    results = together(*[partial(presence.seen, thread, by=alice) for thread in threads])
    assert results == [[], [], [], []]
    assert Presence.objects.get().thread in threads
