"""A conversation opened at one of its messages: what stands around it, and the way to both ends."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from conversations import clock, notes, takeover
from conversations.models import Message, Thread
from tests import factories
from tests.inbox.pages import INBOX, SCRIPT, at, fragment, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return signed_in(factories.an_agent())


@pytest.fixture
def thread() -> Thread:
    """With 180 messages, a minute apart."""
    thread, now = factories.a_thread(), clock.now()
    for n in range(180):
        factories.an_inbound(thread, f"No {n:03}", sent_at=now - timedelta(minutes=180 - n))
    return thread


def numbers(html: str) -> list[int]:
    return [int(found) for found in re.findall(r">No (\d{3})<", html)]


def nth(thread: Thread, n: int) -> Message:
    return thread.messages.get(text=f"No {n:03}")


def test_it_stands_between_what_came_before_and_after(client: Client, thread: Thread) -> None:
    spot = nth(thread, 70)
    html = fragment(client, at(thread), at=spot.pk)
    assert numbers(html) == list(range(20, 170))
    assert f'data-at="{spot.pk}" data-more="1"' in html
    assert "Older messages" in html


def test_near_the_end_it_reaches_the_end(client: Client, thread: Thread) -> None:
    html = fragment(client, at(thread), at=nth(thread, 150).pk)
    assert numbers(html) == list(range(100, 180))
    assert 'data-more=""' in html


def test_its_address_works_without_a_script(client: Client, thread: Thread) -> None:
    html = client.get(at(thread), {"at": nth(thread, 5).pk}).content.decode()
    assert numbers(html[html.index('id="wa-log"') :])[0] == 0


@pytest.mark.parametrize("key", ["999999999", "x", "-1", "9" * 30, ""])
def test_what_is_not_there_shows_the_end(client: Client, thread: Thread, key: str) -> None:
    html = fragment(client, at(thread), at=key)
    assert numbers(html)[-1] == 179
    assert 'data-at=""' in html


def test_a_message_of_another_conversation_is_not_shown(client: Client, thread: Thread) -> None:
    secret = factories.an_inbound(factories.a_thread(), "My secret")
    html = fragment(client, at(thread), at=secret.pk)
    assert "My secret" not in html
    assert numbers(html)[-1] == 179


def test_what_staff_did_and_noted_later_comes_with_its_time(client: Client, thread: Thread) -> None:
    takeover.hand_over(thread, reason="asked for a person")
    notes.add(thread, "Careful", by=factories.an_agent("kim"))
    html = fragment(client, at(thread), at=nth(thread, 20).pk)
    assert "asked for a person" not in html
    assert "Careful" not in html
    last = nth(thread, 119).pk
    assert f'data-last="{last}" data-event="0" data-note="0"' in html
    query: dict[str, Any] = {
        "after": "",
        "fresh": "1",
        "thread": thread.pk,
        "last": last,
        "event": 0,
        "note": 0,
    }
    rest = client.get(f"{INBOX}changes/", query, headers=SCRIPT).json()
    assert numbers(rest["entries"]) == list(range(120, 180))
    assert rest["entries"].count("asked for a person") == rest["entries"].count(">Careful<") == 1


def test_a_reaction_leads_to_the_message_it_stands_on(client: Client, thread: Thread) -> None:
    liked = nth(thread, 100)
    reaction = factories.an_inbound(
        thread,
        "Reaction",
        kind="reaction",
        quotes=liked.wamid,
        content={"type": "reaction", "reaction": {"message_id": liked.wamid, "emoji": "x"}},
    )
    assert f'data-at="{liked.pk}"' in fragment(client, at(thread), at=reaction.pk)
