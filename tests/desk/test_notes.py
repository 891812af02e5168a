"""Notes beside a conversation, and who is told because they were named."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from conversations import notes
from conversations.models import Change, Mention, Message, Note
from tests.factories import a_thread, an_agent, bob

pytestmark = pytest.mark.django_db


def named(text: str) -> set[str]:
    """Who is told of a note that Alice writes."""
    alice = User.objects.filter(username="alice").first() or an_agent()
    note = notes.add(a_thread(), text, by=alice)
    return set(note.mentions.values_list("user__username", flat=True))


def kim(username: str = "kim", **fields: Any) -> User:
    user = an_agent(username)
    User.objects.filter(pk=user.pk).update(**{"first_name": "Kim", "last_name": "Jacobs", **fields})
    user.refresh_from_db()
    return user


def test_a_note_stands_in_the_thread_and_is_no_message() -> None:
    thread, alice = a_thread(), an_agent()
    note = notes.add(thread, "  Wants the *blue* chair. \r\n", by=alice)
    assert (note.thread, note.by, note.text) == (thread, alice, "Wants the *blue* chair.")
    assert Change.objects.get().thread == thread
    assert not Message.objects.exists()
    assert not Mention.objects.exists()


@pytest.mark.parametrize("text", ["", " \n ", "\x00"])
def test_nothing_is_no_note(text: str) -> None:
    with pytest.raises(notes.NoteRefused, match="Write something"):
        notes.add(a_thread(), text, by=an_agent())
    assert not Note.objects.exists()


def test_the_database_refuses_an_empty_note_too() -> None:
    with pytest.raises(IntegrityError, match="note_says_something"), transaction.atomic():
        Note.objects.create(thread=a_thread(), text="", at="2026-11-22T08:00:00Z")


def test_a_note_is_as_long_as_a_message_at_most() -> None:
    notes.add(a_thread(), "x" * 4096, by=an_agent())
    with pytest.raises(notes.NoteRefused, match="4,096"):
        notes.add(a_thread(), "x" * 4097, by=an_agent("kim"))


@pytest.mark.parametrize(
    "text",
    [
        "@kim please call",
        "Please ask @kim.",
        "(@kim)",
        "@KIM!",
        '@"Kim Jacobs": your customer',
        '@"kim   JACOBS"',
        "@kim and again @kim",
    ],
)
def test_a_colleague_is_named_by_login_or_by_full_name(text: str) -> None:
    kim()
    assert named(text) == {"kim"}


@pytest.mark.parametrize(
    "text",
    [
        "kim",
        "write to info@kim",
        "@nobody",
        '@"Kim"',
        '@"Kim Jacobs',
        "@kimberley",
        "a@@kim",
        "@ kim",
    ],
)
def test_what_names_nobody_stays_text(text: str) -> None:
    kim()
    assert named(text) == set()
    assert Note.objects.get().text == text


def test_a_login_with_a_dot_at_its_end_is_found_first() -> None:
    kim()
    an_agent("kim.")
    assert named("Ask @kim.") == {"kim."}


def test_two_of_one_name_are_both_told() -> None:
    kim()
    kim("kim2")
    assert named('@"Kim Jacobs"') == {"kim", "kim2"}


def test_logins_that_differ_in_case_only_are_told_apart() -> None:
    kim()
    kim("Kim")
    assert named("@Kim") == {"Kim"}


def test_bob_who_may_see_no_conversation_is_not_told() -> None:
    bob()
    assert named("@bob look at this") == set()


def test_who_has_left_is_not_told() -> None:
    kim(is_active=False)
    assert named("@kim") == set()


def test_nobody_is_told_of_their_own_note() -> None:
    assert named("@alice remember") == set()


def test_a_mention_is_unseen_until_its_thread_was_read(
    django_assert_num_queries: Any,
) -> None:
    alice, her = an_agent(), kim()
    first, second = a_thread(), a_thread()
    for thread in (first, second, second):
        notes.add(thread, "@kim", by=alice)
    with django_assert_num_queries(1):
        shown = [(one.note.by, one.note.thread.contact.name) for one in notes.unseen_mentions(her)]
    assert shown == [(alice, "Thandi Nkosi")] * 3
    assert notes.seen(second, by=her) == 2
    assert notes.seen(second, by=her) == 0
    assert [one.note.thread for one in notes.unseen_mentions(her)] == [first]


def test_who_reads_sees_only_their_own_mentions() -> None:
    alice, her, thread = an_agent(), kim(), a_thread()
    notes.add(thread, "@kim", by=alice)
    assert notes.seen(thread, by=alice) == 0
    assert notes.unseen_mentions(her).count() == 1


def test_a_note_without_a_name_asks_for_nobody(django_assert_max_num_queries: Any) -> None:
    thread, alice = a_thread(), an_agent()
    with django_assert_max_num_queries(4):  # the note, the change, and a savepoint around them
        notes.add(thread, "Called, no answer.", by=alice)
