"""Take over, hand back, close, reopen: who may, who wins, and what both are told."""

import threading
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection

from conversations import takeover
from conversations.models import Thread, ThreadEvent
from tests import factories
from tests.inbox.pages import act, at, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread() -> Thread:
    thread = factories.a_thread(contact=factories.a_contact("Thandi Nkosi"))
    factories.an_inbound(thread)
    return thread


def test_taking_over_makes_it_mine_and_shows_the_composer(thread: Thread) -> None:
    alice = factories.an_agent()
    answer = act(signed_in(alice), at(thread, "mode/"), to="staff").json()
    thread.refresh_from_db()
    assert (thread.mode, thread.assigned_to) == (Thread.Mode.STAFF, alice)
    assert "<textarea" in answer["composer"]
    assert "You took over" in answer["entries"]


def test_the_second_is_told_who_was_first(thread: Thread) -> None:
    act(signed_in(factories.an_agent("kim")), at(thread, "mode/"), to="staff")
    answer = act(signed_in(factories.an_agent()), at(thread, "mode/"), to="staff")
    assert answer.status_code == 409
    assert answer.json()["toast"].startswith("Kim took over ")
    assert answer.json()["toast"].endswith(" s ago.")
    assert "Kim is handling this." in answer.json()["composer"]


def test_taking_twice_is_taking_once(thread: Thread) -> None:
    client = signed_in(factories.an_agent())
    for _ in range(2):
        assert act(client, at(thread, "mode/"), to="staff").status_code == 200
    assert ThreadEvent.objects.filter(kind="taken").count() == 1


def test_an_agent_may_not_take_from_a_colleague(thread: Thread) -> None:
    kim = factories.an_agent("kim")
    takeover.take(thread, by=kim)
    answer = act(signed_in(factories.an_agent()), at(thread, "mode/"), to="staff", from_person=1)
    assert answer.status_code == 403
    thread.refresh_from_db()
    assert thread.assigned_to == kim


def test_a_supervisor_may_and_only_with_the_confirmation(thread: Thread) -> None:
    takeover.take(thread, by=factories.an_agent("kim"))
    sam = factories.a_supervisor()
    client = signed_in(sam)
    assert act(client, at(thread, "mode/"), to="staff").status_code == 409
    assert act(client, at(thread, "mode/"), to="staff", from_person=1).status_code == 200
    thread.refresh_from_db()
    assert thread.assigned_to == sam


@pytest.mark.parametrize("to", ["bot", "closed"])
def test_an_agent_may_not_end_a_colleagues_conversation(thread: Thread, to: str) -> None:
    kim = factories.an_agent("kim")
    takeover.take(thread, by=kim)
    assert act(signed_in(factories.an_agent()), at(thread, "mode/"), to=to).status_code == 409
    thread.refresh_from_db()
    assert thread.assigned_to == kim


@pytest.mark.parametrize(
    ("to", "mode", "is_closed", "words"),
    [
        ("bot", Thread.Mode.BOT, False, "The assistant is answering"),
        ("closed", Thread.Mode.BOT, True, "This conversation is closed"),
    ],
)
def test_it_is_handed_back_and_closed(
    thread: Thread, to: str, mode: str, is_closed: bool, words: str
) -> None:
    alice = factories.an_agent()
    takeover.take(thread, by=alice)
    answer = act(signed_in(alice), at(thread, "mode/"), to=to).json()
    thread.refresh_from_db()
    assert (thread.mode, thread.is_closed, thread.assigned_to) == (mode, is_closed, None)
    assert words in answer["composer"]


def test_a_closed_one_is_reopened(thread: Thread) -> None:
    alice = factories.an_agent()
    takeover.close(thread, by=alice)
    assert act(signed_in(alice), at(thread, "mode/"), to="open").status_code == 200
    thread.refresh_from_db()
    assert thread.is_closed is False


@pytest.mark.parametrize("to", ["", "human", "STAFF"])
def test_there_is_no_other_state(thread: Thread, to: str) -> None:
    assert act(signed_in(factories.an_agent()), at(thread, "mode/"), to=to).status_code == 422


def test_without_a_script_it_comes_back_to_the_conversation(thread: Thread) -> None:
    response = signed_in(factories.an_agent()).post(at(thread, "mode/"), {"to": "staff"})
    assert (response.status_code, response["Location"]) == (302, at(thread))


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_wins() -> None:
    thread = factories.a_thread()
    people = [factories.an_agent("alice"), factories.an_agent("kim")]
    codes: list[int] = []
    together = threading.Barrier(2)

    def press(user: User) -> Callable[[], None]:
        client = signed_in(user)

        def run() -> None:
            together.wait()
            codes.append(act(client, at(thread, "mode/"), to="staff").status_code)
            connection.close()

        return run

    threads = [threading.Thread(target=press(user)) for user in people]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(codes) == [200, 409]
    assert ThreadEvent.objects.filter(kind="taken").count() == 1
