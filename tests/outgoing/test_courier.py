"""Deliveries on their way: at least once, tried for three days, and nobody holds up others."""

from __future__ import annotations

import logging
import socket
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from conversations import outgoing
from conversations.models import Notice, WebhookDelivery, WebhookSubscription
from conversations.outgoing import claiming, courier, posting, recording
from tests.factories import a_thread, an_inbound
from tests.outgoing.receiver import Receiver, Request, answering, receiving
from tests.outgoing.subscribing import (
    State,
    a_subscription,
    announce,
    deliver,
    due_again,
    events,
    failing_for,
    ids,
)

pytestmark = pytest.mark.django_db(transaction=True)


def states() -> list[str]:
    return list(WebhookDelivery.objects.order_by("pk").values_list("state", flat=True))


def test_what_is_announced_arrives_once_as_the_feed_has_it(receiver: Receiver) -> None:
    a_subscription(receiver)
    announce("thread.taken", thread_id=7)
    deliver()
    deliver()
    (event,) = events(receiver)
    assert event.items() >= {"id": "1", "type": "thread.taken"}.items()
    assert event["data"] == {"n": 0, "thread_id": 7}
    assert event["at"].endswith("Z")
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.attempts) == (State.DELIVERED, 1)
    assert delivery.delivered_at is not None
    assert [(one["status"], one["answer"]) for one in delivery.log] == [(200, "OK")]


def test_all_of_a_backlog_arrives(receiver: Receiver) -> None:
    a_subscription(receiver)
    announce(count=60)
    deliver(2000)
    assert sorted(ids(receiver), key=int) == [str(n) for n in range(1, 61)]


def test_of_one_subscription_only_a_few_are_posted_at_once() -> None:
    flying, most = 0, 0
    lock = threading.Lock()

    def count(sock: socket.socket, _request: Request) -> None:
        nonlocal flying, most
        with lock:
            flying += 1
            most = max(most, flying)
        time.sleep(0.03)
        with lock:
            flying -= 1
        sock.sendall(answering(200))

    with receiving(count) as receiver:
        a_subscription(receiver)
        announce(count=20)
        deliver(2000)
        assert len(receiver.requests) == 20
    assert 1 < most <= claiming.AT_ONCE


def test_what_failed_is_tried_again_with_the_same_id_and_longer_waits() -> None:
    with receiving(answering(503, b"Just a moment")) as receiver:
        a_subscription(receiver)
        announce()
        waits = []
        for _ in range(4):
            deliver()
            delivery = WebhookDelivery.objects.get()
            assert delivery.next_at is not None
            waits.append((delivery.next_at - timezone.now()).total_seconds())
            due_again()
        for base, wait in zip((5, 15, 45, 135), waits, strict=True):
            assert base * 0.7 < wait <= base * 1.3
        receiver.answer = answering(200)
        deliver()
        assert set(ids(receiver)) == {"1"}
        assert len(receiver.requests) == 5
    delivery.refresh_from_db()
    assert delivery.state == State.DELIVERED
    assert [one["status"] for one in delivery.log] == [503, 503, 503, 503, 200]
    assert delivery.log[0]["answer"] == "Just a moment"


def test_it_waits_as_long_as_the_receiver_asks_for() -> None:
    with receiving(answering(429, b"", "Retry-After: 600")) as receiver:
        a_subscription(receiver)
        announce()
        deliver()
    next_at = WebhookDelivery.objects.values_list("next_at", flat=True).get()
    assert next_at is not None
    assert next_at > timezone.now() + timedelta(seconds=590)


def test_after_three_days_it_is_given_up_and_the_next_one_is_tried() -> None:
    with receiving(answering(500)) as receiver:
        a_subscription(receiver)
        announce()
        WebhookDelivery.objects.update(give_up_at=timezone.now() + timedelta(seconds=2))
        deliver()
        assert states() == [State.GIVEN_UP]
        receiver.answer = answering(200)
        announce()
        due_again()
        deliver()
    assert states() == [State.GIVEN_UP, State.DELIVERED]


def test_one_event_that_a_receiver_cannot_take_holds_up_no_other() -> None:
    def picky(sock: socket.socket, request: Request) -> None:
        sock.sendall(answering(500 if b'"id":"1"' in request.body else 200))

    with receiving(picky) as receiver:
        a_subscription(receiver)
        announce(count=12)
        deliver(2000)
        assert set(ids(receiver)) == {str(n) for n in range(1, 13)}
    assert sorted(states()) == [State.DELIVERED] * 11 + [State.WAITING]


