"""What needs a person, of what has just changed: told to them, and to nobody else."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import transaction
from django.utils import timezone

from conversations import changes, notes, takeover
from conversations.admin.inbox import needs
from conversations.models import Message, Thread
from tests import factories
from tests.inbox.pages import INBOX, SCRIPT, at, signed_in

# The cursor is a boundary between transactions: a test that is one transaction sees nothing.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice() -> User:
    return factories.an_agent()


@pytest.fixture
def kim() -> User:
    return factories.an_agent("kim")


@pytest.fixture
def thread() -> Thread:
    thread = factories.a_thread(contact=factories.a_contact("Thandi Nkosi"))
    factories.an_inbound(thread)
    return thread


def told(user: User, after: str) -> list[dict[str, Any]]:
    answer = signed_in(user).get(f"{INBOX}changes/", {"after": after}, headers=SCRIPT)
    return list(answer.json()["needs"]) if answer.status_code == 200 else []


def titles(user: User, after: str) -> list[str]:
    return [need["title"] for need in told(user, after)]


def comes_in(thread: Thread, text: str) -> Message:
    thread.refresh_from_db()
    with transaction.atomic():
        message = factories.an_inbound(thread, text)
        changes.record(thread.pk, message.pk)
    return message


def test_what_the_customer_changed_or_took_back_calls_nobody(thread: Thread, alice: User) -> None:
    takeover.take(thread, by=alice)
    start = changes.horizon()
    for kind, more in (("edit", {}), ("revoke", {}), ("text", {"revoked_at": timezone.now()})):
        with transaction.atomic():
            message = factories.an_inbound(thread, "Oh no", kind=kind, **more)
            changes.record(thread.pk, message.pk)
    assert told(alice, start) == []


def test_a_customer_who_writes_to_me_is_told_to_me(thread: Thread, alice: User, kim: User) -> None:
    takeover.take(thread, by=alice)
    start = changes.horizon()
    message = comes_in(thread, "Are you there?")
    assert told(alice, start) == [
        {
            "key": f"m{message.pk}",
            "thread": thread.pk,
            "url": at(thread),
            "title": "Thandi Nkosi wrote",
            "text": "Are you there?",
        }
    ]
    assert told(kim, start) == []


def test_what_is_given_to_me_is_told_to_me(thread: Thread, alice: User, kim: User) -> None:
    start = changes.horizon()
    takeover.assign(thread, to=kim, by=alice)
    assert titles(kim, start) == ["Thandi Nkosi is yours now"]
    assert titles(alice, start) == []


def test_what_i_take_myself_is_no_news(thread: Thread, alice: User) -> None:
    start = changes.horizon()
    takeover.take(thread, by=alice)
    assert titles(alice, start) == []


def test_a_customer_who_needs_somebody_is_told_to_all(
    thread: Thread, alice: User, kim: User
) -> None:
    start = changes.horizon()
    takeover.hand_over(thread, reason="asked for a person")
    for user in (alice, kim):
        assert [(one["title"], one["text"]) for one in told(user, start)] == [
            ("Thandi Nkosi needs a person", "asked for a person")
        ]
    takeover.take(thread, by=kim)
    assert titles(alice, start) == []


def test_what_waits_for_a_group_is_told_to_it(thread: Thread, alice: User, kim: User) -> None:
    group = Group.objects.create(name="Refunds")
    kim.groups.add(group)
    start = changes.horizon()
    takeover.assign_to_group(thread, group=group, by=factories.a_supervisor())
    assert titles(kim, start) == ["Thandi Nkosi needs a person"]
    assert titles(alice, start) == []


def test_who_is_named_in_a_note_is_told(thread: Thread, alice: User, kim: User) -> None:
    start = changes.horizon()
    notes.add(thread, "@kim please look", by=alice)
    assert titles(kim, start) == ["Thandi Nkosi — you are named in a note"]
    assert titles(alice, start) == []


def test_a_tick_and_an_old_message_are_no_news(thread: Thread, alice: User) -> None:
    takeover.take(thread, by=alice)
    old = comes_in(thread, "Long ago")
    Message.objects.filter(pk=old.pk).update(created_at=timezone.now() - 2 * needs.FRESH)
    sent = factories.an_outbound(thread)
    start = changes.horizon()
    changes.record_many([(thread.pk, old.pk), (thread.pk, sent.pk)])
    assert titles(alice, start) == []


def test_who_may_look_but_not_answer_is_not_called(thread: Thread) -> None:
    bob = factories.bob()
    bob.user_permissions.add(Permission.objects.get(codename="view_thread"))
    start = changes.horizon()
    takeover.hand_over(thread, reason="asked")
    assert titles(bob, start) == []
