"""What is written: answers to a message, reply buttons, canned replies, drafts."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection, transaction
from django.test import Client

from conversations import clock, drafts, takeover
from conversations.models import CannedReply, Contact, Draft, Message, Thread
from tests import factories
from tests.inbox.pages import INBOX, act, at, fragment, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return factories.an_agent()


@pytest.fixture
def client(alice: User) -> Client:
    return signed_in(alice)


@pytest.fixture
def thread(alice: User) -> Thread:
    """Mine, with an open window."""
    thread = factories.a_thread(contact=factories.a_contact("Thandi Nkosi"))
    factories.an_inbound(thread, "Is it still there?")
    takeover.take(thread, by=alice)
    thread.refresh_from_db()
    return thread


def shut() -> None:
    Thread.objects.update(window_closes_at=clock.now() - timedelta(seconds=1))


def newest() -> Message:
    return Message.objects.filter(direction="out").latest("pk")


def nothing_was_sent() -> bool:
    return not Message.objects.filter(direction="out").exists()


def test_an_answer_goes_with_the_message_that_it_quotes(client: Client, thread: Thread) -> None:
    question = thread.messages.get()
    answer = act(client, at(thread, "send/"), text="Yes", quotes=question.pk)
    assert answer.status_code == 200
    assert newest().quotes == question.wamid
    assert "Is it still there?" in answer.json()["entries"]


def test_our_own_messages_can_be_quoted_once_whatsapp_knows_them(
    client: Client, thread: Thread
) -> None:
    known = factories.an_outbound(thread, "We deliver on Friday")
    waiting = factories.an_outbound(thread, "Or Monday", status=Message.Status.QUEUED)
    assert act(client, at(thread, "send/"), text="As said", quotes=known.pk).status_code == 200
    assert newest().quotes == known.wamid
    answer = act(client, at(thread, "send/"), text="As said", quotes=waiting.pk)
    assert answer.status_code == 422
    assert "cannot be quoted" in answer.json()["toast"]


@pytest.mark.parametrize("key", ["0", "no number", "9" * 30])
def test_what_is_not_there_is_not_quoted(client: Client, thread: Thread, key: str) -> None:
    assert act(client, at(thread, "send/"), text="Yes", quotes=key).status_code == 422
    assert nothing_was_sent()


def test_nobody_quotes_out_of_another_conversation(client: Client, thread: Thread) -> None:
    other = factories.an_inbound(factories.a_thread(), "A secret")
    answer = act(client, at(thread, "send/"), text="Yes", quotes=other.pk)
    assert answer.status_code == 422
    assert "A secret" not in answer.content.decode()
    assert nothing_was_sent()


def test_up_to_three_buttons_go_with_a_text(client: Client, thread: Thread) -> None:
    answer = act(
        client, at(thread, "send/"), text="When?", button=["Today", " Tomorrow ", "", "Never"]
    )
    assert answer.status_code == 200
    sent = newest()
    assert (sent.kind, sent.text) == ("buttons", "When?")
    buttons = sent.content["interactive"]["action"]["buttons"]
    assert [one["reply"]["title"] for one in buttons] == ["Today", "Tomorrow", "Never"]
    assert "Tomorrow" in answer.json()["entries"]


@pytest.mark.parametrize(
    ("text", "titles", "words"),
    [
        ("When?", ["x" * 21], "a button is 21 characters long"),
        ("When?", ["Yes", "Yes"], "the words on the buttons are not all different"),
        ("When?", ["1", "2", "3", "4"], "the row of buttons has 4 entries"),
        ("", ["Yes"], "the message is empty"),
        ("x" * 1025, ["Yes"], "the message is 1025 characters long"),
    ],
)
def test_buttons_that_whatsapp_would_not_take_are_refused_in_words(
    client: Client, thread: Thread, text: str, titles: list[str], words: str
) -> None:
    answer = act(client, at(thread, "send/"), text=text, button=titles)
    assert answer.status_code == 422
    assert words in answer.json()["toast"]
    assert nothing_was_sent()


@pytest.mark.django_db(transaction=True)
def test_who_loses_the_conversation_at_that_moment_sends_nothing(
    client: Client, thread: Thread
) -> None:
    """The look at the conversation was in time, and then a supervisor took it before the gate."""
    sam = factories.a_supervisor()

    def send() -> Any:
        try:
            return act(client, at(thread, "send/"), text="Hello")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Thread.objects.select_for_update().get(pk=thread.pk)
            sending = pool.submit(send)
            wait_until_somebody_waits()
            takeover.take(thread, by=sam, from_person=True)
        answer = sending.result(timeout=10)
    assert answer.status_code == 409
    assert "not yours any more" in answer.json()["toast"]
    assert nothing_was_sent()


def wait_until_somebody_waits() -> None:
    """Another connection stands before a lock that this one holds."""
    waiting = "SELECT 1 FROM pg_locks WHERE NOT granted"
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(waiting)
            if cursor.fetchone():
                return
        time.sleep(0.02)
    raise AssertionError("Nobody waits for the conversation.")


def a_canned(shortcut: str, text: str) -> CannedReply:
    return CannedReply.objects.create(shortcut=shortcut, text=text)


def test_the_slash_offers_replies_filled_in_and_templates_last(
    client: Client, thread: Thread
) -> None:
    a_canned("hours", "Hi {{first_name}}, <b>8</b> to 5.")
    a_canned("hello", "Hello, {{my_name}} here")
    a_canned("bank", "Our bank")
    html = fragment(client, at(thread, "canned/"), q="h")
    assert 'data-offer="Hi Thandi, &lt;b&gt;8&lt;/b&gt; to 5."' in html
    assert html.index("/hello") < html.index("/hours") < html.index("Send a template")
    assert "/bank" not in html


def test_a_reply_with_a_hole_says_what_is_missing(client: Client, thread: Thread) -> None:
    Contact.objects.update(name="")
    a_canned("hello", "Hi {{first_name}},")
    html = fragment(client, at(thread, "canned/"))
    assert "{{first_name}} cannot be filled in: the customer&#x27;s name is not known." in html
    assert "data-problem" in html


def test_canned_replies_are_for_those_who_may_answer(thread: Thread) -> None:
    reader = factories.bob()
    reader.user_permissions.add(Permission.objects.get(codename="view_thread"))
    client = signed_in(reader)
    assert client.get(at(thread, "canned/")).status_code == 403
    assert act(client, at(thread, "draft/"), text="Hello").status_code == 403
    assert act(client, at(thread, "react/"), message=1, emoji="👍").status_code == 403
    assert act(client, at(thread, "attach/")).status_code == 403
    assert not Draft.objects.exists()


@pytest.mark.parametrize("door", ["send/", "draft/", "react/", "attach/"])
def test_what_changes_something_is_a_post_of_our_own_pages(
    client: Client, thread: Thread, alice: User, door: str
) -> None:
    assert client.get(at(thread, door)).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    assert strict.post(at(thread, door), {"text": "Hello"}).status_code == 403


def test_a_draft_is_there_on_every_device_of_its_writer(client: Client, thread: Thread) -> None:
    row = act(client, at(thread, "draft/"), text="Dear <Thandi>,\n\n").content.decode()
    assert '<b class="wa-draft">Draft:</b> Dear &lt;Thandi&gt;,' in row
    page = signed_in(User.objects.get(username="alice")).get(at(thread)).content.decode()
    assert "Dear &lt;Thandi&gt;,\n\n</textarea>" in page
    assert "Draft:" in page


def test_a_draft_is_nobody_elses(client: Client, thread: Thread) -> None:
    act(client, at(thread, "draft/"), text="Between us")
    sam = signed_in(factories.a_supervisor())
    assert "Between us" not in sam.get(at(thread)).content.decode()
    assert "Draft:" not in fragment(sam, f"{INBOX}list/")


def test_an_emptied_draft_is_gone(client: Client, thread: Thread) -> None:
    act(client, at(thread, "draft/"), text="Dear")
    row = act(client, at(thread, "draft/"), text=" ").content.decode()
    assert "Draft:" not in row
    assert "Is it still there?" in row
    assert not Draft.objects.exists()


def test_sending_takes_the_draft_away(client: Client, thread: Thread) -> None:
    reference = uuid.uuid4()
    act(client, at(thread, "draft/"), text="Dear", reference=reference)
    act(client, at(thread, "send/"), text="Dear Thandi", reference=reference)
    assert not Draft.objects.exists()


def test_a_draft_that_comes_after_its_message_does_not_bring_it_back(
    client: Client, thread: Thread
) -> None:
    reference = uuid.uuid4()
    act(client, at(thread, "send/"), text="Dear Thandi", reference=reference)
    act(client, at(thread, "draft/"), text="Dear Thandi", reference=reference)
    assert not Draft.objects.exists()
    act(client, at(thread, "draft/"), text="And", reference=uuid.uuid4())
    assert Draft.objects.get().text == "And"


def test_a_refused_text_leaves_the_draft_where_it_is(
    client: Client, thread: Thread, alice: User
) -> None:
    act(client, at(thread, "draft/"), text="Too late")
    shut()
    assert act(client, at(thread, "send/"), text="Too late").status_code == 409
    assert drafts.of(thread, by=alice) == "Too late"
    assert "<q>Too late</q>" in fragment(client, at(thread))


def test_a_draft_is_kept_where_nothing_can_be_sent_any_more(client: Client, thread: Thread) -> None:
    """The window shut, or a colleague took over, while somebody was still typing."""
    takeover.take(thread, by=factories.a_supervisor(), from_person=True)
    assert act(client, at(thread, "draft/"), text="I was about to").status_code == 200
    assert Draft.objects.get().text == "I was about to"
