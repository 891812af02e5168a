"""`/healthz`: 200 while work can be taken, else 503 and which part is why."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone

from conversations.models import Heartbeat, Message, WebhookEvent
from tests import factories

pytestmark = pytest.mark.django_db

OK = (200, {"status": "ok"})


@pytest.fixture(autouse=True)
def dispatch_at_work() -> None:
    beat(seconds_ago=2)


def beat(*, seconds_ago: float) -> None:
    at = Now() - timedelta(seconds=seconds_ago)
    Heartbeat.objects.update_or_create(name="dispatch", defaults={"at": at})


def an_event(*, due_seconds_ago: float | None) -> WebhookEvent:
    due = None if due_seconds_ago is None else Now() - timedelta(seconds=due_seconds_ago)
    return WebhookEvent.objects.create(body=b"{}", digest=b"1", next_attempt_at=due)


def a_thread_owing_a_reply(*, due_seconds_ago: float, **times: Any) -> None:
    due = Now() - timedelta(seconds=due_seconds_ago)
    factories.a_thread(reply_due_at=due, **times)


def health() -> tuple[int, Any]:
    answer = Client().get("/healthz")
    return answer.status_code, answer.json()


def reasons() -> list[str]:
    status, answer = health()
    assert (status, answer["status"]) == (503, "unwell")
    return [f"{reason['part']}: {reason['reason']}" for reason in answer["reasons"]]


def test_it_is_well_when_nothing_waits() -> None:
    assert health() == OK


def test_it_needs_no_login_and_is_kept_by_nobody() -> None:
    assert "no-store" in Client().get("/healthz")["Cache-Control"]
    assert Client().post("/healthz").status_code == 405


def test_a_dispatch_that_never_ran_is_a_reason() -> None:
    Heartbeat.objects.all().delete()

    assert reasons() == ["dispatch: It has never run."]


def test_a_dispatch_that_stopped_is_a_reason() -> None:
    beat(seconds_ago=40)

    assert reasons() == ["dispatch: It was last at work 40 s ago."]


def test_an_event_due_for_long_is_a_reason() -> None:
    an_event(due_seconds_ago=20)

    assert reasons() == ["dispatch: A webhook event has been due for 20 s."]


@pytest.mark.parametrize("due_seconds_ago", [None, 10, -60])
def test_an_event_that_waits_for_a_person_or_its_time_is_none(
    due_seconds_ago: float | None,
) -> None:
    an_event(due_seconds_ago=due_seconds_ago)

    assert health() == OK


def test_an_old_event_that_is_done_is_none() -> None:
    event = an_event(due_seconds_ago=90)
    WebhookEvent.objects.filter(pk=event.pk).update(processed_at=Now(), next_attempt_at=None)

    assert health() == OK


def test_a_reply_due_for_long_is_a_reason() -> None:
    a_thread_owing_a_reply(due_seconds_ago=50)

    assert reasons() == ["cluster: A reply has been due for 50 s."]


def test_a_reply_that_somebody_is_writing_is_none() -> None:
    a_thread_owing_a_reply(due_seconds_ago=50, lease_until=Now() + timedelta(seconds=10))

    assert health() == OK


def test_a_reply_whose_writer_died_is_a_reason() -> None:
    a_thread_owing_a_reply(due_seconds_ago=50, lease_until=Now() - timedelta(seconds=1))

    assert reasons() == ["cluster: A reply has been due for 50 s."]


def test_a_reply_that_may_still_be_repaired_is_none() -> None:
    a_thread_owing_a_reply(due_seconds_ago=40)

    assert health() == OK


def test_every_reason_is_told() -> None:
    beat(seconds_ago=40)
    a_thread_owing_a_reply(due_seconds_ago=50)

    assert len(reasons()) == 2


def test_it_answers_probes_by_address_and_over_plain_http(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["console.example.com"]
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get("/healthz", headers={"host": "10.0.0.7"}).status_code == 200


def test_a_reply_that_does_not_leave_is_a_reason() -> None:
    late = timezone.now() - timedelta(minutes=3)
    thread = factories.a_thread()
    factories.an_outbound(thread, status=Message.Status.QUEUED, next_at=late)
    assert reasons() == ["dispatch: A message should have been sent 180 s ago."]


def test_a_campaign_may_wait_its_turn() -> None:
    late = timezone.now() - timedelta(minutes=30)
    thread = factories.a_thread()
    factories.an_outbound(thread, status=Message.Status.QUEUED, next_at=late, priority=5)
    assert health() == OK


def test_what_a_paused_number_holds_back_is_told_by_its_notice() -> None:
    moment = timezone.now()
    number = factories.a_phone_number(paused_until=moment + timedelta(minutes=1))
    thread = factories.a_thread(phone_number=number)
    late = moment - timedelta(minutes=30)
    factories.an_outbound(thread, status=Message.Status.QUEUED, next_at=late)
    assert health() == OK
