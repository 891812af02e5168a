"""The year that the inbox is measured on: as many rows as asked, and such as the console makes."""

import pytest
from django.contrib.auth.models import User

from benchmarks import history, pages
from billing.models import Invoice
from conversations.models import Contact, DailyTotal, Message, Thread
from tests import factories
from tests.inbox.pages import INBOX, SCRIPT, signed_in

pytestmark = pytest.mark.django_db

THREADS, MESSAGES = 300, 3_000


def test_a_year_is_made_and_the_inbox_opens_on_it() -> None:
    factories.an_agent()  # and with her the group
    history.fill(THREADS, MESSAGES)
    assert Thread.objects.count() == Contact.objects.count() == THREADS
    assert Message.objects.count() == MESSAGES
    assert Invoice.objects.count() == 3 * THREADS // 5
    assert DailyTotal.objects.count() == history.DAYS
    _is_of_one_piece()
    client = signed_in(User.objects.get(username="agent3"))
    assert "wa-row" in client.get(INBOX).content.decode()
    for word in ("Thandi", "order"):
        assert client.get(f"{INBOX}list/", {"q": word}, headers=SCRIPT).status_code == 200
    assert all(pages.searches().values())


def _is_of_one_piece() -> None:
    """Keys were not checked while rows were made: every one leads somewhere, and answers fit."""
    answers = Message.objects.filter(origin="assistant").select_related("in_reply_to")
    assert answers.count() > MESSAGES // 5
    assert {answer.thread_id - answer.in_reply_to.thread_id for answer in answers} == {0}  # type: ignore[union-attr]
    newest = {thread.pk: thread for thread in Thread.objects.select_related("assigned_to")}
    for message in Message.objects.select_related("sent_by").order_by("pk"):
        thread = newest[message.thread_id]
        assert thread.last_message_at is not None
        assert message.sent_at <= thread.last_message_at
        assert (message.origin == "staff") is (message.sent_by is not None)
    assert {thread.mode for thread in newest.values()} >= {"bot"}
    assert Contact.objects.create(wa_id="27830000000", name="New").pk > THREADS
