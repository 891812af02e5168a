"""Webhook events in the admin: read as they came, filtered by state, processed again on demand."""

import hashlib
import re

import pytest
from django.test import Client
from django.utils import timezone

from conversations.models import WebhookEvent
from tests import factories
from tests.inbox.pages import signed_in

pytestmark = pytest.mark.django_db

LIST = "/admin/conversations/webhookevent/"


def an_event(body: bytes = b'{"object":"x"}', **fields: object) -> WebhookEvent:
    digest = hashlib.sha256(body + str(fields).encode()).digest()
    return WebhookEvent.objects.create(body=body, digest=digest, **fields)


@pytest.fixture
def failed() -> WebhookEvent:
    return an_event(error="An item could not be read.", attempts=5)


@pytest.fixture
def client() -> Client:
    return signed_in(factories.a_supervisor())


def page(client: Client, event: WebhookEvent) -> str:
    return client.get(f"{LIST}{event.pk}/change/").content.decode()


def test_the_body_is_shown_indented_and_as_text(client: Client) -> None:
    html = page(client, an_event(b'{"a":{"b":"<script>alert(1)</script>"}}'))
    assert "&quot;a&quot;: {\n" in html
    assert "<script>alert(1)" not in html


@pytest.mark.parametrize("body", [b"\xff\xfe no json", b"", b'"' + b"x" * 200_000 + b'"'])
def test_every_body_can_be_looked_at(client: Client, body: bytes) -> None:
    assert client.get(f"{LIST}{an_event(body).pk}/change/").status_code == 200


@pytest.mark.parametrize(
    ("state", "shown"),
    [("open", {"failed", "waiting"}), ("failed", {"failed"}), ("processed", {"done"})],
)
def test_events_are_filtered_by_their_state(client: Client, state: str, shown: set[str]) -> None:
    events = {
        "failed": an_event(b"1", error="x"),
        "waiting": an_event(b"2", next_attempt_at=timezone.now()),
        "done": an_event(b"3", processed_at=timezone.now()),
    }
    html = client.get(LIST, {"state": state}).content.decode()
    seen = set(re.findall(r"webhookevent/(\d+)/change", html))
    assert seen == {str(events[name].pk) for name in shown}


def test_a_supervisor_processes_one_again(client: Client, failed: WebhookEvent) -> None:
    assert "Process again" in page(client, failed)
    response = client.post(f"{LIST}{failed.pk}/process-again/", follow=True)
    assert "1 event is due now." in response.content.decode()
    failed.refresh_from_db()
    assert (failed.error, failed.attempts) == ("", 0)
    assert failed.next_attempt_at is not None


def test_a_supervisor_processes_several_again(client: Client, failed: WebhookEvent) -> None:
    done = an_event(b"3", processed_at=timezone.now())
    fields = {"action": "process_selected_again", "_selected_action": [failed.pk, done.pk]}
    html = client.post(LIST, fields, follow=True).content.decode()
    assert "1 event is due now." in html
    assert "1 processed already" in html
    failed.refresh_from_db()
    assert failed.next_attempt_at is not None


def test_a_processed_event_is_left_as_it_is(client: Client) -> None:
    done = an_event(processed_at=timezone.now())
    assert "Process again</button>" not in page(client, done)
    client.post(f"{LIST}{done.pk}/process-again/")
    done.refresh_from_db()
    assert done.next_attempt_at is None


def test_processing_again_is_never_a_get(client: Client, failed: WebhookEvent) -> None:
    assert client.get(f"{LIST}{failed.pk}/process-again/").status_code == 405
    failed.refresh_from_db()
    assert failed.next_attempt_at is None


@pytest.mark.parametrize("make", [factories.bob, factories.an_agent, factories.a_clerk])
def test_others_may_not(make: object, failed: WebhookEvent) -> None:
    client = signed_in(make())  # type: ignore[operator]
    assert client.get(LIST).status_code == 403
    assert client.post(f"{LIST}{failed.pk}/process-again/").status_code == 403
    fields = {"action": "process_selected_again", "_selected_action": [failed.pk]}
    assert client.post(LIST, fields).status_code == 403
    failed.refresh_from_db()
    assert failed.next_attempt_at is None


def test_a_body_cannot_be_changed(client: Client, failed: WebhookEvent) -> None:
    response = client.post(f"{LIST}{failed.pk}/change/", {"error": "", "body": "x"})
    assert response.status_code == 403


@pytest.mark.parametrize("words", ["could not", "7", "x'; --"])
def test_events_are_found_by_number_and_error(
    client: Client, failed: WebhookEvent, words: str
) -> None:
    assert client.get(LIST, {"q": words}).status_code == 200
