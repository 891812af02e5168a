"""Blocking: our own row first, then Meta, whatever Meta answers."""

from functools import partial
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from django_q.models import OrmQ

from conversations import blocking, clock, jobs, sending
from conversations.models import Change, Contact, Message, Notice, Thread
from conversations.whatsapp.content import Text
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


def test_the_row_goes_first_and_a_job_follows(django_capture_on_commit_callbacks: Any) -> None:
    thread, alice = who_wrote(), an_agent()
    with django_capture_on_commit_callbacks(execute=True):
        assert blocking.block(thread.contact, by=alice)
    assert Contact.objects.get().is_blocked
    task = OrmQ.objects.get().task
    assert (task["func"], task["args"]) == (blocking.JOB, (thread.contact.pk,))
    event = thread.events.get()
    assert (event.kind, event.by, event.reason) == ("consent", alice, "this customer is blocked")
    assert Change.objects.get().thread == thread


def test_the_job_exists_under_its_name() -> None:
    module, _, name = blocking.JOB.rpartition(".")
    assert getattr(import_module(module), name) is jobs.tell_block


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


def test_twice_changes_nothing_and_tells_meta_once_more(
    django_capture_on_commit_callbacks: Any,
) -> None:
    thread, alice = who_wrote(), an_agent()
    with django_capture_on_commit_callbacks(execute=True):
        blocking.block(thread.contact, by=alice)
        assert not blocking.block(thread.contact, by=alice)
    assert thread.events.count() == 1
    assert OrmQ.objects.count() == 2


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
