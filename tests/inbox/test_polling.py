"""What an open page is told between two looks: what changed, once, and only that."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client

from conversations import changes, clock, receipts, sending, takeover
from conversations.models import Message, Thread
from conversations.whatsapp.content import Text
from tests import factories
from tests.inbox.pages import INBOX, SCRIPT, act, at, signed_in

# The cursor is a boundary between transactions: a test that is one transaction sees nothing.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice() -> User:
    return factories.an_agent()


@pytest.fixture
def client(alice: User) -> Client:
    return signed_in(alice)


@pytest.fixture
def thread() -> Thread:
    thread = factories.a_thread(contact=factories.a_contact("Thandi Nkosi"))
    factories.an_inbound(thread, "Hello")
    return thread


def poll(client: Client, after: str, **more: Any) -> Any:
    return client.get(f"{INBOX}changes/", {"after": after, **more}, headers=SCRIPT)


def comes_in(thread: Thread, text: str) -> Message:
    with transaction.atomic():
        message = factories.an_inbound(thread, text)
        changes.record(thread.pk, message.pk)
    return message


def test_nothing_new_is_204_with_the_next_cursor(client: Client, thread: Thread) -> None:
    answer = poll(client, changes.horizon(), thread=thread.pk)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["X-Cursor"].count(":") == 2
    assert abs(float(answer["X-Now"]) - clock.now().timestamp()) < 5


def test_a_new_message_comes_once(client: Client, thread: Thread) -> None:
    start, last = changes.horizon(), Message.objects.get().pk
    new = comes_in(thread, "Are you there?")
    answer = poll(client, start, thread=thread.pk, last=last)
    assert f'id="m{new.pk}"' in answer.json()["entries"]
    assert f'id="m{last}"' not in answer.json()["entries"]
    again = poll(client, answer["X-Cursor"], thread=thread.pk, last=new.pk)
    assert again.status_code == 204


def test_a_new_message_in_a_run_needs_no_second_head(client: Client, thread: Thread) -> None:
    start, last = changes.horizon(), Message.objects.get().pk
    comes_in(thread, "And another thing")
    entries = poll(client, start, thread=thread.pk, last=last).json()["entries"]
    assert "first" not in entries
    assert "data-day" not in entries


def test_a_tick_of_an_old_message_comes_as_a_tick(client: Client, thread: Thread) -> None:
    sent = factories.an_outbound(thread, status=Message.Status.SENT)
    start = changes.horizon()
    with transaction.atomic():
        Message.objects.filter(pk=sent.pk).update(status=Message.Status.READ)
        changes.record(thread.pk, sent.pk)
    news = poll(client, start, thread=thread.pk, last=sent.pk).json()
    assert news["entries"] == ""
    assert [state["pk"] for state in news["states"]] == [sent.pk]
    assert 'data-status="read"' in news["states"][0]["tick"]
    assert "Read" in news["states"][0]["tick"]


def test_a_failure_comes_with_its_box(client: Client, thread: Thread) -> None:
    sent = factories.an_outbound(thread, status=Message.Status.SENT)
    start = changes.horizon()
    with transaction.atomic():
        Message.objects.filter(pk=sent.pk).update(status=Message.Status.FAILED, error_code=131026)
        changes.record(thread.pk, sent.pk)
    state = poll(client, start, thread=thread.pk, last=sent.pk).json()["states"][0]
    assert "131026" in state["trouble"]


def test_another_conversation_moves_its_row_only(client: Client, thread: Thread) -> None:
    other = factories.a_thread(contact=factories.a_contact("Pieter Botes"))
    start = changes.horizon()
    comes_in(other, "Hello from Pieter")
    news = poll(client, start, thread=thread.pk).json()
    assert [row["pk"] for row in news["rows"]] == [other.pk]
    assert "Hello from Pieter" in news["rows"][0]["html"]
    assert "entries" not in news
    assert news["badge"] == "2"
    assert news["counts"]["open"] == "2"


def test_what_left_the_filter_is_gone(client: Client, thread: Thread, alice: User) -> None:
    takeover.take(thread, by=alice)
    start = changes.horizon()
    takeover.release(thread, by=alice)
    news = poll(client, start, f="mine").json()
    assert (news["rows"], news["gone"]) == ([], [thread.pk])
    assert [row["pk"] for row in poll(client, start, f="assistant").json()["rows"]] == [thread.pk]


def test_news_of_a_search_are_rows_of_it(client: Client, thread: Thread) -> None:
    start = changes.horizon()
    comes_in(thread, "The parcel never came")
    row = poll(client, start, q="parcel").json()["rows"][0]
    assert (row["pk"], "<mark>parcel</mark>" in row["html"]) == (thread.pk, True)
    assert poll(client, start, q="chair").json()["rows"] == []


def test_after_a_flood_no_conversation_is_thrown_out(client: Client) -> None:
    number, now = factories.a_phone_number(), clock.now()
    threads = [
        factories.a_thread(phone_number=number, last_inbound_at=now - timedelta(minutes=n))
        for n in range(60)
    ]
    start = changes.horizon()
    changes.record_many([(thread.pk, None) for thread in threads])
    news = poll(client, start).json()
    assert [row["pk"] for row in news["rows"]] == [thread.pk for thread in threads[:40]]
    assert news["gone"] == []


def test_a_takeover_elsewhere_changes_head_and_composer(client: Client, thread: Thread) -> None:
    start = changes.horizon()
    takeover.take(thread, by=factories.an_agent("kim"))
    news = poll(client, start, thread=thread.pk, last=Message.objects.get().pk, event=0).json()
    assert "Kim is handling this." in news["composer"]
    assert "Kim took over" in news["entries"]
    assert "· Kim" in news["head"]
    later = poll(client, start, thread=thread.pk, last=news["last"], event=news["event"]).json()
    assert later["entries"] == ""


def test_the_key_of_the_composer_changes_with_what_it_offers(
    client: Client, thread: Thread, alice: User
) -> None:
    def key() -> str:
        news = poll(client, changes.horizon(), thread=thread.pk, fresh=1).json()
        return str(news["composer_key"])

    keys = [key()]
    takeover.take(thread, by=alice)
    keys.append(key())
    Thread.objects.update(window_closes_at=clock.now() - timedelta(seconds=1))
    keys.append(key())
    assert len(set(keys)) == 3
    comes_in(thread, "Nothing else")
    assert key() == keys[1]  # the window is open again


def test_a_window_that_shut_is_told_though_no_row_changed(
    client: Client, thread: Thread, alice: User
) -> None:
    takeover.take(thread, by=alice)
    Thread.objects.update(window_closes_at=clock.now() - timedelta(seconds=1))
    news = poll(client, changes.horizon(), thread=thread.pk, fresh=1).json()
    assert "Choose template" in news["composer"]
    assert "24-hour window closed" in news["banner"]


def test_what_an_unfinished_transaction_holds_comes_later_and_is_not_lost(
    client: Client, thread: Thread
) -> None:
    """The slow one began first: its change has the smaller number and is told after the faster."""
    start, last = changes.horizon(), Message.objects.get().pk
    slow = connection.copy()
    slow.set_autocommit(False)
    with slow.cursor() as cursor:
        cursor.execute(
            "INSERT INTO conversations_change (thread_id, at) VALUES (%s, now())", [thread.pk]
        )
    comes_in(thread, "Faster")
    first = poll(client, start, thread=thread.pk, last=last)
    slow.commit()
    slow.close()
    second = poll(client, first["X-Cursor"], thread=thread.pk, last=last)
    assert "Faster" in first.json()["entries"], "it does not wait for the slow one"
    assert second.status_code == 200


def test_reading_takes_the_badge_away_for_everybody(
    client: Client, thread: Thread, alice: User
) -> None:
    start = changes.horizon()
    receipts.opened(thread, by=alice)
    news = poll(client, start).json()
    assert news["badge"] == ""
    assert "wa-badge" not in news["rows"][0]["html"]


def test_the_answer_to_a_send_and_the_poll_tell_the_same(
    client: Client, thread: Thread, alice: User
) -> None:
    takeover.take(thread, by=alice)
    start, last = changes.horizon(), Message.objects.get().pk
    sent = act(client, at(thread, "send/"), text="Hello", last=last, event=0).json()
    polled = poll(client, start, thread=thread.pk, last=last, event=0).json()
    assert f'id="m{sent["last"]}"' in sent["entries"]
    assert polled["last"] == sent["last"]


@pytest.mark.parametrize("after", ["", "x", "-1", "9" * 30, "١"])
def test_a_cursor_that_is_none_is_no_error(client: Client, thread: Thread, after: str) -> None:
    answer = client.get(f"{INBOX}changes/", {"after": after, "thread": "x"}, headers=SCRIPT)
    assert answer.status_code in (200, 204)


def test_a_page_knows_the_cursor_from_before_it_was_read(
    client: Client, thread: Thread, alice: User
) -> None:
    page = client.get(at(thread)).content.decode()
    cursor = page.split('data-cursor="')[1].split('"')[0]
    takeover.take(thread, by=alice)
    sending.send(thread, Text("Hello"), origin=Message.Origin.STAFF, by=alice)
    assert poll(client, cursor, thread=thread.pk).status_code == 200
