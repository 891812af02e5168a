"""A search in the list: the words that were found, the way to them, and nothing for who may not."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from conversations import changes, clock
from conversations.admin.inbox.hits import marked
from conversations.models import Message, Thread
from tests import factories
from tests.inbox.pages import INBOX, SCRIPT, at, fragment, signed_in
from tests.inbox.test_list import listed, names

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return signed_in(factories.an_agent())


@pytest.fixture
def thread() -> Thread:
    """Thandi asked for a chair long ago, and much was said since."""
    thread = factories.a_thread(contact=factories.a_contact("Thandi Nkosi"))
    long_ago = clock.now() - timedelta(days=90)
    for n in range(130):
        text = "Is the <b>blue</b> chair still there?" if n == 20 else f"Message {n}"
        factories.an_inbound(thread, text, sent_at=long_ago + timedelta(hours=n))
    return thread


def hit(thread: Thread) -> Message:
    return thread.messages.get(text__contains="blue")


def test_the_row_shows_the_words_that_were_said(client: Client, thread: Thread) -> None:
    html = fragment(client, f"{INBOX}list/", q="blue cha")
    assert "&lt;b&gt;<mark>blue</mark>&lt;/b&gt; <mark>chair</mark>" in html
    assert "<b>blue" not in html


def test_who_is_found_by_name_keeps_the_preview(client: Client, thread: Thread) -> None:
    html = fragment(client, f"{INBOX}list/", q="nkosi")
    assert "Message 129" in html
    assert "<mark>" not in html
    assert "?at=" not in html


def test_the_row_leads_to_the_message_and_keeps_the_search(client: Client, thread: Thread) -> None:
    html = fragment(client, f"{INBOX}list/", q="chair")
    key = hit(thread).pk
    assert f'hx-get="{at(thread)}?at={key}"' in html
    assert f'href="{at(thread)}?at={key}&amp;q=chair"' in html


def keys(html: str) -> list[int]:
    return [int(key) for key in re.findall(r'id="m(\d+)"', html)]


def test_a_conversation_opens_at_the_message_with_what_stands_about_it(
    client: Client, thread: Thread
) -> None:
    key = hit(thread).pk
    every = list(thread.messages.order_by("pk").values_list("pk", flat=True))
    for html in (
        fragment(client, at(thread), at=key),
        client.get(at(thread), {"at": key}).content.decode(),
    ):
        assert keys(html) == every[:120]
        assert f'data-at="{key}" data-more="1"' in html


def test_what_comes_after_it_follows_without_a_gap_or_a_double(
    client: Client, thread: Thread
) -> None:
    last = keys(fragment(client, at(thread), at=hit(thread).pk))[-1]
    later = list(thread.messages.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True))
    query: dict[str, Any] = {
        "after": changes.horizon(),
        "thread": thread.pk,
        "last": last,
        "fresh": 1,
    }
    news = client.get(f"{INBOX}changes/", query, headers=SCRIPT).json()
    assert keys(news["entries"]) == later
    assert news["more"] is False


@pytest.mark.parametrize("at_message", ["0", "x", "999999999", "9" * 40, "-1", "٣"])
def test_a_message_that_is_not_there_opens_the_end(
    client: Client, thread: Thread, at_message: str
) -> None:
    html = fragment(client, at(thread), at=at_message)
    assert keys(html)[-1] == thread.messages.latest("pk").pk
    assert 'data-more=""' in html


def test_a_message_of_another_conversation_opens_none_of_it(client: Client, thread: Thread) -> None:
    other = factories.an_inbound(factories.a_thread(), "Something else")
    assert other.pk not in keys(fragment(client, at(thread), at=other.pk))


def test_a_search_finds_by_text_in_closed_conversations_and_in_a_filter(client: Client) -> None:
    thread = factories.a_thread(contact=factories.a_contact("Done"), is_closed=True)
    factories.an_inbound(thread, "The parcel never came")
    assert listed(client, q="parcel") == ["Done"]
    assert listed(client, q="parcel", f="mine") == []


def test_pages_of_a_search_are_pages_of_what_it_found(client: Client) -> None:
    now = clock.now()
    for n in range(50):
        thread = factories.a_thread(contact=factories.a_contact(f"Customer {n:02}"))
        factories.an_inbound(thread, "The parcel", sent_at=now - timedelta(minutes=n))
    factories.an_inbound(factories.a_thread(contact=factories.a_contact("Other")), "Nothing")
    html = fragment(client, f"{INBOX}list/", q="parcel")
    cursor = re.search(r"cur=(\d+_\d+)", html)
    assert cursor
    rest = fragment(client, f"{INBOX}list/", q="parcel", cur=cursor[1])
    assert names(html) + names(rest) == [f"Customer {n:02}" for n in range(50)]


def test_nobody_spells_out_a_number_by_its_parts(client: Client) -> None:
    contact = factories.a_contact("Thandi", wa_id="27821234567")
    factories.an_inbound(factories.a_thread(contact=contact))
    parts = ["2782", "821234", "1234567", "27821234", "2782123456"]
    assert [part for part in parts if listed(client, q=part)] == []
    assert listed(client, q="082 123 4567") == ["Thandi"]


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("The blue chair", "chair", "The blue <mark>chair</mark>"),
        ("The Blue chairs", "blue cha", "The <mark>Blue</mark> <mark>chairs</mark>"),
        ("An armchair", "chair", "An armchair"),
        ("ok, okapi", "ok", "<mark>ok</mark>, okapi"),
        ("a & b <i>", "b", "a &amp; <mark>b</mark> &lt;i&gt;"),
        ("INV-1001 is due", "inv-10", "<mark>INV</mark>-<mark>1001</mark> is due"),
        ("No sign", "%_(", "No sign"),
        (
            "It begins with a long story about many things, then the parcel",
            "parcel",
            "…many things, then the <mark>parcel</mark>",
        ),
        ("word " * 100 + "end", "end", "…word word word word word <mark>end</mark>"),
    ],
)
def test_words_are_escaped_and_marked(text: str, words: str, shown: str) -> None:
    assert marked(text, words) == shown
