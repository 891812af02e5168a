"""Notes beside a conversation: who may write them, and who is told."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from conversations import changes, clock, drafts, notes, takeover
from conversations.models import Draft, Mention, Message, Note, Thread
from tests import factories
from tests.inbox.pages import INBOX, SCRIPT, act, at, fragment, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return factories.an_agent()


@pytest.fixture
def kim() -> User:
    return factories.an_agent("kim")


@pytest.fixture
def client(alice: User) -> Client:
    return signed_in(alice)


@pytest.fixture
def thread() -> Thread:
    thread = factories.a_thread(contact=factories.a_contact("Thandi Nkosi"))
    factories.an_inbound(thread, "Hello")
    return thread


def test_a_note_stands_in_the_log_and_is_sent_to_nobody(client: Client, thread: Thread) -> None:
    answer = act(client, at(thread, "note/"), text="Wants the *blue* chair <b>")
    assert answer.status_code == 200
    html = answer.json()["entries"]
    assert "Note · You" in html
    assert "Wants the <strong>blue</strong> chair &lt;b&gt;" in html
    assert not Message.objects.filter(direction="out").exists()
    assert "Note · You" in fragment(client, at(thread))


@pytest.mark.parametrize("state", ["assistant", "colleague", "shut", "closed", "blocked"])
def test_it_can_be_written_whatever_the_composer_allows(
    client: Client, thread: Thread, kim: User, state: str
) -> None:
    if state == "colleague":
        takeover.take(thread, by=kim)
    elif state == "closed":
        takeover.close(thread, by=kim)
    elif state == "shut":
        Thread.objects.update(window_closes_at=clock.now() - timedelta(hours=1))
    elif state == "blocked":
        type(thread.contact).objects.update(is_blocked=True)
    assert 'id="wa-note"' in fragment(client, at(thread))
    assert act(client, at(thread, "note/"), text="Careful").status_code == 200
    assert Note.objects.get().text == "Careful"


def test_who_may_not_answer_may_not_note(thread: Thread) -> None:
    reader = factories.bob()
    reader.user_permissions.add(Permission.objects.get(codename="view_thread"))
    assert 'id="wa-note"' not in fragment(signed_in(reader), at(thread))
    for door in ("note/", "note/draft/"):
        assert act(signed_in(reader), at(thread, door), text="Hello").status_code == 403
    assert not Note.objects.exists()
    assert not Draft.objects.exists()


def test_a_note_that_was_begun_is_there_on_every_device_of_its_writer(
    client: Client, thread: Thread, alice: User, kim: User
) -> None:
    assert act(client, at(thread, "note/draft/"), text="Half a <thought>").status_code == 204
    assert "Half a &lt;thought&gt;</textarea>" in fragment(signed_in(alice), at(thread))
    assert "thought" not in fragment(signed_in(kim), at(thread))
    assert "Draft:" not in fragment(client, f"{INBOX}list/")
    act(client, at(thread, "note/draft/"), text=" ")
    assert "thought" not in fragment(client, at(thread))


def test_a_note_takes_its_draft_away_also_one_that_comes_late(
    client: Client, thread: Thread, alice: User
) -> None:
    reference = str(uuid.uuid4())
    drafts.keep(thread, by=alice, text="To the customer")
    act(client, at(thread, "note/draft/"), text="Care", reference=reference)
    act(client, at(thread, "note/"), text="Careful", reference=reference)
    act(client, at(thread, "note/draft/"), text="Careful", reference=reference)
    assert Draft.objects.get().text == "To the customer"


def test_a_reader_reads_notes(thread: Thread, kim: User) -> None:
    notes.add(thread, "Careful", by=kim)
    reader = factories.bob()
    reader.user_permissions.add(Permission.objects.get(codename="view_thread"))
    assert "Note · Kim" in fragment(signed_in(reader), at(thread))


def test_the_same_form_twice_writes_one_note(client: Client, thread: Thread) -> None:
    reference = str(uuid.uuid4())
    for _ in range(2):
        act(client, at(thread, "note/"), text="@kim once", reference=reference)
    assert Note.objects.count() == 1


def test_nothing_is_no_note_and_a_long_one_is_not_lost(client: Client, thread: Thread) -> None:
    assert act(client, at(thread, "note/"), text="  ").status_code == 422
    answer = client.post(at(thread, "note/"), {"text": "x" * 4097})
    assert answer.status_code == 422
    assert "x" * 4097 in answer.content.decode()
    assert not Note.objects.exists()


def test_without_a_script_it_leads_back(client: Client, thread: Thread) -> None:
    answer = client.post(at(thread, "note/"), {"text": "Careful"})
    assert (answer.status_code, answer["Location"]) == (302, at(thread))


def test_notes_stand_at_their_time(client: Client, thread: Thread, kim: User) -> None:
    now = clock.now()
    Message.objects.update(sent_at=now - timedelta(hours=3))
    Note.objects.create(thread=thread, by=kim, text="In between", at=now - timedelta(hours=2))
    factories.an_inbound(thread, "Later", sent_at=now - timedelta(hours=1))
    html = fragment(client, at(thread))
    places = [html.index(words) for words in (">Hello<", "In between", ">Later<")]
    assert places == sorted(places)


def test_older_notes_come_with_older_messages_once(
    client: Client, thread: Thread, kim: User
) -> None:
    now = clock.now()
    for n in range(120):
        factories.an_inbound(thread, f"No {n}", sent_at=now - timedelta(minutes=200 - n))
    Note.objects.create(thread=thread, by=kim, text="Old one", at=now - timedelta(minutes=145))
    newest = fragment(client, at(thread))
    first = thread.messages.order_by("-pk")[49]
    older = fragment(client, at(thread, "older/"), before=first.pk)
    assert ("Old one" in newest, "Old one" in older) == (False, True)


@pytest.mark.django_db(transaction=True)  # what one transaction has written is news to itself
def test_an_open_inbox_gets_the_note_of_a_colleague(
    client: Client, thread: Thread, kim: User
) -> None:
    start, last = changes.horizon(), thread.messages.get().pk
    note = notes.add(thread, "@alice please look", by=kim)
    asked: dict[str, Any] = {"after": start, "thread": thread.pk, "last": last, "note": 0}
    news = client.get(f"{INBOX}changes/", asked, headers=SCRIPT).json()
    assert f'id="n{note.pk}"' in news["entries"]
    assert (news["note"], news["names_me"]) == (note.pk, True)
    assert "Kim</b> named you in a note to <b>Thandi Nkosi" in news["named"]
    again = {**asked, "note": note.pk, "last": last}
    assert (
        f'id="n{note.pk}"'
        not in client.get(f"{INBOX}changes/", again, headers=SCRIPT).json()["entries"]
    )


def bar(client: Client) -> str:
    return fragment(client, f"{INBOX}named/")


def test_who_is_named_is_told_until_they_have_looked(
    client: Client, thread: Thread, kim: User
) -> None:
    assert "named you" not in bar(client)
    notes.add(thread, "@alice please look", by=kim)
    assert 'hx-trigger="load"' in client.get(INBOX).content.decode()
    assert "Kim</b> named you" in bar(client)
    shown = fragment(client, at(thread))
    assert "data-names-me" in shown
    assert "Told you" in shown
    assert "named you" in bar(client)  # a GET is no look: it may be a prefetch
    assert "named you" not in act(client, at(thread, "note/seen/")).content.decode()
    assert "named you" not in bar(client)
    assert "data-names-me" not in fragment(client, at(thread))
    assert Mention.objects.get().seen_at


def test_what_others_are_told_is_not_mine_to_have_seen(
    client: Client, thread: Thread, alice: User, kim: User
) -> None:
    notes.add(thread, "@kim look", by=alice)
    assert "named you" not in bar(client)
    assert act(client, at(thread, "note/seen/")).status_code == 200
    assert Mention.objects.get().seen_at is None
    assert "Told Kim" in fragment(client, at(thread))


def test_a_masked_number_stays_masked_where_somebody_is_named(
    client: Client, alice: User, kim: User
) -> None:
    hidden = factories.a_thread(contact=factories.a_contact("", wa_id="27821234567"))
    notes.add(hidden, "@alice look", by=kim)
    assert "27821234567" not in bar(client)


@pytest.mark.parametrize("path", ["people/", "named/"])
def test_who_may_see_no_conversation_learns_nothing(path: str) -> None:
    assert signed_in(factories.bob()).get(f"{INBOX}{path}").status_code == 403


def test_who_may_see_no_conversation_has_seen_nothing(thread: Thread) -> None:
    assert act(signed_in(factories.bob()), at(thread, "note/seen/")).status_code == 403


def test_the_menu_names_colleagues_who_may_look(client: Client, kim: User) -> None:
    factories.bob()
    answer = client.get(f"{INBOX}people/").json()
    assert answer == {"people": [{"name": "Kim", "login": "kim"}]}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Ask @kim.", 'Ask <b class="wa-at">@kim</b>.'),
        ('Ask @"Kim Jacobs" now', '<b class="wa-at">@&quot;Kim Jacobs&quot;</b>'),
        ("me@kim.example", "me@kim.example"),
        ("https://x.example/?a=@kim", 'href="https://x.example/?a=@kim"'),
        ("@<script>", "@&lt;script&gt;"),
    ],
)
def test_whom_it_names_stands_out(
    client: Client, thread: Thread, kim: User, text: str, html: str
) -> None:
    notes.add(thread, text, by=kim)
    shown: Any = fragment(client, at(thread))
    assert html in shown
