"""One act on all that was ticked: what it says, whose stays, and who may not."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from conversations import takeover
from conversations.admin.inbox import at_once
from conversations.bulk import Outcome
from conversations.models import Label, Thread
from tests import factories
from tests.inbox.pages import INBOX, act, fragment, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def threads() -> list[Thread]:
    return [factories.a_thread(contact=factories.a_contact(f"Customer {n}")) for n in range(3)]


@pytest.fixture
def kim() -> User:
    return factories.an_agent("kim")


def bulk(client: Client, threads: list[Thread], **fields: Any) -> Any:
    return act(client, f"{INBOX}bulk/", thread=[thread.pk for thread in threads], **fields)


def test_who_may_answer_takes_many_and_a_colleagues_stays(threads: list[Thread], kim: User) -> None:
    takeover.take(threads[0], by=kim)
    alice = factories.an_agent()
    answer = bulk(signed_in(alice), threads, person=alice.pk)
    assert answer.json() == {"toast": "2 assigned to you. 1 is Kim's and stayed."}
    assert set(Thread.objects.filter(assigned_to=alice)) == set(threads[1:])


def test_a_supervisor_gives_many_away_a_colleagues_only_on_purpose(
    threads: list[Thread], kim: User
) -> None:
    takeover.take(threads[0], by=kim)
    client, lee = signed_in(factories.a_supervisor()), factories.an_agent("lee")
    assert bulk(client, threads, person=lee.pk).json()["toast"] == (
        "2 assigned to Lee. 1 is Kim's and stayed."
    )
    again = bulk(client, threads, person=lee.pk, from_person=1).json()["toast"]
    assert again == "1 assigned to Lee. 2 were assigned to Lee already."
    assert Thread.objects.filter(assigned_to=lee).count() == 3


@pytest.mark.parametrize("fields", [{"person": "kim"}, {"close": "1", "from_person": "1"}])
def test_an_agent_may_not_give_to_others_or_take_from_them(
    threads: list[Thread], kim: User, fields: dict[str, str]
) -> None:
    fields = {key: str(kim.pk) if value == "kim" else value for key, value in fields.items()}
    assert bulk(signed_in(factories.an_agent()), threads, **fields).status_code == 403
    assert not Thread.objects.exclude(mode=Thread.Mode.BOT).exists()
    assert not Thread.objects.filter(is_closed=True).exists()


def test_a_group_gets_many(threads: list[Thread], kim: User) -> None:
    group = Group.objects.get(name="Agent")
    assert bulk(signed_in(kim), threads, group=group.pk).json()["toast"] == "3 assigned to Agent."
    assert Thread.objects.filter(assigned_group=group).count() == 3


def test_many_are_closed(threads: list[Thread], kim: User) -> None:
    takeover.close(threads[0], by=kim)
    answer = bulk(signed_in(kim), threads, close=1).json()
    assert answer["toast"] == "2 closed. 1 was closed already."


def test_a_label_goes_on_and_off(threads: list[Thread], kim: User) -> None:
    refund = Label.objects.create(name="Refund")
    threads[0].labels.add(refund)
    client = signed_in(kim)
    assert bulk(client, threads, label=refund.pk).json()["toast"] == (
        "Refund put on 2. 1 had it already."
    )
    assert refund.threads.count() == 3
    assert bulk(client, threads, unlabel=refund.pk).json()["toast"] == "Refund taken off 3."
    assert not refund.threads.exists()


def test_nothing_ticked_and_nothing_known_do_nothing(threads: list[Thread], kim: User) -> None:
    client = signed_in(kim)
    assert bulk(client, [], close=1).status_code == 422
    assert act(client, f"{INBOX}bulk/", thread=["x", "9" * 30], close=1).status_code == 422
    assert bulk(client, threads).status_code == 404
    assert bulk(client, threads, label="x").status_code == 404
    nobody = Group.objects.create(name="Nobody")
    refused = bulk(client, threads, group=nobody.pk)
    assert refused.status_code == 422
    assert refused.json() == {"toast": "Nobody may not answer customers."}


def test_bob_may_not_and_a_get_is_none(threads: list[Thread], kim: User) -> None:
    assert bulk(signed_in(factories.bob()), threads, close=1).status_code == 403
    assert signed_in(kim).get(f"{INBOX}bulk/").status_code == 405
    assert signed_in(User.objects.get(username="bob")).get(f"{INBOX}bulk/menu/").status_code == 403


def test_the_menus_offer_what_one_may(threads: list[Thread], kim: User) -> None:
    Label.objects.create(name="Refund")
    agents, supervisors = signed_in(kim), signed_in(factories.a_supervisor())
    path = f"{INBOX}bulk/menu/"
    for client, sees in ((agents, False), (supervisors, True)):
        html = fragment(client, path, **{"for": "assign"})
        assert "<span>Me</span>" in html
        assert "<span>Supervisor</span>" in html or not sees
        assert ("Also what colleagues have" in html) is sees
    assert "<span>Kim</span>" in fragment(supervisors, path, **{"for": "assign"})
    assert 'name="unlabel"' in fragment(agents, path, **{"for": "label"})
    assert 'name="close"' in fragment(agents, path, **{"for": "close"})


def test_only_who_may_answer_can_select(kim: User) -> None:
    bob = factories.bob()
    bob.user_permissions.add(Permission.objects.get(codename="view_thread"))
    for user, may in ((kim, True), (bob, False)):
        assert ("wa-bulk-bar" in signed_in(user).get(INBOX).content.decode()) is may


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome(done=12, kept={"Kim": 2}), "12 closed. 2 are Kim's and stayed."),
        (Outcome(already=2), "0 closed. 2 were closed already."),
        (
            Outcome(done=1, kept={"Lee": 1, "Kim": 3}),
            "1 closed. 3 are Kim's and stayed. 1 is Lee's and stayed.",
        ),
    ],
)
def test_the_result_is_a_sentence(outcome: Outcome, words: str) -> None:
    assert at_once.in_words(outcome, "closed", "closed") == words
