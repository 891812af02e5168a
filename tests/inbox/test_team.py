"""The work of a team at one conversation: assign, put aside, wake, who is there, who comes back."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone
from pytest_django import Settings

from conversations import changes, clock, presence, takeover
from conversations.admin.inbox import team
from conversations.admin.inbox.formatting import local
from conversations.models import Presence, Thread, ThreadEvent
from tests import factories
from tests.inbox.pages import INBOX, SCRIPT, act, at, fragment, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread() -> Thread:
    thread = factories.a_thread(contact=factories.a_contact("Thandi Nkosi"))
    factories.an_inbound(thread)
    return thread


@pytest.fixture
def kim() -> User:
    return factories.an_agent("kim")


@pytest.fixture
def sam() -> User:
    return factories.a_supervisor()


# --- assigning -------------------------------------------------------------------------------


def test_a_supervisor_gives_it_to_somebody(thread: Thread, kim: User, sam: User) -> None:
    answer = act(signed_in(sam), at(thread, "assign/"), person=kim.pk).json()
    thread.refresh_from_db()
    assert thread.assigned_to == kim
    assert "You assigned it to Kim" in answer["entries"]
    assert "Kim is handling this." in answer["composer"]


def test_an_agent_may_not_give_it_to_somebody(thread: Thread, kim: User) -> None:
    answer = act(signed_in(factories.an_agent()), at(thread, "assign/"), person=kim.pk)
    assert answer.status_code == 403
    thread.refresh_from_db()
    assert thread.assigned_to is None


def test_an_agent_passes_it_on_to_a_group(thread: Thread, kim: User) -> None:
    group = Group.objects.get(name="Agent")
    answer = act(signed_in(kim), at(thread, "assign/"), group=group.pk).json()
    thread.refresh_from_db()
    assert (thread.mode, thread.assigned_group) == (Thread.Mode.WAITING, group)
    assert "Needs a person: Agent" in answer["head"]


def test_an_agent_may_not_pass_on_what_a_colleague_has(thread: Thread, kim: User) -> None:
    takeover.take(thread, by=kim)
    client, group = signed_in(factories.an_agent()), Group.objects.get(name="Agent")
    answer = act(client, at(thread, "assign/"), group=group.pk)
    assert (answer.status_code, answer.json()["toast"]) == (
        409,
        "Kim has taken this conversation.",
    )
    assert act(client, at(thread, "assign/"), group=group.pk, from_person=1).status_code == 403
    thread.refresh_from_db()
    assert thread.assigned_to == kim


def test_a_supervisor_gives_away_a_colleagues_only_on_purpose(
    thread: Thread, kim: User, sam: User
) -> None:
    takeover.take(thread, by=kim)
    client, lee = signed_in(sam), factories.an_agent("lee")
    assert act(client, at(thread, "assign/"), person=lee.pk).status_code == 409
    assert act(client, at(thread, "assign/"), person=lee.pk, from_person=1).status_code == 200
    thread.refresh_from_db()
    assert thread.assigned_to == lee


def test_nobody_gets_it_who_may_not_answer(thread: Thread, sam: User) -> None:
    client, nobodys = signed_in(sam), Group.objects.create(name="Nobody")
    answer = act(client, at(thread, "assign/"), person=factories.bob().pk)
    assert (answer.status_code, answer.json()["toast"]) == (422, "Bob may not answer customers.")
    assert act(client, at(thread, "assign/"), group=nobodys.pk).status_code == 422
    assert act(client, at(thread, "assign/"), person="x").status_code == 404
    assert act(client, at(thread, "assign/")).status_code == 404


@pytest.mark.parametrize("rest", ["menu/", "assign/", "snooze/", "wake/", "left/"])
def test_bob_may_do_none_of_it(thread: Thread, rest: str) -> None:
    client = signed_in(factories.bob())
    ask = client.get if rest == "menu/" else client.post
    assert ask(at(thread, rest), headers=SCRIPT).status_code == 403


def test_the_menu_offers_what_one_may(thread: Thread, kim: User, sam: User) -> None:
    Group.objects.create(name="Nobody")
    for user, sees_people in ((kim, False), (sam, True)):
        html = fragment(signed_in(user), at(thread, "menu/"))
        assert ("Assign to a person" in html) is sees_people
        assert "<span>Agent</span>" in html
        assert "Nobody" not in html
        assert "Tomorrow" in html


def test_the_menu_warns_of_taking_it_from_a_colleague(thread: Thread, kim: User, sam: User) -> None:
    takeover.take(thread, by=kim)
    assert "it is taken from Kim" in fragment(signed_in(sam), at(thread, "menu/"))
    assert "Assign to a group" not in fragment(signed_in(factories.an_agent()), at(thread, "menu/"))


# --- putting aside ---------------------------------------------------------------------------


def test_it_is_put_aside_and_comes_back(thread: Thread, kim: User) -> None:
    client = signed_in(kim)
    answer = act(client, at(thread, "snooze/"), until="tomorrow").json()
    thread.refresh_from_db()
    assert thread.snoozed_until is not None
    assert local(thread.snoozed_until).hour == 8
    assert "Put aside until tomorrow 08:00" in answer["banner"]
    assert "tomorrow 08:00" in fragment(client, f"{INBOX}list/", f="snoozed")
    answer = act(client, at(thread, "wake/")).json()
    assert Thread.objects.get().snoozed_until is None
    assert "Put aside" not in answer["banner"]


def test_a_day_and_a_time_are_read_by_the_business_clock(thread: Thread, kim: User) -> None:
    day = local(clock.now() + timedelta(days=3)).date()
    act(signed_in(kim), at(thread, "snooze/"), until=f"{day}T09:30")
    thread.refresh_from_db()
    assert thread.snoozed_until is not None
    assert f"{local(thread.snoozed_until):%Y-%m-%d %H:%M}" == f"{day} 09:30"


@pytest.mark.parametrize("until", ["", "soon", "2020-01-01T10:00", "2026-13-01T10:00", "9" * 50])
def test_a_time_that_is_none_is_told(thread: Thread, kim: User, until: str) -> None:
    answer = act(signed_in(kim), at(thread, "snooze/"), until=until)
    assert answer.status_code == 422
    assert answer.json()["toast"]
    thread.refresh_from_db()
    assert thread.snoozed_until is None


def test_an_agent_may_not_put_a_colleagues_aside(thread: Thread, kim: User) -> None:
    takeover.take(thread, by=kim)
    answer = act(signed_in(factories.an_agent()), at(thread, "snooze/"), until="tomorrow")
    assert (answer.status_code, answer.json()["toast"]) == (
        409,
        "Kim has taken this conversation.",
    )


def test_later_today_is_offered_while_there_is_enough_of_it() -> None:
    tuesday = timezone.localtime(clock.now()).replace(2026, 11, 24, 9, 40, 0, 0)
    assert [(one.name, f"{one.at:%a %H:%M}") for one in team.choices(tuesday)] == [
        ("later", "Tue 12:00"),
        ("tomorrow", "Wed 08:00"),
        ("week", "Mon 08:00"),
    ]
    assert [one.name for one in team.choices(tuesday.replace(hour=17))] == ["tomorrow", "week"]
    assert [one.name for one in team.choices(tuesday.replace(hour=23))] == ["tomorrow", "week"]


# --- who is there ----------------------------------------------------------------------------


def poll(user: User, thread: Thread, **more: Any) -> list[Any]:
    query = {"after": changes.horizon(), "thread": thread.pk, **more}
    answer = signed_in(user).get(f"{INBOX}changes/", query, headers=SCRIPT)
    present: list[Any] = json.loads(answer["X-Present"])
    return present


def test_colleagues_see_each_other_and_who_types(thread: Thread, kim: User, sam: User) -> None:
    assert poll(kim, thread) == []
    assert poll(sam, thread, typing=1) == [["Kim", False]]
    assert poll(kim, thread) == [["Sam", True]]


def test_who_left_is_gone_at_once(thread: Thread, kim: User, sam: User) -> None:
    poll(kim, thread)
    assert act(signed_in(kim), at(thread, "left/")).status_code == 204
    assert poll(sam, thread) == []


def test_polls_write_where_one_is_only_now_and_then(thread: Thread, kim: User) -> None:
    poll(kim, thread)
    first = Presence.objects.get().at
    poll(kim, thread)
    assert Presence.objects.get().at == first
    Presence.objects.update(at=first - presence.WRITTEN_EVERY)
    poll(kim, thread)
    assert Presence.objects.get().at > first


def test_a_conversation_that_is_gone_has_nobody(thread: Thread, kim: User) -> None:
    query: dict[str, Any] = {"after": changes.horizon(), "thread": thread.pk + 1000}
    answer = signed_in(kim).get(f"{INBOX}changes/", query, headers=SCRIPT)
    assert (answer.status_code, answer["X-Present"]) == (204, "[]")
    assert not Presence.objects.exists()


# --- the assistant comes back ----------------------------------------------------------------


def returns(html: str) -> str:
    found = re.search(r"The assistant takes over[^<]*", html)
    return found[0] if found else ""


def test_the_head_says_when_the_assistant_takes_over(
    thread: Thread, kim: User, settings: Settings
) -> None:
    settings.STAFF_SILENCE_HOURS = 12
    client = signed_in(kim)
    assert returns(fragment(client, at(thread))) == ""
    takeover.take(thread, by=kim)
    taken_at = ThreadEvent.objects.get().at
    due = local(taken_at + timedelta(hours=12))
    is_today = due.date() == local(clock.now()).date()
    words = f"at {due:%H:%M}" if is_today else f"tomorrow {due:%H:%M}"
    assert returns(fragment(client, at(thread))) == f"The assistant takes over {words}"


@pytest.mark.parametrize("hours", [0, 12])
def test_it_says_nothing_where_the_assistant_does_not(
    thread: Thread, kim: User, settings: Settings, hours: int
) -> None:
    settings.STAFF_SILENCE_HOURS = hours
    takeover.take(thread, by=kim)
    if hours:
        Thread.objects.update(snoozed_until=clock.now() + timedelta(hours=1))
    assert returns(fragment(signed_in(kim), at(thread))) == ""