def test_one_that_died_is_asked_less_and_less_often() -> None:
    with receiving(answering(500)) as receiver:
        subscription = a_subscription(receiver)
        announce(count=30)
        deliver(2000)
        asked = len(receiver.requests)
    subscription.refresh_from_db()
    assert asked < 12, "thirty are waiting, and the first few have shown how it stands"
    assert subscription.held_until is not None
    assert subscription.held_until > timezone.now()


def test_receivers_that_hang_do_not_hold_up_one_that_answers(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "SECONDS", 60)

    def hang(_sock: socket.socket, _request: Request) -> None:
        hanging.closing.wait(60)

    with receiving(hang) as hanging:
        # More of them than there are threads for slow ones.
        for n in range(courier.SLOW_THREADS + 4):
            a_subscription(hanging, name=f"Hangs {n}")
        WebhookSubscription.objects.update(is_slow=True, failures=3)
        a_subscription(receiver)
        announce(count=3)
        one = outgoing.Courier()
        for _ in range(3000):
            one.turn()
            time.sleep(0.01)
            if (len(receiver.requests), len(hanging.requests)) == (3, courier.SLOW_THREADS):
                break
        delivered = WebhookDelivery.objects.filter(state=State.DELIVERED)
        assert len(receiver.requests) == 3
        assert delivered.exclude(subscription__name="ERP").count() == 0, "the others hang still"
        hanging.closing.set()
        one.stop()
        one.run()


def test_one_that_hangs_goes_into_the_lane_of_the_slow_and_comes_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(posting, "SECONDS", 0.3)
    with receiving(lambda *_: time.sleep(0.6)) as receiver:
        subscription = a_subscription(receiver)
        announce()
        deliver()
        subscription.refresh_from_db()
        assert (subscription.is_slow, subscription.failures) == (True, 1)
        receiver.answer = answering(200)
        due_again()
        deliver()
    subscription.refresh_from_db()
    assert (subscription.is_slow, subscription.failures) == (False, 0)
    assert subscription.failing_since is None


def test_a_courier_that_was_killed_is_made_up_for_with_the_same_id(receiver: Receiver) -> None:
    a_subscription(receiver)
    announce()
    (claimed,) = claiming.claim(most=5, slow=False)
    posting.post(claimed.url, claimed.body, claimed.headers)  # and then it died
    deliver()
    assert len(receiver.requests) == 1, "the claim holds still"
    WebhookDelivery.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    deliver()
    assert ids(receiver) == ["1", "1"]
    # The dead one comes back after all: the row has its end already.
    recording.record(claimed, posting.Outcome(500, 3, fault="It answered 500."))
    assert states() == [State.DELIVERED]


def test_two_couriers_at_once_post_each_delivery_once(receiver: Receiver) -> None:
    for n in range(5):
        a_subscription(receiver, name=f"ERP {n}")
    announce(count=10)

    def work() -> None:
        try:
            deliver(2000)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    deliver(2000)
    assert len(receiver.requests) == 50
    assert set(states()) == {State.DELIVERED}


def test_nothing_is_posted_to_a_paused_one(receiver: Receiver) -> None:
    subscription = a_subscription(receiver)
    announce()
    outgoing.pause(subscription, reason="Moving house.")
    deliver()
    assert receiver.requests == []
    outgoing.resume(subscription)
    deliver()
    assert ids(receiver) == ["1"]


def test_one_that_fails_for_an_hour_is_before_staff_until_it_is_well() -> None:
    with receiving(answering(500)) as receiver:
        subscription = a_subscription(receiver)
        announce()
        failing_for(subscription, timedelta(minutes=61))
        deliver()
        notice = Notice.objects.get(ended_at=None)
        assert "ERP has failed since" in notice.text
        assert "It answered 500." in notice.text
        receiver.answer = answering(204)
        due_again()
        deliver()
    assert not Notice.objects.filter(ended_at=None).exists()


def test_one_that_fails_for_three_days_is_paused_and_resuming_sends_what_it_missed() -> None:
    with receiving(answering(500)) as receiver:
        subscription = a_subscription(receiver)
        announce()
        failing_for(subscription, timedelta(days=3, minutes=1))
        deliver()
        subscription.refresh_from_db()
        assert subscription.paused_at is not None
        assert "three days" in subscription.paused_reason
        notice = Notice.objects.get(ended_at=None)
        assert (notice.level, "is paused" in notice.text) == (Notice.Level.ALARM, True)
        announce(count=2)
        receiver.answer = answering(200)
        receiver.requests.clear()
        outgoing.resume(subscription)
        deliver()
        assert sorted(ids(receiver)) == ["1", "2", "3"]
    assert not Notice.objects.filter(ended_at=None).exists()


