"""Which announcements wait for which subscription, and which go again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from conversations import outgoing, pruning
from conversations.models import Announcement, WebhookDelivery
from tests.outgoing.subscribing import State, a_subscription, announce, due_again

pytestmark = pytest.mark.django_db

URL = "http://127.0.0.1:4000/"


def waiting(**fields: Any) -> list[str]:
    rows = WebhookDelivery.objects.filter(state=State.WAITING, **fields)
    return list(rows.order_by("pk").values_list("event_id", flat=True))


def test_each_subscription_is_told_of_the_types_it_chose() -> None:
    every = a_subscription(URL)
    some = a_subscription(URL, types=["message.received", "message.failed"])
    announce("message.received")
    announce("thread.taken", count=2)
    assert waiting(subscription=every) == ["1", "2", "3"]
    assert waiting(subscription=some) == ["1"]


def test_what_was_before_it_is_not_told_unless_it_is_replayed() -> None:
    announce(count=2)
    subscription = a_subscription(URL)
    announce()
    assert waiting() == ["3"]
    day_ago = timezone.now() - timedelta(days=1)
    assert outgoing.replay(subscription, since=day_ago) == 3
    assert sorted(waiting()) == ["1", "2", "3"]
    assert outgoing.replay(subscription, since=day_ago) == 3
    assert WebhookDelivery.objects.count() == 3, "twice: once each"


def test_a_replay_begins_where_it_is_told_to_and_leaves_others_alone() -> None:
    subscription, other = a_subscription(URL, types=["thread.taken"]), a_subscription(URL)
    announce(count=2)
    announce("message.received")
    Announcement.objects.filter(number=1).update(at=timezone.now() - timedelta(days=2))
    WebhookDelivery.objects.update(state=State.DELIVERED, next_at=None)
    assert outgoing.replay(subscription, since=timezone.now() - timedelta(days=1)) == 1
    assert waiting() == ["2"]
    assert waiting(subscription=other) == []


def test_one_that_was_delivered_or_given_up_goes_again_with_all_its_tries() -> None:
    a_subscription(URL)
    announce()
    delivery = WebhookDelivery.objects.get()
    assert not outgoing.replay_one(delivery), "it is on its way"
    WebhookDelivery.objects.update(state=State.GIVEN_UP, next_at=None, attempts=17)
    assert outgoing.replay_one(delivery)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (State.WAITING, 0)
    assert delivery.give_up_at > timezone.now() + timedelta(days=2)


def test_where_nobody_subscribed_nothing_is_put_aside() -> None:
    announce(count=3)
    assert not WebhookDelivery.objects.exists()


def test_what_was_announced_during_a_pause_is_told_after_it() -> None:
    subscription = a_subscription(URL)
    announce()
    assert outgoing.pause(subscription, reason="Moving house.")
    assert not outgoing.pause(subscription, reason="Again.")
    announce(count=2)
    assert waiting() == ["1"]
    assert outgoing.resume(subscription)
    assert not outgoing.resume(subscription)
    assert waiting() == ["1", "2", "3"]
    subscription.refresh_from_db()
    assert (subscription.paused_at, subscription.paused_reason) == (None, "")


def test_resuming_gives_what_was_given_up_meanwhile_another_three_days() -> None:
    subscription = a_subscription(URL)
    announce(count=2)
    long_ago = timezone.now() - timedelta(days=4)
    WebhookDelivery.objects.filter(event_id="1").update(
        state=State.GIVEN_UP, next_at=None, created_at=long_ago
    )
    due_again(give_up_at=long_ago)
    subscription.failing_since = long_ago
    subscription.save(update_fields=["failing_since"])
    outgoing.pause(subscription, reason="Dead.")
    outgoing.resume(subscription)
    assert waiting() == ["1", "2"]
    assert not WebhookDelivery.objects.filter(give_up_at__lt=timezone.now()).exists()


def test_telling_costs_the_same_however_many_are_new(django_assert_num_queries: Any) -> None:
    a_subscription(URL)
    announce()
    Announcement.objects.bulk_create(
        Announcement(type="thread.taken", payload={}) for _ in "x" * 50
    )
    with django_assert_num_queries(6):  # look, hold the feed, number, tell; in a savepoint
        assert outgoing.tell_new() == 50
    with django_assert_num_queries(1):
        assert outgoing.tell_new() == 0


def test_the_log_goes_after_its_days(settings: Any) -> None:
    settings.KEEP_WEBHOOK_DELIVERIES_DAYS = 2
    a_subscription(URL)
    announce(count=2)
    old = timezone.now() - timedelta(days=3)
    WebhookDelivery.objects.filter(event_id="1").update(created_at=old)
    pruning.prune()
    assert waiting() == ["2"]


def test_deleting_a_subscription_takes_its_deliveries_along(
    django_assert_max_num_queries: Any,
) -> None:
    subscription, other = a_subscription(URL), a_subscription(URL)
    announce(count=30)
    with django_assert_max_num_queries(8):
        outgoing.delete(subscription)
    assert set(WebhookDelivery.objects.values_list("subscription", flat=True)) == {other.pk}
