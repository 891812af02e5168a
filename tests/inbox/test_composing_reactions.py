"""Our reactions: sent through the gate, worn by the customer's message, told when they failed."""

import re
import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from conversations import clock, takeover
from conversations.admin.inbox import access, live
from conversations.models import Message, Reaction, Thread
from tests import factories
from tests.inbox.pages import act, at, fragment, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return signed_in(factories.an_agent())


@pytest.fixture
def thread(client: Client) -> Thread:
    """Alice's, with an open window."""
    thread = factories.a_thread(contact=factories.a_contact("Thandi"))
    factories.an_inbound(thread, "It came today")
    takeover.take(thread, by=User.objects.get(username="alice"))
    return thread


def react(client: Client, thread: Thread, emoji: str, **fields: object) -> Message:
    message = thread.messages.filter(direction="in").get()
    answer = act(client, at(thread, "react/"), message=message.pk, emoji=emoji, **fields)
    assert answer.status_code == 200, answer.json()["toast"]
    return Message.objects.filter(direction="out").latest("pk")


def worn(html: str, message: Message) -> str:
    """What the bubble of this message wears, without its tags."""
    list_of = re.search(rf'id="re{message.pk}".*?</ul>', html, re.DOTALL)
    assert list_of
    return " ".join(re.sub("<[^>]+>", " ", list_of.group().partition(">")[2]).split())


def test_it_is_sent_and_worn_by_the_message(client: Client, thread: Thread) -> None:
    message = thread.messages.get()
    sent = react(client, thread, "👍")
    assert sent.content == {
        "type": "reaction",
        "reaction": {"message_id": message.wamid, "emoji": "👍"},
    }
    html = fragment(client, at(thread))
    assert worn(html, message) == "We reacted with 👍"
    assert f'id="m{sent.pk}"' not in html


def test_another_takes_its_place_and_an_empty_one_takes_it_away(
    client: Client, thread: Thread
) -> None:
    message = thread.messages.get()
    react(client, thread, "👍")
    react(client, thread, "❤️")
    assert worn(fragment(client, at(thread)), message) == "We reacted with ❤️"
    react(client, thread, "")
    assert worn(fragment(client, at(thread)), message) == ""
    assert Message.objects.filter(kind="reaction").count() == 3


def test_the_same_reference_is_one_reaction(client: Client, thread: Thread) -> None:
    reference = uuid.uuid4()
    for _ in range(2):
        react(client, thread, "👍", reference=reference)
    assert Message.objects.filter(kind="reaction").count() == 1


def test_it_stands_beside_the_customers_own(client: Client, thread: Thread) -> None:
    message = thread.messages.get()
    Reaction.objects.create(wamid=message.wamid or "", direction="in", emoji="🎉", at=clock.now())
    react(client, thread, "👍")
    shown = worn(fragment(client, at(thread)), message)
    assert shown == "Thandi reacted with 🎉 We reacted with 👍"


def test_the_newer_of_ours_and_the_phone_apps_stands(client: Client, thread: Thread) -> None:
    message, now = thread.messages.get(), clock.now()
    react(client, thread, "👍")
    phones = Reaction.objects.create(wamid=message.wamid or "", direction="out", emoji="🙏", at=now)
    Reaction.objects.update(at=now - timedelta(hours=1))
    assert worn(fragment(client, at(thread)), message) == "We reacted with 👍"
    Reaction.objects.filter(pk=phones.pk).update(at=now + timedelta(hours=1))
    assert worn(fragment(client, at(thread)), message) == "We reacted with 🙏"


def test_one_that_failed_says_so_on_the_message_and_in_a_bubble(
    client: Client, thread: Thread
) -> None:
    message, sent = thread.messages.get(), react(client, thread, "👍")
    Message.objects.filter(pk=sent.pk).update(status="failed", error_code=131047)
    html = fragment(client, at(thread))
    assert worn(html, message) == "We reacted with 👍 Not delivered"
    assert f'id="m{sent.pk}"' in html


def test_one_that_fails_later_gets_its_bubble_on_an_open_page(
    client: Client, thread: Thread
) -> None:
    message, sent = thread.messages.get(), react(client, thread, "👍")
    Message.objects.filter(pk=sent.pk).update(status="failed", error_code=131047)
    request = client.get(at(thread), {"last": sent.pk}).wsgi_request
    told = live.thread_news(request, access.visit(request, thread.pk), message_ids=[sent.pk])
    assert f'id="m{sent.pk}"' in told["entries"]
    assert {state["pk"] for state in told["states"]} == {message.pk, sent.pk}


def test_an_open_page_is_told_by_the_answer(client: Client, thread: Thread) -> None:
    message = thread.messages.get()
    news = act(
        client, at(thread, "react/"), message=message.pk, emoji="👍", last=message.pk, event=0
    ).json()
    assert "👍" in next(one for one in news["states"] if one["pk"] == message.pk)["reactions"]
    assert "wa-bubble" not in news["entries"]


@pytest.mark.parametrize("emoji", ["ok", "👍 👍", "x" * 40])
def test_what_is_no_emoji_is_refused(client: Client, thread: Thread, emoji: str) -> None:
    message = thread.messages.get()
    answer = act(client, at(thread, "react/"), message=message.pk, emoji=emoji)
    assert answer.status_code == 422
    assert answer.json()["toast"].startswith("Not sent: ")
    assert not Message.objects.filter(direction="out").exists()


def test_only_a_customers_message_of_this_conversation_is_reacted_to(
    client: Client, thread: Thread
) -> None:
    ours = factories.an_outbound(thread)
    elsewhere = factories.an_inbound(factories.a_thread())
    for message in (ours.pk, elsewhere.pk, "x", 0):
        answer = act(client, at(thread, "react/"), message=message, emoji="👍")
        assert answer.status_code == 422


def test_after_the_window_none_goes(client: Client, thread: Thread) -> None:
    Thread.objects.update(window_closes_at=clock.now() - timedelta(seconds=1))
    message = thread.messages.get()
    assert act(client, at(thread, "react/"), message=message.pk, emoji="👍").status_code == 409


def test_a_colleagues_conversation_gets_none(client: Client, thread: Thread) -> None:
    takeover.take(thread, by=factories.a_supervisor(), from_person=True)
    message = thread.messages.get()
    answer = act(client, at(thread, "react/"), message=message.pk, emoji="👍")
    assert answer.json()["toast"] == "Sam is handling this."
