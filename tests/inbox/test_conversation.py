"""A conversation as it is read: days, runs, ticks, troubles, history, and every kind of message."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from conversations import blocking, clock, sending, takeover
from conversations.models import Message, Thread
from conversations.whatsapp.content import TemplateShape
from tests import factories
from tests.inbox.pages import INBOX, act, at, fragment, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return signed_in(factories.an_agent())


@pytest.fixture
def thread() -> Thread:
    return factories.a_thread(contact=factories.a_contact("Thandi Nkosi"))


def shown(client: Client, thread: Thread) -> str:
    return fragment(client, at(thread))


def bubble(html: str, message: Message) -> str:
    """The HTML from one bubble to the next."""
    start = html.index(f'id="m{message.pk}"')
    end = html.find('class="wa-bubble', start)
    return html[start : end if end > 0 else None]


def test_days_are_named_once_each(client: Client, thread: Thread) -> None:
    now = clock.now()
    for days in (9, 1, 1, 0):
        factories.an_inbound(thread, sent_at=now - timedelta(days=days))
    old = (now - timedelta(days=9)).strftime("%-d %B %Y")
    pills = re.findall(r'data-day="([^"]+)"', shown(client, thread))
    assert pills == [old, "Yesterday", "Today"]


def test_the_author_stands_on_the_first_bubble_of_a_run(client: Client, thread: Thread) -> None:
    kim = factories.an_agent("kim")
    factories.an_inbound(thread)
    first = factories.an_outbound(thread, "One", sent_by=kim)
    second = factories.an_outbound(thread, "Two", sent_by=kim)
    bot = factories.an_outbound(thread, "Three", origin=Message.Origin.ASSISTANT)
    html = shown(client, thread)
    assert '<p class="wa-author">Kim</p>' in bubble(html, first)
    assert "wa-author" not in bubble(html, second)
    assert "smart_toy" in bubble(html, bot)
    assert "Assistant</p>" in bubble(html, bot)


def test_a_template_always_says_who_and_which(client: Client, thread: Thread) -> None:
    kim = factories.an_agent("kim")
    factories.an_outbound(thread, "One", sent_by=kim)
    wire = {"type": "template", "template": {"name": "invoice_overdue"}}
    sent = factories.an_outbound(thread, "Hi", kind="template", sent_by=kim, content=wire)
    assert "Kim · template invoice_overdue" in bubble(shown(client, thread), sent)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Message.Status.QUEUED, "Waiting to be sent"),
        (Message.Status.SENDING, "Being sent"),
        (Message.Status.SENT, "Sent"),
        (Message.Status.DELIVERED, "Delivered"),
        (Message.Status.READ, "Read"),
        (Message.Status.PLAYED, "Played"),
        (Message.Status.FAILED, "Not delivered"),
        (Message.Status.UNCONFIRMED, "Not known whether it arrived"),
    ],
)
def test_each_tick_has_words(
    client: Client, thread: Thread, status: Message.Status, words: str
) -> None:
    sent = factories.an_outbound(thread, status=status)
    assert f'<span class="wa-unseen">{words}</span>' in bubble(shown(client, thread), sent)


def test_a_failed_message_says_what_happened_and_what_to_do(client: Client, thread: Thread) -> None:
    takeover.take(thread, by=User.objects.get(username="alice"))
    failed = factories.an_outbound(thread, status=Message.Status.FAILED, error_code=131047)
    html = bubble(shown(client, thread), failed)
    assert "Not delivered." in html
    assert "131047" in html
    assert "Send an approved template" in html
    assert f'href="{at(thread, "template/")}"' in html


def test_an_unknown_error_shows_what_whatsapp_said(client: Client, thread: Thread) -> None:
    failed = factories.an_outbound(
        thread,
        status=Message.Status.FAILED,
        error_code=999999,
        error_text="Moon in the <wrong> house",
    )
    assert "Moon in the &lt;wrong&gt; house" in bubble(shown(client, thread), failed)


def test_a_doubtful_message_can_be_settled_both_ways(client: Client, thread: Thread) -> None:
    factories.an_inbound(thread)
    doubtful = factories.an_outbound(thread, "Hello", status=Message.Status.UNCONFIRMED)
    html = bubble(shown(client, thread), doubtful)
    assert "It arrived" in html
    assert "Send again" in html
    assert act(client, at(thread, "arrived/"), message=doubtful.pk).status_code == 200
    doubtful.refresh_from_db()
    assert doubtful.status == Message.Status.SENT


def test_sending_again_is_one_new_message_however_often_one_presses(
    client: Client, thread: Thread
) -> None:
    factories.an_inbound(thread)
    failed = factories.an_outbound(thread, "Hello", status=Message.Status.FAILED, error_code=131000)
    for _ in range(2):
        assert act(client, at(thread, "again/"), message=failed.pk).status_code == 200
    again = Message.objects.get(status=Message.Status.QUEUED)
    assert again.text == "Hello"
    html = bubble(shown(client, thread), failed)
    assert "Sent again below." in html
    assert "<button" not in html


def test_what_has_arrived_is_not_sent_again(client: Client, thread: Thread) -> None:
    factories.an_inbound(thread)
    sent = factories.an_outbound(thread, status=Message.Status.DELIVERED)
    response = act(client, at(thread, "again/"), message=sent.pk)
    assert response.status_code == 409
    assert not Message.objects.filter(status=Message.Status.QUEUED).exists()


def test_sending_again_asks_the_window(client: Client, thread: Thread) -> None:
    failed = factories.an_outbound(thread, status=Message.Status.FAILED, error_code=131000)
    response = act(client, at(thread, "again/"), message=failed.pk)
    assert response.status_code == 409
    assert "template" in response.json()["toast"]


@pytest.mark.parametrize("path", ["again/", "arrived/"])
def test_a_message_of_another_conversation_is_not_touched(
    client: Client, thread: Thread, path: str
) -> None:
    other = factories.an_outbound(factories.a_thread(), status=Message.Status.UNCONFIRMED)
    for pk in (other.pk, "x", "", "9" * 40, factories.an_inbound(thread).pk):
        assert act(client, at(thread, path), message=pk).status_code == 404
    other.refresh_from_db()
    assert other.status == Message.Status.UNCONFIRMED


def test_history_stands_between_the_messages_in_time(client: Client, thread: Thread) -> None:
    kim, now = factories.an_agent("kim"), clock.now()
    factories.an_inbound(thread, "Early", sent_at=now - timedelta(minutes=5))
    takeover.hand_over(thread, reason="asked for a person")
    takeover.take(thread, by=kim)
    factories.an_inbound(thread, "Late", sent_at=now + timedelta(minutes=1))
    html = shown(client, thread)
    words = ["Early", "The assistant handed over to a person: asked", "Kim took over", "Late"]
    places = [html.index(text) for text in words]
    assert places == sorted(places)


def test_why_the_assistant_asked_is_told_once(client: Client, thread: Thread) -> None:
    takeover.hand_over(thread, reason="The assistant asks for a person: wants a refund")
    assert "The assistant handed over to a person: wants a refund" in shown(client, thread)


def test_a_blocked_customer_is_told_over_the_conversation_and_in_it(
    client: Client, thread: Thread
) -> None:
    alice = User.objects.get()
    factories.an_inbound(thread)
    blocking.block(thread.contact, by=alice)
    html = shown(client, thread)
    assert "You blocked this customer" in html
    assert 'data-state="blocked"' in html
    assert "Reply window closes" not in html
    blocking.unblock(thread.contact, by=alice)
    html = shown(client, thread)
    assert "You unblocked this customer" in html
    assert "Reply window closes" in html


def test_what_i_did_is_told_as_you(client: Client, thread: Thread) -> None:
    act(client, at(thread, "mode/"), to="staff")
    assert "You took over" in shown(client, thread)


BUTTONS = {
    "type": "interactive",
    "interactive": {
        "type": "button",
        "body": {"text": "Pay?"},
        "footer": {"text": "Karoo"},
        "action": {"buttons": [{"type": "reply", "reply": {"id": "pay", "title": "Pay <now>"}}]},
    },
}
LIST = {
    "type": "interactive",
    "interactive": {
        "type": "list",
        "header": {"type": "text", "text": "Karoo Office"},
        "body": {"text": "Choose"},
        "action": {
            "button": "View options",
            "sections": [{"rows": [{"id": "a", "title": "Invoices", "description": "Open"}]}],
        },
    },
}


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("buttons", BUTTONS, ["Pay &lt;now&gt;", "Karoo"]),
        ("list", LIST, ["Karoo Office", "View options", "Invoices", "Open"]),
        ("buttons", {"interactive": []}, ["Hello"]),
        ("buttons", [], ["Hello"]),
        ("list", {"interactive": {"action": {"sections": "x", "buttons": [1]}}}, ["Hello"]),
    ],
)
def test_what_the_customer_can_tap_is_shown(
    client: Client, thread: Thread, kind: str, content: object, words: list[str]
) -> None:
    sent = factories.an_outbound(thread, "Hello", kind=kind, content=content)
    html = bubble(shown(client, thread), sent)
    for word in words:
        assert word in html


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("button", {"type": "button"}, ["Chose a button"]),
        ("list", {"type": "interactive"}, ["Chose from the list"]),
        ("unknown", {"type": "poll_<b>"}, ["type: poll_&lt;b&gt;", "help"]),
        ("image", {"type": "image"}, ["Photo: chair"]),
        ("location", {"location": {"latitude": -25.7, "longitude": 28}}, ["maps?q=-25.7,28"]),
        ("location", {"location": {"latitude": "javascript:"}}, ["Photo: chair"]),
        ("image", None, ["Photo: chair"]),
        ("image", "text", ["Photo: chair"]),
    ],
)
def test_every_kind_that_comes_in_is_readable(
    client: Client, thread: Thread, kind: str, content: object, words: list[str]
) -> None:
    # The column holds JSON; null there is JSON's, which it must survive as well.
    came = factories.an_inbound(thread, "📷 Photo: chair", kind=kind, content=content or {})
    html = bubble(shown(client, thread), came)
    for word in words:
        assert word in html


def test_a_system_message_is_a_line_and_no_bubble(client: Client, thread: Thread) -> None:
    factories.an_inbound(thread, "Thandi changed her number", kind="system")
    html = shown(client, thread)
    assert "Thandi changed her number" in html
    assert "wa-bubble" not in html


def test_a_quote_shows_what_was_said_and_leads_there(client: Client, thread: Thread) -> None:
    question = factories.an_inbound(thread, "May I pay on Friday?")
    answer = factories.an_outbound(thread, "Yes", quotes=question.wamid)
    html = bubble(shown(client, thread), answer)
    assert f'href="?at={question.pk}#m{question.pk}" data-jump="{question.pk}"' in html
    assert "May I pay on Friday?" in html


def test_a_quote_never_shows_another_conversation(client: Client, thread: Thread) -> None:
    secret = factories.an_inbound(factories.a_thread(), "My secret")
    factories.an_inbound(thread, "Hello", quotes=secret.wamid)
    assert "My secret" not in shown(client, thread)


def test_older_messages_come_by_fifties_without_a_gap(client: Client, thread: Thread) -> None:
    now = clock.now()
    for n in range(120):
        factories.an_inbound(thread, f"n{n}.", sent_at=now - timedelta(minutes=200 - n))
    seen: list[str] = []
    html = shown(client, thread)
    while True:
        seen = re.findall(r'id="m(\d+)"', html) + seen
        more = re.search(r"older/\?before=(\d+)", html)
        if not more:
            break
        html = fragment(client, at(thread, "older/"), before=more[1])
    keys = [str(pk) for pk in thread.messages.order_by("pk").values_list("pk", flat=True)]
    assert seen == keys


def test_history_is_told_once_over_several_pages(client: Client, thread: Thread) -> None:
    now = clock.now()
    takeover.hand_over(thread, reason="the reason")
    thread.events.update(at=now - timedelta(minutes=150))
    for n in range(120):
        factories.an_inbound(thread, sent_at=now - timedelta(minutes=200 - n))
    html = shown(client, thread)
    before = re.search(r"before=(\d+)", html)
    pages = [html, fragment(client, at(thread, "older/"), before=before[1] if before else "")]
    assert [page.count("the reason") for page in pages] == [0, 1]


@pytest.mark.parametrize("before", ["", "x", "0", "9" * 40])
def test_a_place_that_is_none_gives_the_newest(client: Client, thread: Thread, before: str) -> None:
    factories.an_inbound(thread, "Newest")
    assert "Newest" in fragment(client, at(thread, "older/"), before=before)


def test_unread_messages_have_a_line_above_them(client: Client, thread: Thread) -> None:
    first = factories.an_inbound(thread, "First")
    factories.an_inbound(thread, "Second")
    html = shown(client, thread)
    assert html.index("2 unread messages") < html.index(f'id="m{first.pk}"')


def test_looking_changes_nothing_and_the_post_does(client: Client, thread: Thread) -> None:
    """A prefetch or a link preview gets the page, too: it must not mark anything as read."""
    factories.an_inbound(thread)
    client.get(at(thread))
    thread.refresh_from_db()
    assert thread.unread_count == 1
    assert act(client, at(thread, "read/")).status_code == 204
    thread.refresh_from_db()
    assert thread.unread_count == 0


def test_without_a_script_the_whole_page_comes(client: Client, thread: Thread) -> None:
    factories.an_inbound(thread, "Hello there")
    html = client.get(at(thread)).content.decode()
    assert "<html" in html
    assert "Hello there" in html
    assert re.search(r'id="t\d+"', html)
    assert 'aria-current="true"' in html


def test_nothing_of_a_page_needs_an_inline_script(client: Client, thread: Thread) -> None:
    factories.an_inbound(thread, '<img src=x onerror="alert(1)">')
    takeover.take(thread, by=User.objects.get(username="alice"))
    html = client.get(at(thread)).content.decode()
    ours = html[html.index('id="wa"') :]
    assert not re.search(r"<script(?![^>]*src=)", ours)
    assert not re.search(r"<[a-z][^>]*\son\w+=", ours)


def test_the_page_of_a_thread_in_the_admin_leads_here(client: Client, thread: Thread) -> None:
    change = f"/admin/conversations/thread/{thread.pk}/change/"
    assert client.get(change)["Location"] == at(thread)
    assert client.get(change, {"form": 1}).status_code == 200
    assert client.post(change, {"form": 1}).status_code == 403


def test_the_gate_and_the_page_agree_on_a_sent_template(client: Client, thread: Thread) -> None:
    """Outside the window a template goes through the real gate, and reads as it arrives."""
    template = factories.a_template()
    alice = User.objects.get(username="alice")
    shape = TemplateShape.from_components(template.components)
    content = shape.build(template.name, template.language, ["Thandi", "R 450.00"])
    sending.send(thread, content, origin=Message.Origin.STAFF, by=alice)
    html = shown(client, thread)
    assert "Hi Thandi, your invoice for R 450.00 is overdue." in html


def test_going_home_shows_the_empty_pane(client: Client) -> None:
    assert "Select a conversation" in fragment(client, INBOX)
