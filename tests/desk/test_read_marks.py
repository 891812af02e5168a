"""What the customer is shown as read: due in the thread until Meta has it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django_q.models import OrmQ

from conversations import clock, dispatch, jobs, merging, receipts, takeover, wakes
from conversations.models import Thread
from tests import webhooks
from tests.factories import a_phone_number, a_thread, an_agent, an_inbound
from tests.webhooks import receive, text
from tests.whatsapp.graph import Answer, Graph

pytestmark = pytest.mark.django_db
THANDI = "27821230001"


@pytest.fixture(autouse=True)
def number(db: None) -> Any:
    return a_phone_number(phone_number_id=webhooks.NUMBER)


def is_due(thread: Thread) -> bool:
    return Thread.objects.filter(pk=thread.pk, read_mark_due_at__lte=Now()).exists()


def queued() -> int:
    dispatch.wake_due_marks()
    return sum(row.task["func"] == "conversations.jobs.mark_read" for row in OrmQ.objects.all())


def marked(graph: Graph) -> list[str]:
    return [one.json["message_id"] for one in graph.asked]


def written(words: str = "Hello") -> tuple[Thread, str]:
    message = text(THANDI, words)
    receive(message)
    return Thread.objects.get(), message["id"]


def test_what_the_assistant_reads_is_marked_once(graph: Graph) -> None:
    thread, wamid = written()
    assert queued() == 1
    jobs.mark_read(thread.pk)
    jobs.mark_read(thread.pk)  # whoever was woken twice
    assert marked(graph) == [wamid]
    assert Thread.objects.get().read_mark_due_at is None


def test_a_flood_is_marked_to_the_last(graph: Graph) -> None:
    receive(*[text(f"278212300{n:02}", "Hello") for n in range(30)])
    for _ in range(30):
        dispatch.wake_due_marks()
        [task] = OrmQ.objects.all()  # never all workers at once
        jobs.mark_read(*task.task["args"])
        task.delete()
    assert len(set(marked(graph))) == 30


def test_a_mark_that_was_lost_on_its_way_is_made_later(graph: Graph) -> None:
    thread, wamid = written()
    assert queued() == 1
    OrmQ.objects.all().delete()  # whoever had it died
    assert queued() == 0
    Thread.objects.update(read_mark_woken_until=F("read_mark_woken_until") - wakes.WAKE)
    assert queued() == 1
    jobs.mark_read(thread.pk)
    assert marked(graph) == [wamid]


@pytest.mark.parametrize("answer", [Answer(503, {"error": {"code": 2}}), Answer(drop=True)])
def test_while_meta_is_away_the_mark_stays_due(graph: Graph, answer: Answer) -> None:
    thread, wamid = written()
    graph.answers(answer)
    jobs.mark_read(thread.pk)
    assert not is_due(thread)
    Thread.objects.update(read_mark_due_at=F("read_mark_due_at") - receipts.AGAIN_AFTER)
    assert is_due(thread)
    jobs.mark_read(thread.pk)
    assert marked(graph) == [wamid, wamid]
    assert Thread.objects.get().read_mark_due_at is None
    assert not is_due(thread)


def test_what_is_tried_again_later_keeps_nobody_else_waiting(graph: Graph) -> None:
    thread, _ = written()
    assert queued() == 1
    graph.answers(Answer(503, {"error": {"code": 2}}))
    jobs.mark_read(thread.pk)
    receive(text("27821230002", "Hello"))
    assert queued() == 2


def test_what_is_handed_back_unanswered_is_read_by_the_assistant() -> None:
    thread, _ = written()
    alice = an_agent()
    takeover.take(thread, by=alice)
    written("Still there?")
    assert not is_due(thread)
    takeover.release(thread, by=alice)
    assert is_due(thread)


def test_what_meta_refuses_for_good_is_not_asked_for_ever(graph: Graph) -> None:
    thread, _ = written()
    graph.answers(Answer(400, {"error": {"code": 131009, "message": "(#131009) No such message"}}))
    jobs.mark_read(thread.pk)
    assert Thread.objects.get().read_mark_due_at is None


def test_the_answer_settles_the_mark(graph: Graph) -> None:
    thread, wamid = written()
    assert receipts.mark_read(thread.pk, typing=True)
    assert queued() == 0
    assert marked(graph) == [wamid]


@pytest.mark.django_db(transaction=True)
def test_what_comes_while_meta_is_told_is_marked_too(graph: Graph) -> None:
    thread, wamid = written()

    class WhileAsked:
        """The customer writes just before Meta answers."""

        def wait(self, timeout: float) -> None:
            receive(text(THANDI, "Are you there?"))
            connection.close()

    graph.answers(Answer(until=WhileAsked()))  # type: ignore[arg-type]  # an event's wait
    assert queued() == 1
    jobs.mark_read(thread.pk)
    assert marked(graph) == [wamid]
    assert queued() == 2


def test_what_a_person_opens_is_marked_if_they_may_answer(graph: Graph) -> None:
    thread, _ = written()
    jobs.mark_read(thread.pk)
    alice = an_agent()
    takeover.take(thread, by=alice)
    _, wamid = written("Still there?")
    assert queued() == 0  # nobody has seen it
    receipts.opened(thread, by=alice)
    assert queued() == 1
    jobs.mark_read(thread.pk)
    assert marked(graph)[-1] == wamid


def test_what_nobody_has_seen_is_not_marked_with_what_somebody_has() -> None:
    thread, _ = written()
    alice = an_agent()
    takeover.take(thread, by=alice)
    receipts.opened(thread, by=alice)
    assert is_due(thread)
    written("One more thing")
    assert not is_due(thread)


def test_what_was_answered_on_the_phone_is_left_to_the_phone() -> None:
    thread, _ = written()
    takeover.answered_on_phone(thread.pk)
    assert Thread.objects.get().mode == Thread.Mode.STAFF
    written("Thank you")
    assert not is_due(thread)


def test_joined_threads_owe_the_mark_while_the_assistant_has_them(number: Any) -> None:
    older, _ = written()
    jobs.mark_read(older.pk)
    newer = a_thread(phone_number=number, read_mark_due_at=clock.now() - timedelta(seconds=1))
    an_inbound(newer, "Hello")
    kept = merging.merge(newer.contact, older.contact, by=an_agent())
    assert is_due(Thread.objects.get(contact=kept))
