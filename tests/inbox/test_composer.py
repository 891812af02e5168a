"""The foot of a conversation: what it offers when, and what becomes of what is written."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from conversations import clock, drafts, takeover
from conversations.models import Contact, Message, PhoneNumber, Thread
from tests import factories
from tests.inbox.pages import act, at, fragment, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return factories.an_agent()


@pytest.fixture
def client(alice: User) -> Client:
    return signed_in(alice)


@pytest.fixture
def thread() -> Thread:
    thread = factories.a_thread(contact=factories.a_contact("Thandi Nkosi"))
    factories.an_inbound(thread)
    return thread


@pytest.fixture
def mine(thread: Thread, alice: User) -> Thread:
    takeover.take(thread, by=alice)
    thread.refresh_from_db()
    return thread


def foot(client: Client, thread: Thread) -> str:
    html = fragment(client, at(thread))
    return html[html.index('id="wa-foot"') : html.index("</footer>")]


def test_while_the_assistant_answers_it_offers_to_take_over(client: Client, thread: Thread) -> None:
    html = foot(client, thread)
    assert "The assistant is answering this conversation." in html
    assert "Take over" in html
    assert "<textarea" not in html


def test_who_waits_for_a_person_can_be_taken(client: Client, thread: Thread) -> None:
    takeover.hand_over(thread, reason="asked")
    assert "waiting for a person" in foot(client, thread)


def test_in_my_own_conversation_i_can_write(client: Client, mine: Thread) -> None:
    assert "<textarea" in foot(client, mine)


def test_of_a_colleague_it_tells_the_name_and_offers_an_agent_nothing(
    client: Client, thread: Thread
) -> None:
    takeover.take(thread, by=factories.an_agent("kim"))
    html = foot(client, thread)
    assert "Kim is handling this." in html
    assert "<form" not in html


def test_a_supervisor_may_take_it_after_a_confirmation(thread: Thread) -> None:
    takeover.take(thread, by=factories.an_agent("kim"))
    html = foot(signed_in(factories.a_supervisor()), thread)
    assert "<summary" in html
    assert "Take over from Kim" in html
    assert "Yes, take over" in html


def test_when_the_window_is_shut_it_offers_templates(client: Client, mine: Thread) -> None:
    Thread.objects.update(window_closes_at=clock.now() - timedelta(seconds=1))
    html = foot(client, mine)
    assert "Choose template" in html
    assert "<textarea" not in html


def test_a_closed_conversation_can_be_reopened(client: Client, mine: Thread, alice: User) -> None:
    takeover.close(mine, by=alice)
    assert "Reopen" in foot(client, mine)


def test_to_a_blocked_contact_nothing_is_written(client: Client, mine: Thread) -> None:
    Contact.objects.update(is_blocked=True)
    html = foot(client, mine)
    assert "blocked" in html
    assert "<form" not in html


def test_who_may_only_read_is_told_so(mine: Thread) -> None:
    reader = factories.bob()
    reader.user_permissions.add(Permission.objects.get(codename="view_thread"))
    html = foot(signed_in(reader), mine)
    assert "You may read this conversation, not answer it." in html
    assert "<form" not in html


def test_to_who_has_never_written_only_templates_can_go(client: Client, alice: User) -> None:
    thread = factories.a_thread()
    takeover.take(thread, by=alice)
    html = foot(client, thread)
    assert "This customer has never written: only an approved template can be sent." in html
    assert "Choose template" in html
    assert "<textarea" not in html


def test_while_the_window_closes_soon_one_still_writes(client: Client, mine: Thread) -> None:
    Thread.objects.update(window_closes_at=clock.now() + timedelta(minutes=9))
    assert "<textarea" in foot(client, mine)
    assert 'class="wa-banner amber"' in fragment(client, at(mine))


def test_while_the_number_is_paused_messages_are_kept_for_later(
    client: Client, mine: Thread
) -> None:
    PhoneNumber.objects.update(paused_reason="token expired")
    html = fragment(client, at(mine))
    assert 'class="wa-banner red"' in html
    assert "Messages are kept and sent later." in html
    assert act(client, at(mine, "send/"), text="Hello").status_code == 200
    assert Message.objects.get(direction="out").status == Message.Status.QUEUED


@pytest.mark.parametrize("state", ["blocked", "shut", "closed", "theirs", "assistant"])
def test_in_no_state_is_what_was_written_lost_to_the_eye(
    client: Client, mine: Thread, alice: User, state: str
) -> None:
    drafts.keep(mine, by=alice, text="Half a <sentence>")
    changes: dict[str, Callable[[], object]] = {
        "blocked": lambda: Contact.objects.update(is_blocked=True),
        "shut": lambda: Thread.objects.update(window_closes_at=clock.now() - timedelta(seconds=1)),
        "closed": lambda: takeover.close(mine, by=alice),
        "theirs": lambda: takeover.take(mine, by=factories.a_supervisor(), from_person=True),
        "assistant": lambda: takeover.release(mine, by=alice),
    }
    changes[state]()
    assert "Not sent: <q>Half a &lt;sentence&gt;</q>" in foot(client, mine)


@pytest.mark.parametrize(
    ("left", "tone", "words"),
    [
        (timedelta(hours=21, minutes=4, seconds=30), "green", "Reply window closes in 21 h 04 min"),
        (timedelta(hours=1, minutes=18, seconds=5.9), "amber", "closes in 1 h 18 min 0"),
        (timedelta(minutes=18, seconds=58.9), "amber", "closes in 18 min 5"),
        (timedelta(hours=-3, minutes=-1), "grey", "24-hour window closed 3 hours ago."),
        (timedelta(days=-1, minutes=-1), "grey", "24-hour window closed 1 day ago."),
        (timedelta(seconds=-9), "grey", "closed less than a minute ago."),
    ],
)
def test_the_banner_says_how_long_one_may_write(
    client: Client, thread: Thread, left: timedelta, tone: str, words: str
) -> None:
    Thread.objects.update(window_closes_at=clock.now() + left)
    html = fragment(client, at(thread))
    assert f'class="wa-banner {tone}"' in html
    assert words in html


def test_the_banner_says_when_the_customer_has_never_written(client: Client) -> None:
    thread = factories.a_thread()
    assert "Customer has never written. Templates only" in fragment(client, at(thread))


def test_the_banner_tells_of_a_number_that_cannot_send(client: Client, thread: Thread) -> None:
    PhoneNumber.objects.update(paused_reason="token expired")
    assert "WhatsApp connection problem" in fragment(client, at(thread))
    PhoneNumber.objects.update(paused_until=timezone.now() - timedelta(minutes=1))
    assert "WhatsApp connection problem" not in fragment(client, at(thread))


def test_what_is_sent_stands_queued_and_comes_back_as_a_bubble(
    client: Client, mine: Thread, alice: User
) -> None:
    answer = act(client, at(mine, "send/"), text="  Hello *you*\r\nthere ", last=0, event=0)
    assert answer.status_code == 200
    sent = Message.objects.get(direction="out")
    assert (sent.text, sent.status, sent.sent_by) == ("Hello *you*\nthere", "queued", alice)
    assert "<strong>you</strong>" in answer.json()["entries"]
    assert answer.json()["last"] == sent.pk


def test_two_presses_are_one_message(client: Client, mine: Thread) -> None:
    reference = uuid.uuid4()
    for _ in range(2):
        answer = act(client, at(mine, "send/"), text="Hello", reference=reference)
        assert answer.status_code == 200
    assert Message.objects.filter(direction="out").count() == 1


def test_another_form_is_another_message(client: Client, mine: Thread) -> None:
    for reference in (uuid.uuid4(), uuid.uuid4(), "", "no uuid"):
        act(client, at(mine, "send/"), text="Hello", reference=reference)
    assert Message.objects.filter(direction="out").count() == 4


def test_after_the_window_nothing_is_queued_and_the_way_out_is_told(
    client: Client, mine: Thread
) -> None:
    Thread.objects.update(window_closes_at=clock.now() - timedelta(seconds=1))
    answer = act(client, at(mine, "send/"), text="Hello")
    assert answer.status_code == 409
    assert "24-hour window is closed" in answer.json()["toast"]
    assert "Choose template" in answer.json()["composer"]
    assert not Message.objects.filter(direction="out").exists()


@pytest.mark.parametrize("text", ["", " \n ", "x" * 4097, "😀" * 2049, "a\x00b"])
def test_what_is_no_message_is_refused(client: Client, mine: Thread, text: str) -> None:
    answer = act(client, at(mine, "send/"), text=text)
    assert answer.status_code == 422
    assert answer.json()["toast"].startswith("Not sent: the message ")
    assert not Message.objects.filter(direction="out").exists()


def test_a_message_of_the_full_length_goes(client: Client, mine: Thread) -> None:
    assert act(client, at(mine, "send/"), text="x" * 4096).status_code == 200


def test_nobody_writes_over_the_assistant(client: Client, thread: Thread) -> None:
    answer = act(client, at(thread, "send/"), text="Hello")
    assert answer.status_code == 409
    assert not Message.objects.filter(direction="out").exists()


def test_nobody_writes_in_a_colleagues_conversation(client: Client, thread: Thread) -> None:
    takeover.take(thread, by=factories.an_agent("kim"))
    answer = act(client, at(thread, "send/"), text="Hello")
    assert answer.status_code == 409
    assert answer.json()["toast"] == "Kim is handling this."


def test_nothing_is_sent_to_a_blocked_contact(client: Client, mine: Thread) -> None:
    Contact.objects.update(is_blocked=True)
    assert act(client, at(mine, "send/"), text="Hello").status_code == 409
    assert not Message.objects.filter(direction="out").exists()


def test_without_a_script_the_form_posts_and_comes_back(client: Client, mine: Thread) -> None:
    response = client.post(at(mine, "send/"), {"text": "Hello"})
    assert (response.status_code, response["Location"]) == (302, at(mine))


def test_without_a_script_a_refused_text_is_kept(client: Client, mine: Thread) -> None:
    Thread.objects.update(window_closes_at=clock.now() - timedelta(seconds=1))
    response = client.post(at(mine, "send/"), {"text": "My long <text>"})
    assert response.status_code == 409
    html = response.content.decode()
    assert "My long &lt;text&gt;" in html
    assert "24-hour window is closed" in html


def test_without_a_script_a_text_that_is_too_long_stays_in_the_box(
    client: Client, mine: Thread
) -> None:
    response = client.post(at(mine, "send/"), {"text": "y" * 5000})
    assert response.status_code == 422
    assert "y" * 5000 in response.content.decode()


def test_the_token_against_forged_forms_is_asked_for(mine: Thread, alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert client.post(at(mine, "send/"), {"text": "Hello"}).status_code == 403
    assert not Message.objects.filter(direction="out").exists()
