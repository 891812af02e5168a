"""What a customer takes back or changes before it is answered, also while the answer is written."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from conversations import clock, consent, jobs, takeover, unanswered
from conversations.models import Message, Thread
from conversations.pipeline import routes
from conversations.pipeline.turn import turn_of
from tests.assistant.claude_server import ClaudeServer, Held
from tests.cloud_api_server import CloudApiServer
from tests.factories import a_phone_number, an_agent, an_outbound
from tests.webhooks import NUMBER, message, receive, text

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("meta")]

THANDI = "27821234567"
SECRET = "My PIN is 4711, oh no"
QUESTION = "Which of the two desks would suit a small flat better?"


@pytest.fixture(autouse=True)
def number() -> None:
    a_phone_number(phone_number_id=NUMBER)


def taken_back(said: Any) -> Any:
    return message(THANDI, "revoke", {"original_message_id": said["id"]})


def changed(said: Any, words: str) -> Any:
    now = {"type": "text", "text": {"body": words}}
    return message(THANDI, "edit", {"original_message_id": said["id"], "message": now})


def the_thread() -> Thread:
    """With its quiet period over."""
    owing().update(reply_due_at=timezone.now())
    return Thread.objects.get()


def owing() -> QuerySet[Thread]:
    return Thread.objects.filter(reply_due_at__isnull=False)


def answer(thread: Thread) -> list[Message]:
    """The job runs as often as it is due; what the assistant has said."""
    while owing().filter(pk=thread.pk).update(reply_due_at=timezone.now()):
        jobs.reply(thread.pk)
    return list(Message.objects.filter(origin="assistant").order_by("pk"))


@contextmanager
def being_written(claude: ClaudeServer, thread: Thread) -> Iterator[Held]:
    """Claude's answer is kept back until the block is over, or lets it go."""
    held = claude.hold("Here is my answer.")

    def run() -> None:
        jobs.reply(thread.pk)
        connection.close()

    job = threading.Thread(target=run)
    job.start()
    assert held.arrived.wait(10)
    yield held
    held.release()
    job.join(10)


def asked(claude: ClaudeServer) -> str:
    return str(claude.requests[-1].body)


def test_a_question_that_was_taken_back_is_not_answered(meta: CloudApiServer) -> None:
    said = text(THANDI, "Hello")
    receive(said)
    receive(taken_back(said))
    assert answer(the_thread()) == []
    assert meta.sends == []
    thread = Thread.objects.get()
    assert (thread.mode, thread.reply_due_at, thread.lease_token) == ("bot", None, None)


@pytest.mark.parametrize("together", [True, False])
def test_nor_is_one_that_was_taken_back_before_it_came(together: bool) -> None:
    said = text(THANDI, "Hello")
    if together:
        receive(taken_back(said), said)
    else:
        receive(taken_back(said))
        receive(said)
    assert answer(the_thread()) == []


def test_what_else_was_asked_is_answered_without_it(claude: ClaudeServer) -> None:
    claude.say("The smaller one.")
    said = text(THANDI, SECRET)
    receive(said, text(THANDI, QUESTION))
    receive(taken_back(said))
    (sent,) = answer(the_thread())
    assert sent.text == "The smaller one."
    assert QUESTION in asked(claude)
    assert "4711" not in asked(claude)
    assert "Deleted a message" not in asked(claude)


def test_the_newest_one_taken_back_leaves_the_one_before(claude: ClaudeServer) -> None:
    claude.say("The smaller one.")
    said = text(THANDI, SECRET)
    receive(text(THANDI, QUESTION), said)
    receive(taken_back(said))
    (sent,) = answer(the_thread())
    assert sent.in_reply_to == Message.objects.get(text=QUESTION)


def test_it_decides_no_intent_and_is_no_wish_for_a_person() -> None:
    said = text(THANDI, "I want to talk to a person")
    receive(said, text(THANDI, "Hello"))
    receive(taken_back(said))
    thread = the_thread()
    turn = turn_of(thread)
    assert turn is not None
    assert turn.texts == ("Hello",)
    (sent,) = answer(thread)
    assert sent.trace["route"] == "greeting"


def test_what_was_taken_back_after_its_answer_is_not_told_to_the_model_later(
    claude: ClaudeServer,
) -> None:
    claude.say("I see.")
    said = text(THANDI, SECRET)
    receive(said)
    answer(the_thread())
    receive(taken_back(said))
    claude.say("The smaller one.")
    receive(text(THANDI, QUESTION))
    assert len(answer(the_thread())) == 2
    assert "4711" not in asked(claude)