def test_a_receiver_that_says_it_is_gone_is_paused_at_once() -> None:
    with receiving(answering(410)) as receiver:
        subscription = a_subscription(receiver)
        announce()
        deliver()
    subscription.refresh_from_db()
    assert "gone for good" in subscription.paused_reason


def test_the_texts_go_only_to_who_chose_them_and_are_kept_nowhere(
    receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    message = an_inbound(a_thread(), "My secret is 4711")
    a_subscription(receiver, name="ERP", has_text=True)
    a_subscription(receiver, name="Shop")
    with caplog.at_level(logging.DEBUG):
        announce("message.received", message=message.pk)
        deliver()
    said = [event["data"].get("text") for event in events(receiver)]
    assert sorted(said, key=str) == ["My secret is 4711", None]
    assert "4711" not in caplog.text
    assert "4711" not in str(list(WebhookDelivery.objects.values()))


def test_a_receiver_that_repeats_what_it_got_brings_neither_text_nor_signature_into_the_log() -> (
    None
):
    def echo(sock: socket.socket, request: Request) -> None:
        said = request.headers["webhook-signature"].encode() + request.body
        sock.sendall(answering(500, said))

    message = an_inbound(a_thread(), "My secret is 4711")
    with receiving(echo) as receiver:
        a_subscription(receiver, name="ERP", has_text=True)
        a_subscription(receiver, name="Shop")
        announce("message.received", message=message.pk)
        deliver()
    logs = {one.subscription.name: str(one.log) for one in WebhookDelivery.objects.all()}
    assert "4711" not in logs["ERP"]
    assert "v1,(not kept)" in logs["Shop"]
    assert f'"message":{message.pk}' in logs["Shop"]


def test_a_test_event_says_clearly_how_it_went_and_stands_in_the_log(receiver: Receiver) -> None:
    subscription = a_subscription(receiver, types=["message.failed"])
    outcome = outgoing.send_test(subscription)
    assert (outcome.is_delivered, outcome.status) == (True, 200)
    (event,) = events(receiver)
    assert event["type"] == "webhook.test"
    assert receiver.requests[0].headers["webhook-id"] == event["id"]
    receiver.answer = answering(401, b"bad signature")
    outcome = outgoing.send_test(subscription)
    assert (outcome.is_delivered, outcome.fault, outcome.answer) == (
        False,
        "It answered 401.",
        "bad signature",
    )
    assert states() == [State.DELIVERED, State.GIVEN_UP]


def test_a_log_of_many_tries_keeps_the_latest() -> None:
    with receiving(answering(500)) as receiver:
        a_subscription(receiver)
        announce()
        WebhookDelivery.objects.update(log=[{"status": n} for n in range(40)])
        deliver()
    log = WebhookDelivery.objects.get().log
    assert len(log) == 40
    assert (log[0]["status"], log[-1]["status"]) == (1, 500)


def test_an_idle_turn_is_one_query(receiver: Receiver, django_assert_num_queries: Any) -> None:
    a_subscription(receiver)
    one = outgoing.Courier()
    with django_assert_num_queries(1):
        one.turn()


def test_a_courier_that_is_stopped_writes_down_what_is_on_its_way(receiver: Receiver) -> None:
    a_subscription(receiver)
    announce()
    one = outgoing.Courier()
    assert one.turn()
    one.stop()
    one.run()
    assert states() == [State.DELIVERED]


@pytest.mark.parametrize("url", ["http://10.0.0.1/", "https://127.0.0.1:22/", "ftp://x"])
def test_an_address_that_may_not_be_posted_to_is_refused_when_it_is_entered(url: str) -> None:
    with pytest.raises(outgoing.AddressRefused):
        outgoing.create(name="ERP", url=url)
    assert not WebhookSubscription.objects.exists()


def test_a_type_that_nobody_announces_is_refused(receiver: Receiver) -> None:
    with pytest.raises(outgoing.TypeUnknown, match=r"message\.recieved"):
        outgoing.create(name="ERP", url=receiver.url, types=["message.recieved"])


def test_another_address_is_tried_at_once(receiver: Receiver) -> None:
    subscription = a_subscription("http://127.0.0.1:4000/")
    announce()
    failing_for(subscription, timedelta(hours=2))
    WebhookSubscription.objects.update(held_until=timezone.now() + timedelta(hours=1))
    outgoing.change(subscription, url=receiver.url)
    deliver()
    assert ids(receiver) == ["1"]
