"""`/api/v1/webhook_subscriptions`: another system keeps its own webhooks, and sees no other's."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from conversations import outgoing, scopes
from conversations.models import ApiClient, WebhookDelivery, WebhookSubscription
from conversations.outgoing import signing
from tests.api.calling import Caller, a_client, a_key
from tests.outgoing.receiver import Receiver, answering
from tests.outgoing.subscribing import State, announce, deliver, ids

pytestmark = pytest.mark.django_db

URL = "http://127.0.0.1:4000/hooks"
BODY = {"name": "ERP", "url": URL, "types": ["message.received"]}


@pytest.fixture
def caller() -> Caller:
    return a_client(scopes.WEBHOOKS_WRITE)


def made(caller: Caller, **fields: Any) -> dict[str, Any]:
    response = caller.post("webhook_subscriptions", BODY | fields)
    assert response.status_code == 201, response.content
    row: dict[str, Any] = response.json()
    return row


def refused(response: Any, status: int, code: str) -> dict[str, Any]:
    told: dict[str, Any] = response.json()
    assert (response.status_code, told["code"]) == (status, code), told
    return told


def test_it_is_made_with_a_secret_that_is_shown_once(caller: Caller) -> None:
    response = caller.post("webhook_subscriptions", BODY)
    row = response.json()
    assert response["Cache-Control"] == "no-store"
    assert row["secret"] == signing.secret_of(WebhookSubscription.objects.get())
    address = response["Location"]
    assert address == f"/api/v1/webhook_subscriptions/{row['id']}"
    again = caller.get(address)
    assert again.json() == {name: value for name, value in row.items() if name != "secret"}
    assert "whsec_" not in caller.get("webhook_subscriptions").content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "http://erp.example.com/"),
        ("url", "https://10.0.0.1/"),
        ("url", "https://user:secret@erp.example.com/"),
        ("url", "nonsense"),
        ("url", ""),
        ("types", ["message.recieved"]),
        ("types", "message.received"),
        ("name", ""),
        ("colour", "red"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_made(
    caller: Caller, field: str, value: Any, settings: Any
) -> None:
    settings.OUTGOING_WEBHOOK_ALLOWED_NETWORKS = []
    good = BODY | {"url": "https://erp.example.com/hooks"}
    told = refused(
        caller.post("webhook_subscriptions", good | {field: value}), 422, "invalid_fields"
    )
    assert told["errors"][0]["pointer"].startswith(f"#/{field}")
    assert not WebhookSubscription.objects.exists()


def test_a_system_sees_and_changes_only_its_own(caller: Caller) -> None:
    row, staffs = made(caller), outgoing.create(name="Staff's", url=URL)[0]
    other = a_client(scopes.WEBHOOKS_WRITE)
    assert other.get("webhook_subscriptions").json()["results"] == []
    for key in (row["id"], staffs.pk):
        address = f"webhook_subscriptions/{key}"
        for method, end in (
            *(("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/deliveries")),
            *(("POST", f"/{act}") for act in ("rotate", "pause", "resume")),
        ):
            body: Any = None if method == "GET" else {}
            refused(other.call(method, address + end, body), 404, "not_found")
        since = {"since": "2026-01-01T00:00:00Z"}
        refused(other.post(f"{address}/replay", since), 404, "not_found")
    assert WebhookSubscription.objects.count() == 2


def test_texts_need_the_scope_of_messages(caller: Caller) -> None:
    asked = BODY | {"has_text": True}
    told = refused(caller.post("webhook_subscriptions", asked), 403, "not_allowed")
    assert told["needs"] == "messages:read"
    address = f"webhook_subscriptions/{made(caller)['id']}"
    refused(caller.patch(address, {"has_text": True}), 403, "not_allowed")
    both = a_client(scopes.WEBHOOKS_WRITE, scopes.MESSAGES_READ)
    assert both.post("webhook_subscriptions", asked).json()["has_text"]


def test_it_is_changed_as_far_as_it_is_told_and_only_as_it_was_seen(caller: Caller) -> None:
    address = f"webhook_subscriptions/{made(caller)['id']}"
    seen = caller.get(address)["ETag"]
    changed = caller.patch(address, {"types": []}, If_Match=seen)
    assert (changed.json()["types"], changed.json()["name"]) == ([], "ERP")
    refused(caller.patch(address, {"name": "x"}, If_Match=seen), 412, "precondition_failed")
    refused(caller.patch(address, {"url": "https://[::1"}), 422, "invalid_fields")


def test_it_is_deleted(caller: Caller) -> None:
    address = f"webhook_subscriptions/{made(caller)['id']}"
    announce("message.received")
    assert caller.call("DELETE", address).status_code == 204
    assert not WebhookDelivery.objects.exists()
    refused(caller.get(address), 404, "not_found")


def test_it_gets_another_secret(caller: Caller) -> None:
    row = made(caller)
    turned = caller.post(f"webhook_subscriptions/{row['id']}/rotate").json()
    assert turned["secret"].startswith("whsec_")
    assert turned["secret"] != row["secret"]
    assert turned["former_secret_until"] is not None


def test_it_is_paused_and_resumed(caller: Caller) -> None:
    address = f"webhook_subscriptions/{made(caller)['id']}"
    for _ in range(2):
        assert caller.post(f"{address}/pause").json()["paused_at"] is not None
    announce("message.received")
    assert not WebhookDelivery.objects.exists()
    for _ in range(2):
        assert caller.post(f"{address}/resume").json()["paused_at"] is None
    assert WebhookDelivery.objects.count() == 1


def test_a_repeated_request_makes_one_subscription(caller: Caller) -> None:
    key = str(uuid.uuid4())
    one, two = (caller.post("webhook_subscriptions", BODY, Idempotency_Key=key) for _ in range(2))
    assert one.json() == two.json()
    assert WebhookSubscription.objects.count() == 1


def test_no_client_has_more_than_a_few(caller: Caller) -> None:
    client = ApiClient.objects.get()
    WebhookSubscription.objects.bulk_create(
        WebhookSubscription(name="ERP", url=URL, client=client) for _ in range(20)
    )
    refused(caller.post("webhook_subscriptions", BODY), 409, "too_many_subscriptions")


def test_deliveries_are_listed_with_every_try_and_replayed(caller: Caller) -> None:
    address = f"webhook_subscriptions/{made(caller)['id']}"
    announce("message.received", count=3)
    WebhookDelivery.objects.filter(event_id="2").update(
        state=State.GIVEN_UP, next_at=None, log=[{"status": 500, "fault": "It answered 500."}]
    )
    rows = caller.get(f"{address}/deliveries").json()["results"]
    assert [row["event_id"] for row in rows] == ["3", "2", "1"]
    (row,) = caller.get(f"{address}/deliveries?state=given_up").json()["results"]
    assert row["log"][0]["status"] == 500
    refused(caller.get(f"{address}/deliveries?state=x"), 400, "invalid_parameters")
    since = (timezone.now() - timedelta(hours=1)).isoformat()
    response = caller.post(f"{address}/replay", {"since": since})
    assert (response.status_code, response.json()) == (202, {"count": 3})
    assert not WebhookDelivery.objects.exclude(state=State.WAITING).exists()


@pytest.mark.django_db(transaction=True)
def test_a_key_that_lost_its_scope_or_was_revoked_is_told_nothing(receiver: Receiver) -> None:
    client, key = a_key(scopes.WEBHOOKS_WRITE)
    made(Caller(key), url=receiver.url, types=[])
    changes: tuple[dict[str, Any], ...] = (
        {"scopes": []},
        {"scopes": ["webhooks:write"], "expires_at": timezone.now()},
        {"expires_at": None, "revoked_at": timezone.now()},
    )
    for change in changes:
        ApiClient.objects.filter(pk=client.pk).update(**change)
        announce()
        outgoing.Courier().turn()
        assert not WebhookDelivery.objects.filter(attempts__gt=0).exists()
    ApiClient.objects.filter(pk=client.pk).update(revoked_at=None)
    deliver()
    assert sorted(ids(receiver)) == ["1", "2"], "for a key that is revoked nothing is put aside"


def test_a_test_event_is_posted_once_and_its_fate_is_listed(
    caller: Caller, receiver: Receiver
) -> None:
    address = f"webhook_subscriptions/{made(caller, url=receiver.url, types=[])['id']}"
    queued = caller.post(f"{address}/test")
    assert (queued.status_code, queued.json()["state"]) == (202, "waiting")
    receiver.answer = answering(500)
    deliver()
    (row,) = caller.get(f"{address}/deliveries").json()["results"]
    assert (row["id"], row["type"], row["state"]) == (
        queued.json()["id"],
        "webhook.test",
        "given_up",
    )
    assert row["log"][0]["status"] == 500
    assert len(receiver.bodies) == 1


def test_a_test_event_of_another_system_is_not_to_be_had(caller: Caller) -> None:
    address = f"webhook_subscriptions/{made(caller)['id']}"
    refused(a_client(scopes.WEBHOOKS_WRITE).post(f"{address}/test"), 404, "not_found")
    assert not WebhookDelivery.objects.exists()
