"""What has done its work goes after its time, in batches; what has not stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_q.models import Task

from conversations import pruning
from conversations.models import Change, EarlyStatus, Thread, WebhookEvent
from tests.factories import a_thread

DAY = timedelta(days=1)


def an_event(*, age: timedelta, is_processed: bool = True, serial: int = 0) -> WebhookEvent:
    at = timezone.now() - age
    event = WebhookEvent.objects.create(
        body=b"{}",
        digest=f"{age}{is_processed}{serial}".encode()[:32],
        processed_at=at if is_processed else None,
        next_attempt_at=None,
        error="" if is_processed else "The body is not JSON.",
    )
    WebhookEvent.objects.filter(pk=event.pk).update(received_at=at)
    return event


def a_task(name: str, *, age: timedelta, success: bool) -> Task:
    at = timezone.now() - age
    return Task.objects.create(
        id=name, name=name, func="x.y", started=at, stopped=at, success=success
    )


def a_change(thread: Thread, *, age: timedelta) -> Change:
    change = Change.objects.create(thread=thread)
    Change.objects.filter(pk=change.pk).update(at=timezone.now() - age)
    return change


def an_early_status(wamid: str, *, age: timedelta) -> EarlyStatus:
    now = timezone.now()
    row = EarlyStatus.objects.create(wamid=wamid, status="sent", at=now, update={})
    EarlyStatus.objects.filter(pk=row.pk).update(received_at=now - age)
    return row


def test_a_processed_event_goes_after_thirty_days() -> None:
    kept = an_event(age=29 * DAY)
    an_event(age=31 * DAY)
    assert pruning.prune() == 1
    assert list(WebhookEvent.objects.all()) == [kept]


def test_an_event_that_nobody_mended_stays() -> None:
    an_event(age=400 * DAY, is_processed=False)
    assert pruning.prune() == 0


def test_an_event_that_was_mended_late_stays_its_time_from_then() -> None:
    event = an_event(age=60 * DAY)
    WebhookEvent.objects.filter(pk=event.pk).update(processed_at=timezone.now() - DAY)
    assert pruning.prune() == 0


def test_a_failed_job_goes_after_fourteen_days() -> None:
    a_task("old failure", age=15 * DAY, success=False)
    a_task("new failure", age=13 * DAY, success=False)
    a_task("old success", age=15 * DAY, success=True)
    pruning.prune()
    assert set(Task.objects.values_list("id", flat=True)) == {"new failure", "old success"}


def test_changes_and_early_statuses_go_after_a_day(db: None) -> None:
    thread = a_thread()
    a_change(thread, age=25 * DAY / 24)
    kept = a_change(thread, age=23 * DAY / 24)
    an_early_status("old", age=25 * DAY / 24)
    an_early_status("new", age=23 * DAY / 24)
    assert pruning.prune() == 2
    assert list(Change.objects.all()) == [kept]
    assert EarlyStatus.objects.get().wamid == "new"


def test_the_times_are_settings(settings: Any) -> None:
    settings.KEEP_WEBHOOK_EVENTS_DAYS = 2
    an_event(age=3 * DAY)
    assert pruning.prune() == 1


def test_many_rows_go_in_batches_and_the_rest_with_the_next_call(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pruning, "BATCH", 3)
    for serial in range(5):
        an_event(age=40 * DAY, serial=serial)
    assert [pruning.prune(), pruning.prune(), pruning.prune()] == [3, 2, 0]
