"""Giving a thread to a colleague or a group: who may have it, who wins, what the history says."""

from functools import partial

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from conversations import takeover
from conversations.models import Change, Thread
from tests.desk.together import together
from tests.factories import a_supervisor, a_thread, an_agent, bob

pytestmark = pytest.mark.django_db


def history(thread: Thread) -> list[tuple[str, str]]:
    return list(thread.events.order_by("id").values_list("kind", "reason"))


def test_assigning_gives_it_to_a_colleague_and_says_to_whom() -> None:
    now = timezone.now()
    thread = a_thread(reply_due_at=now, reply_due_at_latest=now, snoozed_until=now)
    sam, kim = a_supervisor(), an_agent("kim")
    takeover.assign(thread, to=kim, by=sam)
    thread.refresh_from_db()
    assert (thread.mode, thread.assigned_to) == ("staff", kim)
    assert (thread.reply_due_at, thread.snoozed_until) == (None, None)
    assert history(thread) == [("assigned", "to Kim")]
    assert thread.events.get().by == sam
    assert Change.objects.filter(thread=thread).exists()


def test_assigning_twice_changes_nothing() -> None:
    thread, sam, kim = a_thread(), a_supervisor(), an_agent("kim")
    takeover.assign(thread, to=kim, by=sam)
    takeover.assign(thread, to=kim, by=sam)
    assert len(history(thread)) == 1


def test_assigning_to_oneself_is_taking() -> None:
    thread, kim = a_thread(), an_agent("kim")
    takeover.assign(thread, to=kim, by=kim)
    assert history(thread) == [("taken", "")]


def test_who_has_it_may_pass_it_on() -> None:
    thread, alice, kim = a_thread(), an_agent(), an_agent("kim")
    takeover.take(thread, by=alice)
    takeover.assign(thread, to=kim, by=alice)
    thread.refresh_from_db()
    assert thread.assigned_to == kim


def test_what_a_third_person_has_is_left_alone_unless_it_is_meant() -> None:
    thread, sam, kim = a_thread(), a_supervisor(), an_agent("kim")
    takeover.take(thread, by=an_agent())
    with pytest.raises(takeover.AlreadyTaken, match="Alice"):
        takeover.assign(thread, to=kim, by=sam)
    takeover.assign(thread, to=kim, by=sam, from_person=True)
    thread.refresh_from_db()
    assert thread.assigned_to == kim


def test_bob_who_may_not_answer_is_given_nothing() -> None:
    thread = a_thread()
    with pytest.raises(takeover.CannotAnswer, match="Bob may not answer customers"):
        takeover.assign(thread, to=bob(), by=a_supervisor())
    thread.refresh_from_db()
    assert (thread.mode, history(thread)) == ("bot", [])


def test_who_has_left_the_company_is_given_nothing() -> None:
    carol = an_agent("carol")
    carol.is_active = False
    carol.save(update_fields=["is_active"])
    with pytest.raises(takeover.CannotAnswer):
        takeover.assign(a_thread(), to=carol, by=a_supervisor())


def test_a_superuser_may_be_given_anything() -> None:
    thread, root = a_thread(), bob()
    root.is_superuser = True
    root.save(update_fields=["is_superuser"])
    takeover.assign(thread, to=root, by=a_supervisor())
    thread.refresh_from_db()
    assert thread.assigned_to == root


def test_assigning_reopens_what_was_closed() -> None:
    thread, sam, kim = a_thread(is_closed=True), a_supervisor(), an_agent("kim")
    takeover.assign(thread, to=kim, by=sam)
    thread.refresh_from_db()
    assert not thread.is_closed


@pytest.mark.django_db(transaction=True)
def test_of_two_who_assign_at_once_one_wins_and_the_other_is_told() -> None:
    thread, people = a_thread(), [an_agent(f"agent{n}") for n in range(4)]
    givers = [an_agent(f"giver{n}") for n in range(4)]
    results = together(
        *[
            partial(takeover.assign, thread, to=to, by=by)
            for to, by in zip(people, givers, strict=True)
        ]
    )
    thread.refresh_from_db()
    told = [one for one in results if isinstance(one, takeover.AlreadyTaken)]
    assert [one.by for one in told] == [thread.assigned_to] * 3
    assert len(history(thread)) == 1


def agents() -> Group:
    return Group.objects.get(name="Agent")


def test_a_group_gets_it_to_wait_for_whoever_is_free() -> None:
    thread, alice = a_thread(), an_agent()
    takeover.take(thread, by=alice)
    assert takeover.assign_to_group(thread, group=agents(), by=alice)
    thread.refresh_from_db()
    assert (thread.mode, thread.assigned_to, thread.assigned_group) == ("waiting", None, agents())
    assert thread.waiting_since is not None
    assert history(thread)[-1] == ("assigned", "to the group Agent")


def test_the_same_group_again_changes_nothing() -> None:
    thread, alice = a_thread(), an_agent()
    takeover.assign_to_group(thread, group=agents(), by=alice)
    assert not takeover.assign_to_group(thread, group=agents(), by=alice)
    assert len(history(thread)) == 1


def test_who_waits_already_has_waited_since_the_hand_over() -> None:
    thread, alice = a_thread(), an_agent()
    takeover.hand_over(thread, reason="Asked for a person.")
    thread.refresh_from_db()
    since = thread.waiting_since
    takeover.assign_to_group(thread, group=agents(), by=alice)
    thread.refresh_from_db()
    assert thread.waiting_since == since


def test_taking_it_ends_the_groups_claim() -> None:
    thread, alice = a_thread(), an_agent()
    takeover.assign_to_group(thread, group=agents(), by=alice)
    takeover.take(thread, by=alice)
    thread.refresh_from_db()
    assert (thread.assigned_group, thread.waiting_since) == (None, None)


def test_a_group_is_not_given_what_a_colleague_has() -> None:
    thread, alice = a_thread(), an_agent()
    takeover.take(thread, by=an_agent("kim"))
    with pytest.raises(takeover.AlreadyTaken, match="Kim"):
        takeover.assign_to_group(thread, group=agents(), by=alice)
    assert takeover.assign_to_group(thread, group=agents(), by=alice, from_person=True)


def test_a_group_in_which_nobody_may_answer_is_given_nothing() -> None:
    group = Group.objects.create(name="Auditors")
    bob().groups.add(group)
    with pytest.raises(takeover.CannotAnswer, match="Auditors"):
        takeover.assign_to_group(a_thread(), group=group, by=an_agent())


def test_closing_can_leave_a_colleagues_alone() -> None:
    thread, alice, kim = a_thread(), an_agent(), an_agent("kim")
    takeover.take(thread, by=kim)
    with pytest.raises(takeover.AlreadyTaken, match="Kim"):
        takeover.close(thread, by=alice, from_person=False)
    assert takeover.close(thread, by=kim, from_person=False)
    assert not takeover.close(thread, by=alice, from_person=False)