def test_nor_is_what_staff_took_back_on_the_phone(claude: ClaudeServer) -> None:
    claude.say("The smaller one.")
    receive(text(THANDI, QUESTION))
    thread = the_thread()
    an_outbound(thread, "Ours by mistake", origin="phone", revoked_at=clock.now())
    receive(text(THANDI, "And a lamp, please, which one?"))
    answer(the_thread())
    assert "by mistake" not in asked(claude)


def test_a_change_is_told_to_the_model_once_and_in_its_new_words(claude: ClaudeServer) -> None:
    claude.say("The smaller one.")
    said = text(THANDI, "Which of the two beds would suit a small flat better?")
    receive(said)
    receive(changed(said, QUESTION))
    (sent,) = answer(the_thread())
    assert sent.text == "The smaller one."
    assert asked(claude).count("small flat") == 1
    assert "beds" not in asked(claude)


def test_the_record_of_a_change_is_no_turn_of_its_own_later(claude: ClaudeServer) -> None:
    claude.say("The smaller one.")
    said = text(THANDI, SECRET)
    receive(said)
    answer(the_thread())
    receive(changed(said, "My PIN is 4712"))
    receive(taken_back(said))
    receive(text(THANDI, QUESTION))
    answer(the_thread())
    assert "471" not in asked(claude)


def test_a_message_that_is_changed_to_stop_is_obeyed_and_confirmed() -> None:
    said = text(THANDI, "Hello")
    receive(said)
    receive(changed(said, "STOP"))
    (sent,) = answer(the_thread())
    assert sent.text == routes.STOP_TEXT
    assert consent.withdrawn(sent.thread.contact) == {"marketing", "service"}


# while the answer is written


def test_an_answer_to_what_is_taken_back_meanwhile_is_dropped(
    claude: ClaudeServer, meta: CloudApiServer
) -> None:
    said = text(THANDI, QUESTION)
    receive(said)
    thread = the_thread()
    with being_written(claude, thread):
        receive(taken_back(said))
    assert answer(thread) == []
    assert meta.sends == []
    assert "deleted" in thread.events.get(kind="dropped").reason
    assert Thread.objects.get().reply_due_at is None


def test_an_answer_waits_for_a_deletion_that_is_being_taken_in(claude: ClaudeServer) -> None:
    said = text(THANDI, QUESTION)
    receive(said)
    thread = the_thread()
    with being_written(claude, thread) as held, transaction.atomic():
        receive(taken_back(said))
        held.release()
        somebody_waits_for_a_lock()
    assert answer(thread) == []


def somebody_waits_for_a_lock() -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits for a lock")


def test_an_answer_that_has_seen_what_is_taken_back_is_written_anew(claude: ClaudeServer) -> None:
    said = text(THANDI, SECRET)
    receive(said, text(THANDI, QUESTION))
    thread = the_thread()
    with being_written(claude, thread):
        receive(taken_back(said))
    claude.say("The smaller one.")
    (sent,) = answer(thread)
    assert sent.text == "The smaller one."
    assert "4711" not in asked(claude)


def test_an_answer_to_words_that_are_changed_meanwhile_is_written_anew(
    claude: ClaudeServer,
) -> None:
    said = text(THANDI, "Which of the two beds would suit a small flat better?")
    receive(said)
    thread = the_thread()
    with being_written(claude, thread):
        receive(changed(said, QUESTION))
    claude.say("The smaller desk.")
    (sent,) = answer(thread)
    assert sent.text == "The smaller desk."
    assert "beds" not in asked(claude)


def test_what_was_answered_and_is_taken_back_later_changes_nothing() -> None:
    said = text(THANDI, "Hello")
    receive(said)
    before = answer(the_thread())
    receive(taken_back(said))
    assert answer(the_thread()) == before


def test_it_is_not_owed_when_the_assistant_gets_the_thread_back() -> None:
    said = text(THANDI, "Hello")
    receive(said)
    thread = the_thread()
    takeover.take(thread, by=an_agent())
    receive(taken_back(said))
    assert not unanswered.is_owed(Thread.objects.get(), clock.now())
    takeover.release(thread, by=an_agent("kim"))
    assert Thread.objects.get().reply_due_at is None


def test_a_revoke_from_another_conversation_takes_nothing_back() -> None:
    said = text(THANDI, "Hello")
    receive(said)
    stranger = {**taken_back(said), "from": "27830000000"}
    receive(stranger)
    assert len(answer(Thread.objects.get(contact__wa_id=THANDI))) == 1
