"""Outgoing webhooks in the admin: a secret shown once, a test, a pause, a replay, and the log."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from conversations import outgoing
from conversations.models import WebhookDelivery, WebhookSubscription
from conversations.outgoing import signing
from tests import factories
from tests.inbox.pages import signed_in
from tests.outgoing.receiver import Receiver, answering
from tests.outgoing.subscribing import State, a_subscription, announce

pytestmark = pytest.mark.django_db

PAGE = "/admin/conversations/webhooksubscription/"
LOG = "/admin/conversations/webhookdelivery/"
URL = "http://127.0.0.1:4000/hooks"
ACTS = ("test", "pause", "resume", "rotate", "replay")


@pytest.fixture
def root() -> Client:
    return signed_in(User.objects.create_superuser("root", "", factories.PASSWORD))


def seen(page: Any) -> str:
    assert page.status_code == 200, page.status_code
    text: str = page.content.decode()
    return text


def of(subscription: WebhookSubscription, act: str = "change") -> str:
    return f"{PAGE}{subscription.pk}/{act}/"


def test_the_secret_is_shown_once(root: Client) -> None:
    wanted = {"name": "ERP", "url": URL, "types": ["message.received", "thread.taken"]}
    page = root.post(f"{PAGE}add/", wanted)
    row = WebhookSubscription.objects.get()
    assert signing.secret_of(row) in seen(page)
    assert "no-store" in page["Cache-Control"]
    assert (row.types, row.has_text) == (["message.received", "thread.taken"], False)
    for path in (PAGE, of(row)):
        assert "whsec_" not in seen(root.get(path))


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://10.0.0.1/", "private network"),
        ("https://169.254.169.254/latest/", "private network"),
        ("https://u:p@erp.example.com/", "name and password"),
    ],
)
def test_an_address_that_may_not_be_posted_to_is_refused_beside_its_field(
    root: Client, url: str, why: str
) -> None:
    assert why in seen(root.post(f"{PAGE}add/", {"name": "ERP", "url": url}))
    assert not WebhookSubscription.objects.exists()


def test_it_is_changed(root: Client) -> None:
    row = a_subscription(URL)
    root.post(of(row), {"name": "Shop", "url": URL, "types": ["thread.taken"], "has_text": "on"})
    row.refresh_from_db()
    assert (row.name, row.types, row.has_text) == ("Shop", ["thread.taken"], True)


def test_a_test_event_is_sent_and_the_page_says_how_it_went(
    root: Client, receiver: Receiver
) -> None:
    row = a_subscription(receiver)
    assert "it answered 200 after" in seen(root.post(of(row, "test"), follow=True))
    receiver.answer = answering(401, b"<b>bad</b> signature")
    page = seen(root.post(of(row, "test"), follow=True))
    assert "was not taken. It answered 401." in page
    assert "&lt;b&gt;bad&lt;/b&gt; signature" in page
    assert len(receiver.requests) == 2


def test_it_is_paused_and_resumed(root: Client) -> None:
    row = a_subscription(URL)
    assert "Paused by root." in seen(root.post(of(row, "pause"), follow=True))
    announce()
    assert "Resumed." in seen(root.post(of(row, "resume"), follow=True))
    assert WebhookDelivery.objects.count() == 1


def test_a_new_secret_is_shown_once(root: Client) -> None:
    row = a_subscription(URL)
    page = seen(root.post(of(row, "rotate")))
    row.refresh_from_db()
    assert signing.secret_of(row) in page
    assert "The former secret signs as well for 24 hours." in page
    assert row.secret_serial == 2


def test_everything_since_a_time_is_replayed(root: Client) -> None:
    announce(count=3)
    row = a_subscription(URL)
    since = timezone.localtime() - timedelta(hours=1)
    page = root.post(of(row, "replay"), {"since": f"{since:%Y-%m-%dT%H:%M}"}, follow=True)
    assert "On their way again: 3." in seen(page)
    for nonsense in ("", "yesterday", "2026-13-45T00:00"):
        page = root.post(of(row, "replay"), {"since": nonsense}, follow=True)
        assert "Choose the day and the time" in seen(page)


def test_the_list_says_how_it_goes_and_how_old_what_waits_is(root: Client) -> None:
    row = a_subscription(URL)
    announce(count=2)
    WebhookDelivery.objects.update(at=timezone.now() - timedelta(minutes=7))
    page = seen(root.get(PAGE)).replace("\xa0", " ")
    assert "2, the oldest for 7 minutes" in page
    assert "Active" in page
    WebhookSubscription.objects.update(failing_since=timezone.now())
    assert "Failing" in seen(root.get(PAGE))
    outgoing.pause(row, reason="Moving house.")
    assert "Moving house." in seen(root.get(of(row)))


def test_it_is_deleted_with_its_deliveries(root: Client) -> None:
    row = a_subscription(URL)
    announce(count=3)
    assert "with its deliveries" in seen(root.get(of(row, "delete")))
    root.post(of(row, "delete"), {"post": "yes"})
    assert not WebhookSubscription.objects.exists()


@pytest.fixture
def failed() -> WebhookDelivery:
    a_subscription(f"{URL}?x=<script>")
    announce("thread.taken", thread=7)
    tries = [
        {"at": "2026-11-20T10:00:00Z", "status": 0, "milliseconds": 9, "fault": "Nobody listens."},
        {"at": "2026-11-20T11:00:00Z", "status": 500, "milliseconds": 5, "answer": "<i>no</i>"},
    ]
    WebhookDelivery.objects.update(state=State.GIVEN_UP, next_at=None, log=tries, attempts=2)
    return WebhookDelivery.objects.get()


def test_the_log_shows_request_and_every_answer_and_no_signature(
    root: Client, failed: WebhookDelivery
) -> None:
    page = seen(root.get(f"{LOG}{failed.pk}/change/"))
    assert "&quot;thread&quot;: 7" in page
    assert "Nobody listens." in page
    assert "&lt;i&gt;no&lt;/i&gt;" in page
    assert "x=&lt;script&gt;" in page
    assert not re.search(r"v1,[A-Za-z0-9+/]{20}", page)
    assert "thread.taken" in seen(root.get(f"{LOG}?state__exact=given_up"))


def test_one_is_sent_again_by_its_button_and_many_by_the_action(
    root: Client, failed: WebhookDelivery
) -> None:
    page = root.post(f"{LOG}{failed.pk}/again/", follow=True)
    assert "On their way again: 1." in seen(page)
    asked = {"action": "send_selected_again", "_selected_action": [failed.pk]}
    assert "On their way anyway: 1." in seen(root.post(LOG, asked, follow=True))
    failed.refresh_from_db()
    assert (failed.state, failed.attempts) == (State.WAITING, 0)


def test_agents_see_nothing_of_it_and_who_may_look_may_not_act(
    failed: WebhookDelivery, receiver: Receiver
) -> None:
    row = a_subscription(receiver)
    agent = factories.an_agent()
    client = signed_in(agent)
    for path in (PAGE, LOG, of(row), f"{LOG}{failed.pk}/change/"):
        assert client.get(path).status_code == 403
    looks = Permission.objects.filter(
        codename__in=["view_webhooksubscription", "view_webhookdelivery"]
    )
    agent.user_permissions.set(looks)
    client = signed_in(agent)
    for path in (PAGE, LOG, of(row), f"{LOG}{failed.pk}/change/"):
        assert "Send a" not in seen(client.get(path))
    for path in (*(of(row, act) for act in ACTS), f"{LOG}{failed.pk}/again/"):
        assert client.post(path).status_code == 403, path
    assert client.post(f"{PAGE}add/", {"name": "x", "url": URL}).status_code == 403
    assert receiver.requests == []


@pytest.mark.parametrize("act", ACTS)
def test_nothing_is_done_by_a_link(root: Client, act: str) -> None:
    row = a_subscription(URL)
    assert root.get(of(row, act)).status_code == 405
    row.refresh_from_db()
    assert (row.paused_at, row.secret_serial) == (None, 1)
