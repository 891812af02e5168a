"""Labels on one thread or on many at once."""

from functools import partial
from typing import Any

import pytest

from conversations import labels
from conversations.models import Change, Label, Thread
from tests.desk.together import together
from tests.factories import a_contact, a_thread, an_agent

pytestmark = pytest.mark.django_db


def a_label(name: str = "Complaint") -> Label:
    return Label.objects.create(name=name)


def some_threads(number: int) -> list[Thread]:
    return [a_thread(contact=a_contact()) for _ in range(number)]


def test_a_label_is_put_on_many_and_open_inboxes_are_told_of_each() -> None:
    threads, label = some_threads(3), a_label()
    assert labels.put(threads, label, by=an_agent()) == 3
    assert set(label.threads.all()) == set(threads)
    assert set(Change.objects.values_list("thread", flat=True)) == {one.pk for one in threads}


def test_twice_changes_nothing_and_tells_nobody() -> None:
    threads, label, alice = some_threads(2), a_label(), an_agent()
    labels.put(threads[:1], label, by=alice)
    assert labels.put(threads, label, by=alice) == 1
    assert labels.put(threads, label, by=alice) == 0
    assert Change.objects.count() == 2


def test_taking_off_leaves_the_other_labels_and_threads() -> None:
    threads, alice = some_threads(2), an_agent()
    complaint, vip = a_label(), a_label("VIP")
    for label in (complaint, vip):
        labels.put(threads, label, by=alice)
    Change.objects.all().delete()
    assert labels.take_off(threads[:1], complaint, by=alice) == 1
    assert labels.take_off(threads[:1], complaint, by=alice) == 0
    assert list(threads[0].labels.all()) == [vip]
    assert set(threads[1].labels.all()) == {complaint, vip}
    assert list(Change.objects.values_list("thread", flat=True)) == [threads[0].pk]


def test_a_label_that_is_gone_is_put_on_nothing() -> None:
    threads, label = some_threads(1), a_label()
    Label.objects.all().delete()
    assert labels.put(threads, label, by=an_agent()) == 0


def test_a_thread_that_is_gone_does_not_keep_the_others_from_it() -> None:
    threads, label = some_threads(2), a_label()
    gone = Thread(pk=threads[0].pk)
    threads[0].delete()
    assert labels.put([gone, threads[1]], label, by=an_agent()) == 1


def test_a_hundred_cost_what_one_costs(django_assert_num_queries: Any) -> None:
    threads, label, alice = some_threads(100), a_label(), an_agent()
    with django_assert_num_queries(4):  # two, in a savepoint of the test's transaction
        assert labels.put(threads, label, by=alice) == 100


@pytest.mark.django_db(transaction=True)
def test_at_once_each_thread_gets_it_once() -> None:
    threads, label, alice = some_threads(5), a_label(), an_agent()
    orders = (threads, threads[::-1], threads, threads[::-1])
    results = together(*[partial(labels.put, order, label, by=alice) for order in orders])
    assert sum(one for one in results if isinstance(one, int)) == 5
    assert Change.objects.count() == 5
