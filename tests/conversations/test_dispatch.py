"""The loop that finds due work: waking, repairing, and never running ahead of the workers."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from django_q.conf import Conf
from django_q.models import OrmQ

from conversations import dispatch, leases, outgoing, takeover
from conversations.models import Heartbeat, Message, Thread, WebhookDelivery, WebhookEvent
from tests.cloud_api_server import CloudApiServer
from tests.factories import a_phone_number, a_thread, an_inbound, an_outbound
from tests.outgoing.receiver import receiving
from tests.webhooks import NUMBER, envelope, post, text, value

pytestmark = pytest.mark.django_db(transaction=True)


def due(**fields: Any) -> Thread:
    moment = timezone.now() - timedelta(seconds=1)
    return a_thread(**{"reply_due_at": moment, "reply_due_at_latest": moment, **fields})


def soon() -> Any:
    return timezone.now() + timedelta(seconds=10)


def past() -> Any:
    return timezone.now() - timedelta(seconds=10)


def test_a_due_thread_is_woken_once() -> None:
    thread = due()
    assert dispatch.wake_due_threads() == [thread.pk]
    assert dispatch.wake_due_threads() == []
    assert OrmQ.objects.count() == 1
    assert OrmQ.objects.get().task["func"] == "conversations.jobs.reply"


def test_a_wake_that_was_lost_is_repeated_when_its_time_is_over() -> None:
    thread = due(woken_until=past())
    assert dispatch.wake_due_threads() == [thread.pk]


@pytest.mark.parametrize(
    "fields", [{"reply_due_at": soon}, {"lease_until": soon}, {"woken_until": soon}]
)
def test_what_is_not_due_or_in_somebodys_hands_is_left_alone(fields: dict[str, Any]) -> None:
    due(**{name: moment() for name, moment in fields.items()})
    assert dispatch.wake_due_threads() == []


def test_a_thread_whose_worker_died_is_woken_when_the_lease_is_over() -> None:
    thread = due(lease_until=past())
    assert dispatch.wake_due_threads() == [thread.pk]


def test_the_backlog_waits_in_the_table_oldest_first(settings: Any) -> None:
    settings.Q_CLUSTER = {**settings.Q_CLUSTER, "workers": 2}
    late = [due(reply_due_at=timezone.now() - timedelta(seconds=n)) for n in range(6)]
    assert set(dispatch.wake_due_threads()) == {thread.pk for thread in late[-4:]}
    assert dispatch.wake_due_threads() == []
    Thread.objects.filter(pk=late[-1].pk).update(woken_until=None, reply_due_at=None)
    assert dispatch.wake_due_threads() == [late[1].pk]


def test_two_loops_at_once_wake_each_thread_once() -> None:
    for _ in range(4):
        due()
    start, woken = threading.Barrier(4), []

    def look() -> None:
        start.wait()
        woken.extend(dispatch.wake_due_threads())
        connection.close()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(woken) == sorted(set(woken))


def test_a_claim_is_won_by_one_of_eight() -> None:
    thread = due()
    start, claims = threading.Barrier(8), []

    def claim() -> None:
        start.wait()
        claims.append(leases.claim(thread.pk))
        connection.close()

    threads = [threading.Thread(target=claim) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len([claim for claim in claims if claim]) == 1


def test_who_lost_the_lease_can_end_nothing() -> None:
    thread = due()
    first = leases.claim(thread.pk)
    Thread.objects.update(lease_until=past())
    second = leases.claim(thread.pk)
    assert first is not None
    assert second is not None
    leases.end(first)
    thread.refresh_from_db()
    assert thread.lease_token == second.token
    assert second.attempts == 2


def test_every_job_that_is_queued_by_name_exists() -> None:
    for path in ("conversations.jobs.reply", "conversations.jobs.mark_read"):
        module, _, name = path.rpartition(".")
        assert callable(getattr(import_module(module), name))


def a_reply_is_queued() -> bool:
    return any(row.task["func"] == "conversations.jobs.reply" for row in OrmQ.objects.all())


def test_a_running_loop_takes_in_wakes_posts_and_beats(meta: CloudApiServer) -> None:
    a_phone_number(phone_number_id=NUMBER)
    thread = a_thread()
    an_inbound(thread)
    an_outbound(thread, "queued before", status=Message.Status.QUEUED)
    post(envelope(value(messages=[text("27821234567", "Hello")])))
    Thread.objects.update(window_closes_at=timezone.now() + timedelta(hours=5))
    with a_running_loop():
        until(
            lambda: meta.sends and a_reply_is_queued() and Heartbeat.objects.filter(name="dispatch")
        )
    assert not WebhookEvent.objects.filter(processed_at=None).exists()


def test_the_loop_outlives_a_broker_that_is_away(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = settings.Q_CLUSTER
    settings.Q_CLUSTER = {**table, "redis": "redis://127.0.0.1:1"}
    del settings.Q_CLUSTER["orm"]
    first = due()
    with a_running_loop(), monkeypatch.context() as away:
        away.setattr(Conf, "ORM", None)
        away.setattr(Conf, "REDIS", "redis://127.0.0.1:1")
        until(lambda: Thread.objects.filter(pk=first.pk, woken_until__isnull=False).exists())
        away.undo()
        settings.Q_CLUSTER = table
        due()
        until(OrmQ.objects.exists)


def test_a_running_loop_tells_whoever_subscribed(settings: Any) -> None:
    settings.OUTGOING_WEBHOOK_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    with receiving() as receiver, a_running_loop():
        outgoing.create(name="ERP", url=receiver.url)
        takeover.hand_over(a_thread(), reason="Asked for a person.")
        until(lambda: receiver.requests)
        until(lambda: WebhookDelivery.objects.filter(state="delivered").exists())
    assert b'"type":"thread.handed_over"' in receiver.bodies[0]


@contextmanager
def a_running_loop() -> Iterator[None]:
    """The loop, its pump and its courier run while the block lasts, and have ended after it."""
    loop = dispatch.Dispatch()

    def run() -> None:
        loop.run()
        connection.close()

    running = threading.Thread(target=run)
    running.start()
    try:
        yield
    finally:
        loop.stop()
        running.join(timeout=30)
    assert not running.is_alive()


def until(come_true: Callable[[], object]) -> None:
    end = time.monotonic() + 30
    while not come_true():
        assert time.monotonic() < end, "the loop did not do its work"
        time.sleep(0.02)
