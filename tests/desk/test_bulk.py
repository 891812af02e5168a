"""One act on many threads: how many it changed, and whose it left alone."""

from functools import partial

import pytest
from django.contrib.auth.models import Group

from conversations import bulk, takeover
from conversations.models import Thread, ThreadEvent
from tests.desk.together import together
from tests.factories import a_thread, an_agent, bob

pytestmark = pytest.mark.django_db


def test_it_says_how_many_were_free_mine_already_and_a_colleagues() -> None:
    alice, kim = an_agent(), an_agent("kim")
    free, mine, hers = a_thread(), a_thread(), a_thread()
    takeover.take(mine, by=alice)
    takeover.take(hers, by=kim)
    outcome = bulk.assign([free, mine, hers], to=alice, by=alice)
    assert outcome == bulk.Outcome(done=1, already=1, kept={"Kim": 1})
    hers.refresh_from_db()
    assert hers.assigned_to == kim


def test_a_colleagues_are_given_away_too_where_it_is_meant() -> None:
    alice, kim = an_agent(), an_agent("kim")
    hers = a_thread()
    takeover.take(hers, by=kim)
    assert bulk.assign([hers], to=alice, by=alice, from_person=True).done == 1


def test_nothing_is_given_to_bob_who_may_not_answer() -> None:
    threads = [a_thread(), a_thread()]
    with pytest.raises(takeover.CannotAnswer):
        bulk.assign(threads, to=bob(), by=an_agent())
    assert not ThreadEvent.objects.exists()


def test_a_group_gets_many() -> None:
    alice, kim = an_agent(), an_agent("kim")
    threads = [a_thread(), a_thread()]
    takeover.take(threads[0], by=kim)
    group = Group.objects.get(name="Agent")
    outcome = bulk.assign_to_group(threads, group=group, by=alice)
    assert outcome == bulk.Outcome(done=1, kept={"Kim": 1})
    assert bulk.assign_to_group(threads, group=group, by=alice).already == 1


def test_closing_many_leaves_a_colleagues_open() -> None:
    alice, kim = an_agent(), an_agent("kim")
    threads = [a_thread(), a_thread(is_closed=True), a_thread()]
    takeover.take(threads[2], by=kim)
    assert bulk.close(threads, by=alice) == bulk.Outcome(done=1, already=1, kept={"Kim": 1})
    assert Thread.objects.filter(is_closed=False).get() == threads[2]
    assert bulk.close(threads, by=alice, from_person=True).done == 1


def test_a_thread_that_is_gone_does_not_keep_the_others_from_it() -> None:
    gone, there = a_thread(), a_thread()
    Thread.objects.filter(pk=gone.pk).delete()
    assert bulk.close([gone, there], by=an_agent()).done == 1


def test_nothing_ticked_does_nothing() -> None:
    assert bulk.close([], by=an_agent()) == bulk.Outcome()


@pytest.mark.django_db(transaction=True)
def test_two_who_close_the_same_at_once_close_each_once() -> None:
    threads, alice, kim = [a_thread() for _ in range(5)], an_agent(), an_agent("kim")
    orders = [(threads, alice), (threads[::-1], kim)]
    results = together(*[partial(bulk.close, order, by=by) for order, by in orders])
    assert sum(one.done for one in results if isinstance(one, bulk.Outcome)) == 5
    assert ThreadEvent.objects.count() == 5
