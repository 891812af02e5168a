"""Which conversation stands in which list of work, and how the dashboard counts them."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User

from conversations import clock, takeover, worklists
from conversations.models import Message, Thread
from tests.factories import a_thread, an_agent, an_inbound, an_outbound

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return an_agent()


def ago(hours: float) -> Any:
    return clock.now() - timedelta(hours=hours)


def in_lists(thread: Thread, user: User) -> set[str]:
    conditions = worklists.lists(user, clock.now())
    return {
        name
        for name, condition in conditions.items()
        if Thread.objects.filter(condition, pk=thread.pk).exists()
    }


def asked(hours: float, **fields: Any) -> Thread:
    thread = a_thread(**fields)
    an_inbound(thread, sent_at=ago(hours))
    return thread


def put_aside(thread: Thread, hours: float = 1) -> Thread:
    Thread.objects.filter(pk=thread.pk).update(snoozed_until=ago(-hours))
    return thread


def test_what_the_assistant_has(alice: User) -> None:
    assert in_lists(asked(1), alice) == {"open", "assistant"}


def test_what_waits_for_a_person(alice: User) -> None:
    assert in_lists(asked(1, mode="waiting"), alice) == {"open", "person", "unassigned"}


def test_what_waits_for_a_group_is_in_its_members_list(alice: User) -> None:
    thread = asked(1, mode="waiting", assigned_group=Group.objects.get(name="Agent"))
    assert in_lists(thread, alice) == {"open", "person", "unassigned", "group"}
    clerk = User.objects.create_user("cleo")
    assert "group" not in in_lists(thread, clerk)


def test_what_i_have_and_what_a_colleague_has(alice: User) -> None:
    thread = asked(1)
    takeover.take(thread, by=alice)
    assert in_lists(thread, alice) == {"open", "mine"}
    assert in_lists(thread, an_agent("kim")) == {"open"}


def test_what_the_phone_app_has_is_nobodys(alice: User) -> None:
    assert in_lists(asked(1, mode="staff"), alice) == {"open", "unassigned"}


def test_a_window_that_closes_soon_and_is_unanswered(alice: User) -> None:
    assert "closing" in in_lists(asked(22.1), alice)
    assert "closing" not in in_lists(asked(21.9), alice)
    assert "closing" not in in_lists(asked(24.1), alice)


def test_an_answer_takes_it_from_the_list_and_a_promise_does_not(alice: User) -> None:
    answered, promised = asked(23), asked(23)
    for thread in (answered, promised):
        an_outbound(thread, sent_at=ago(22.9))
    takeover.hand_over(promised, reason="Asked for a person.")
    assert "closing" not in in_lists(answered, alice)
    assert "closing" in in_lists(promised, alice)


def test_a_shut_window(alice: User) -> None:
    assert in_lists(asked(25), alice) == {"open", "assistant", "shut"}


@pytest.mark.parametrize("status", ["failed", "unconfirmed"])
def test_what_did_not_get_through_until_something_newer_did(alice: User, status: str) -> None:
    thread = asked(1)
    an_outbound(thread, status=Message.Status(status))
    assert "failed" in in_lists(thread, alice)
    an_outbound(thread)
    assert "failed" not in in_lists(thread, alice)


def test_what_is_put_aside_is_out_of_the_way(alice: User) -> None:
    thread = asked(1)
    takeover.take(thread, by=alice)
    assert in_lists(put_aside(thread), alice) == {"snoozed"}
    assert in_lists(put_aside(thread, -0.01), alice) == {"open", "mine"}


def test_what_cannot_wait_is_shown_though_put_aside(alice: User) -> None:
    closing, failed = put_aside(asked(23)), put_aside(asked(1))
    an_outbound(failed, status=Message.Status.FAILED)
    assert in_lists(closing, alice) == {"snoozed", "closing"}
    assert in_lists(failed, alice) == {"snoozed", "failed"}


def test_what_is_closed_is_nowhere_else(alice: User) -> None:
    thread = asked(23, is_closed=True)
    an_outbound(thread, status=Message.Status.FAILED)
    assert in_lists(thread, alice) == {"closed"}
