"""Blocking: our own row first, then Meta, whatever Meta answers."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django_q.models import OrmQ

from conversations import blocking, clock, contacts, dispatch, jobs, merging, sending, wakes
from conversations.models import Change, Contact, Message, Notice, Thread
from conversations.whatsapp.content import Text
from conversations.whatsapp.events import Person
from tests import webhooks
from tests.desk.together import together
from tests.factories import a_contact, a_phone_number, a_thread, an_agent
from tests.whatsapp.graph import Answer, Asked, Graph

pytestmark = pytest.mark.django_db


def who_wrote(**fields: Any) -> Thread:
    thandi = a_contact(wa_id="27821230001")
    return a_thread(contact=thandi, last_inbound_at=clock.now(), **fields)


def open_notices() -> list[str]:
    return list(Notice.objects.filter(ended_at=None).values_list("key", flat=True))


def told(graph: Graph) -> list[tuple[str, str, Any]]:
    def one(asked: Asked) -> tuple[str, str, Any]:
        number = asked.path.split("/")[2]
        return asked.method, number, asked.json["block_users"]

    return [one(asked) for asked in graph.asked]


def refused_by_meta(number: str = "+27821230001") -> Answer:
    failed = [{"input": number, "errors": [{"code": 139103, "message": "Not within 24 hours"}]}]
    error = {"message": "(#139100) Failed to block", "code": 139100}
    return Answer(400, {"error": error, "block_users": {"failed_users": failed}})


def is_due(thread: Thread) -> bool:
    """Whether Meta is to be told by now."""
    return Contact.objects.filter(pk=thread.contact_id, block_due_at__lte=Now()).exists()


def queued() -> list[Any]:
    dispatch.wake_due_blocks()
    return [(row.task["func"], row.task["args"]) for row in OrmQ.objects.order_by("pk")]


def test_the_row_goes_first_and_a_job_follows() -> None:
    thread, alice = who_wrote(), an_agent()
    assert blocking.block(thread.contact, by=alice)
    assert Contact.objects.get().is_blocked
    assert queued() == [("conversations.jobs.tell_block", (thread.contact.pk,))]
    event = thread.events.get()
    assert (event.kind, event.by) == ("blocked", alice)
    assert Change.objects.get().thread == thread


def test_nothing_is_sent_to_who_is_blocked() -> None:
    thread, alice = who_wrote(), an_agent()
    blocking.block(thread.contact, by=alice)
    with pytest.raises(sending.ContactBlocked):
        sending.send(thread, Text("Hello"), origin=Message.Origin.STAFF, by=alice)


def test_the_assistant_writes_no_answer_to_who_is_blocked() -> None:
    now = timezone.now()
    thread = who_wrote(reply_due_at=now, reply_due_at_latest=now)
    blocking.block(thread.contact, by=an_agent())
    thread.refresh_from_db()
    assert thread.reply_due_at is None


def test_twice_changes_nothing_and_tells_meta_once_more(graph: Graph) -> None:
    thread, alice = who_wrote(), an_agent()
    for _ in range(2):
        blocking.block(thread.contact, by=alice)
        assert is_due(thread)
        assert blocking.tell(thread.contact.pk)
        assert not is_due(thread)
    assert [method for method, *_ in told(graph)] == ["POST", "POST"]
    assert thread.events.count() == 1


def test_a_call_that_was_lost_on_its_way_is_made_by_a_later_look(graph: Graph) -> None:
    thread = who_wrote()
    blocking.block(thread.contact, by=an_agent())
    assert len(queued()) == 1
    OrmQ.objects.all().delete()  # whoever had it died
    assert queued() == []
    Contact.objects.update(block_woken_until=F("block_woken_until") - wakes.WAKE)
    assert len(queued()) == 1
    jobs.tell_block(thread.contact.pk)
    assert [method for method, *_ in told(graph)] == ["POST"]
    Contact.objects.update(block_woken_until=F("block_woken_until") - wakes.WAKE)
    OrmQ.objects.all().delete()
    assert queued() == []


@pytest.mark.parametrize("answer", [Answer(503, {"error": {"code": 2}}), Answer(drop=True)])
def test_where_meta_was_away_it_is_told_later(graph: Graph, answer: Answer) -> None:
    thread = who_wrote()
    blocking.block(thread.contact, by=an_agent())
    graph.answers(answer)
    blocking.tell(thread.contact.pk)
    assert not is_due(thread)
    assert "asked again" in Notice.objects.get().what_to_do
    Contact.objects.update(block_due_at=F("block_due_at") - blocking.AGAIN_AFTER)
    assert is_due(thread)
    assert blocking.tell(thread.contact.pk)
    assert open_notices() == []
    assert Contact.objects.get().block_due_at is None


def test_what_meta_refused_is_told_again_when_they_write_next(graph: Graph) -> None:
    number = a_phone_number(phone_number_id=webhooks.NUMBER)
    thread = who_wrote(phone_number=number)
    blocking.block(thread.contact, by=an_agent())
    graph.answers(refused_by_meta())
    blocking.tell(thread.contact.pk)
    assert Contact.objects.get().block_due_at is None
    webhooks.receive(webhooks.text("27821230001", "I can still write!"))
    assert is_due(thread)
    assert blocking.tell(thread.contact.pk)
    assert open_notices() == []


@pytest.mark.django_db(transaction=True)
def test_a_message_that_comes_while_meta_refuses_is_not_forgotten(graph: Graph) -> None:
    thread = who_wrote()
    blocking.block(thread.contact, by=an_agent())

    class WhileAsked:
        """They write just before Meta answers."""

        def wait(self, timeout: float) -> None:
            Contact.objects.update(block_due_at=clock.now() - timedelta(seconds=1))
            connection.close()

    refusal = refused_by_meta()
    graph.answers(Answer(refusal.status, refusal.body, until=WhileAsked()))  # type: ignore[arg-type]
    assert blocking.tell(thread.contact.pk)
    assert [method for method, *_ in told(graph)] == ["POST", "POST"]


def test_who_is_blocked_and_gets_another_number_is_blocked_under_that() -> None:
    number = a_phone_number(phone_number_id=webhooks.NUMBER)
    thread = who_wrote(phone_number=number)
    Contact.objects.update(is_blocked=True)
    contacts.follow(Person(wa_id="27821230001"), Person(wa_id="27829990002"), clock.now())
    assert is_due(thread)


def test_of_who_is_not_blocked_meta_is_told_nothing() -> None:
    number = a_phone_number(phone_number_id=webhooks.NUMBER)
    thread = who_wrote(phone_number=number)
    webhooks.receive(webhooks.text("27821230001", "Hello"))
    contacts.follow(Person(wa_id="27821230001"), Person(wa_id="27829990002"), clock.now())
    merging.merge(a_contact(wa_id="27829990003"), thread.contact, by=an_agent())
    assert Contact.objects.get().block_due_at is None


def test_meta_is_told_by_each_number_the_customer_wrote_to(graph: Graph) -> None:
    thread = who_wrote()
    second = a_phone_number()
    a_thread(contact=thread.contact, phone_number=second, last_inbound_at=clock.now())
    a_thread(contact=thread.contact, phone_number=a_phone_number())
    blocking.block(thread.contact, by=an_agent())
    jobs.tell_block(thread.contact.pk)
    user = [{"user": "+27821230001"}]
    assert told(graph) == [
        ("POST", thread.phone_number.phone_number_id, user),
        ("POST", second.phone_number_id, user),
    ]
    assert open_notices() == []


def test_who_hides_their_number_is_blocked_by_their_user_id(graph: Graph) -> None:
    contact = a_contact(wa_id=None, bsuid="ZA.123")
    a_thread(contact=contact, last_inbound_at=clock.now())
    blocking.block(contact, by=an_agent())
    blocking.tell(contact.pk)
    assert [users for *_, users in told(graph)] == [[{"user_id": "ZA.123"}]]


def test_the_job_tells_what_the_row_says_when_it_runs(graph: Graph) -> None:
    thread, alice = who_wrote(), an_agent()
    blocking.block(thread.contact, by=alice)
    blocking.unblock(thread.contact, by=alice)
    assert blocking.tell(thread.contact.pk)
    assert blocking.tell(thread.contact.pk)
    assert [method for method, *_ in told(graph)] == ["DELETE", "DELETE"]


def test_who_never_wrote_is_blocked_here_and_meta_need_not_know(graph: Graph) -> None:
    thread = a_thread()
    blocking.block(thread.contact, by=an_agent())
    assert blocking.tell(thread.contact.pk)
    assert graph.asked == []


def test_a_contact_that_is_gone_is_nobodys_fault(graph: Graph) -> None:
    assert not blocking.tell(4711)
    assert graph.asked == []


@pytest.mark.parametrize(
    "answer", [refused_by_meta(), Answer(500, {"error": {"code": 2}}), Answer(drop=True)]
)
def test_what_meta_did_not_do_is_a_notice_until_it_is_done(graph: Graph, answer: Answer) -> None:
    thread, alice = who_wrote(), an_agent()
    blocking.block(thread.contact, by=alice)
    graph.answers(answer)
    assert not blocking.tell(thread.contact.pk)
    notice = Notice.objects.get()
    assert (notice.key, notice.thread) == (f"block:{thread.contact.pk}", thread)
    assert "can still write" in notice.text
    assert "27821230001" not in notice.text + notice.what_to_do
    blocking.block(thread.contact, by=alice)
    assert blocking.tell(thread.contact.pk)
    assert open_notices() == []


def test_an_unblock_that_failed_says_so_and_ends_what_was_said_of_the_block(graph: Graph) -> None:
    thread, alice = who_wrote(), an_agent()
    blocking.block(thread.contact, by=alice)
    graph.answers(refused_by_meta())
    blocking.tell(thread.contact.pk)
    blocking.unblock(thread.contact, by=alice)
    graph.answers(refused_by_meta())
    blocking.tell(thread.contact.pk)
    assert open_notices() == [f"unblock:{thread.contact.pk}"]


@pytest.mark.django_db(transaction=True)
def test_a_row_that_changes_while_meta_is_told_is_told_again(graph: Graph) -> None:
    thread, alice = who_wrote(), an_agent()
    blocking.block(thread.contact, by=alice)

    class WhileAsked:
        """Meta answers only after somebody has unblocked the customer."""

        def wait(self, timeout: float) -> None:
            Contact.objects.update(is_blocked=False)
            connection.close()

    graph.answers(Answer(body={}, until=WhileAsked()))  # type: ignore[arg-type]  # an event's wait
    assert blocking.tell(thread.contact.pk)
    assert [method for method, *_ in told(graph)] == ["POST", "DELETE"]


@pytest.mark.django_db(transaction=True)
def test_two_who_block_at_once_leave_one_line_of_history() -> None:
    thread, people = who_wrote(), [an_agent(f"agent{n}") for n in range(4)]
    results = together(*[partial(blocking.block, thread.contact, by=by) for by in people])
    assert sorted(map(bool, results)) == [False, False, False, True]
    assert thread.events.count() == 1
