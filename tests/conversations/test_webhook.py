"""The door that Meta calls: the view, and the fast lane, which answers as the view does."""

import json
import threading
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from conversations.models import WebhookEvent, WebhookRefusal
from conversations.whatsapp import signature
from tests.fast_lane.doors import URL, Post, door

BODY = b'{"object":"whatsapp_business_account","entry":[]}'


@pytest.fixture(params=["view", "lane"])
def post(request: pytest.FixtureRequest) -> Post:
    """Posts through one door, then through the other."""
    return door(request.param)


@pytest.mark.django_db
def test_it_keeps_the_raw_bytes_and_answers_in_plain_text(post: Post) -> None:
    body = b'{"object":"whatsapp_business_account","entry":[{"id":"\\u00e9"}]}'
    answer = post(body)
    assert (answer.status_code, answer.content) == (200, b"EVENT_RECEIVED")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert bytes(WebhookEvent.objects.get().body) == body


@pytest.mark.django_db
def test_it_keeps_the_same_bytes_once_and_says_yes_twice(post: Post) -> None:
    assert [post(BODY).status_code, post(BODY).status_code] == [200, 200]
    assert WebhookEvent.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body", [b"", b"not json", b"[]", b'{"object":"page"}', b'{"object":"x","entry":"y"}', b"\xff"]
)
def test_it_parses_nothing_so_whatever_is_signed_is_kept(post: Post, body: bytes) -> None:
    assert post(body).status_code == 200
    assert WebhookEvent.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "header", ["", "sha256=", "sha256=00", "sha1=abc", "é", "sha256=" + "0" * 64]
)
def test_a_wrong_signature_leaves_a_count_and_nothing_else(post: Post, header: str) -> None:
    answer = post(BODY, HTTP_X_HUB_SIGNATURE_256=header)
    assert answer.status_code == 401
    assert not WebhookEvent.objects.exists()
    assert WebhookRefusal.objects.get().count == 1


@pytest.mark.django_db
def test_a_signature_with_another_secret_is_refused(post: Post) -> None:
    assert post(BODY, secret="another").status_code == 401


@pytest.mark.django_db
def test_a_signature_is_over_the_bytes_not_over_what_they_mean(post: Post) -> None:
    signed = signature.sign(BODY, settings.WHATSAPP_APP_SECRET)
    same_meaning = json.dumps(json.loads(BODY)).encode()
    assert same_meaning != BODY
    assert post(same_meaning, HTTP_X_HUB_SIGNATURE_256=signed).status_code == 401


@pytest.mark.django_db
def test_without_an_app_secret_nothing_is_believed(post: Post, settings: Any) -> None:
    settings.WHATSAPP_APP_SECRET = ""
    assert post(BODY, secret="").status_code == 401


@pytest.mark.django_db
def test_over_three_megabytes_is_too_much(post: Post) -> None:
    assert post(b" " * (3 * 1024 * 1024 + 1)).status_code == 413
    assert not WebhookEvent.objects.exists()


@pytest.mark.django_db
def test_three_megabytes_are_kept(post: Post) -> None:
    assert post(b" " * (3 * 1024 * 1024)).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(method: str) -> None:
    assert getattr(Client(), method)(URL).status_code == 405


@pytest.mark.django_db
def test_it_costs_one_query(post: Post, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        post(BODY)


def challenge(**asked: str) -> Any:
    query = {f"hub.{name}": value for name, value in asked.items()}
    return Client().get(URL, query)


def test_the_challenge_comes_back_bare() -> None:
    token = settings.WEBHOOK_VERIFY_TOKEN
    answer = challenge(mode="subscribe", verify_token=token, challenge="<b>1158201444")
    assert (answer.status_code, answer.content) == (200, b"<b>1158201444")
    assert answer["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"mode": "subscribe", "challenge": "1"},
        {"mode": "subscribe", "verify_token": "wrong", "challenge": "1"},
        {"mode": "subscribe", "verify_token": "é", "challenge": "1"},
        {"mode": "unsubscribe", "verify_token": "demo-verify-token", "challenge": "1"},
    ],
)
def test_nobody_else_gets_a_challenge_back(asked: dict[str, str]) -> None:
    assert challenge(**asked).status_code == 403


def test_an_empty_verify_token_is_nobodys(settings: Any) -> None:
    settings.WEBHOOK_VERIFY_TOKEN = ""
    assert challenge(mode="subscribe", verify_token="", challenge="1").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_eighty_posts_of_one_webhook_by_eight_threads_are_one_event(post: Post) -> None:
    start = threading.Barrier(8)
    statuses: list[int] = []

    def ten_times() -> None:
        start.wait()
        statuses.extend(post(BODY).status_code for _ in range(10))
        connection.close()

    threads = [threading.Thread(target=ten_times) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 80
    assert WebhookEvent.objects.count() == 1
