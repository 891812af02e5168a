"""What is written and not sent is there again, for its writer only."""

from functools import partial
from typing import Any

import pytest

from conversations import drafts
from conversations.models import Draft, Message
from tests.desk.together import together
from tests.factories import a_thread, an_agent

pytestmark = pytest.mark.django_db


def test_it_is_kept_as_it_was_typed_and_is_no_message() -> None:
    thread, alice = a_thread(), an_agent()
    assert drafts.keep(thread, by=alice, text=" Dear Thandi,\n\n")
    assert drafts.of(thread, by=alice) == " Dear Thandi,\n\n"
    assert not Message.objects.exists()


def test_each_person_and_each_thread_has_its_own() -> None:
    thread, other, alice, kim = a_thread(), a_thread(), an_agent(), an_agent("kim")
    drafts.keep(thread, by=alice, text="Alice's")
    drafts.keep(thread, by=kim, text="Kim's")
    assert drafts.of(thread, by=alice) == "Alice's"
    assert drafts.of(thread, by=kim) == "Kim's"
    assert drafts.of(other, by=alice) == ""


def test_a_note_that_was_begun_stands_beside_the_message() -> None:
    thread, alice = a_thread(), an_agent()
    drafts.keep(thread, by=alice, text="Dear Thandi")
    drafts.keep(thread, by=alice, text="Careful", kind=Draft.Kind.NOTE)
    assert drafts.of(thread, by=alice) == "Dear Thandi"
    assert drafts.of(thread, by=alice, kind=Draft.Kind.NOTE) == "Careful"
    assert drafts.keep(thread, by=alice, text="", kind=Draft.Kind.NOTE)
    assert Draft.objects.get().text == "Dear Thandi"


def test_the_same_words_twice_write_nothing() -> None:
    thread, alice = a_thread(), an_agent()
    drafts.keep(thread, by=alice, text="Dear")
    before = Draft.objects.get().updated_at
    assert not drafts.keep(thread, by=alice, text="Dear")
    assert Draft.objects.get().updated_at == before
    assert drafts.keep(thread, by=alice, text="Dear Thandi")
    assert Draft.objects.get().updated_at > before


@pytest.mark.parametrize("nothing", ["", " \n\t", "\x00"])
def test_nothing_leaves_no_draft(nothing: str) -> None:
    thread, alice = a_thread(), an_agent()
    drafts.keep(thread, by=alice, text="Dear")
    assert drafts.keep(thread, by=alice, text=nothing)
    assert not drafts.keep(thread, by=alice, text=nothing)
    assert not Draft.objects.exists()


def test_keeping_costs_one_statement(django_assert_num_queries: Any) -> None:
    thread, alice = a_thread(), an_agent()
    for text in ("Dear", "Dear Thandi", "Dear Thandi"):
        with django_assert_num_queries(1):
            drafts.keep(thread, by=alice, text=text)
    with django_assert_num_queries(1):
        drafts.of(thread, by=alice)


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_leave_one_draft() -> None:
    thread, alice = a_thread(), an_agent()
    texts = [f"Dear {n}" for n in range(4)]
    together(*[partial(drafts.keep, thread, by=alice, text=text) for text in texts])
    assert Draft.objects.get().text in texts
