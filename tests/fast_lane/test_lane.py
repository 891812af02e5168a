"""What the fast lane takes itself, what it leaves to Django, and that the answers are the same."""

from io import BytesIO
from typing import Any

import pytest
from django.conf import settings

from conversations.models import WebhookEvent, WebhookRefusal
from conversations.whatsapp import signature
from tests.fast_lane.doors import URL, Answer, ask, django, door, environ_of
from waconsole.fast_lane import Environ, FastLane

BODY = b'{"object":"whatsapp_business_account","entry":[]}'
TOO_MUCH = 3 * 1024 * 1024 + 1

pytestmark = pytest.mark.django_db


class Recorder:
    """Django, and how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, environ: Environ, start_response: Any) -> Any:
        self.asked += 1
        return django(environ, start_response)


def through_lane(environ: Environ) -> tuple[Answer, int]:
    """The answer, and how often Django was asked for it."""
    recorder = Recorder()
    return ask(FastLane(recorder), environ), recorder.asked


def test_a_signed_post_never_reaches_django() -> None:
    answer, asked = through_lane(environ_of(BODY))
    assert (answer.status_code, answer.content, asked) == (200, b"EVENT_RECEIVED", 0)
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert WebhookEvent.objects.count() == 1


def test_a_query_string_changes_nothing() -> None:
    answer, asked = through_lane(environ_of(BODY, QUERY_STRING="from=meta"))
    assert (answer.status_code, asked) == (200, 0)


@pytest.mark.parametrize(
    "different",
    [
        {"PATH_INFO": "/webhooks/whatsapp"},
        {"PATH_INFO": "/webhooks/whatsapp//"},
        {"REQUEST_METHOD": "GET"},
        {"REQUEST_METHOD": "PUT"},
        {"REQUEST_METHOD": "OPTIONS"},
        {"CONTENT_LENGTH": None},
        {"CONTENT_LENGTH": ""},
        {"CONTENT_LENGTH": "-1"},
        {"CONTENT_LENGTH": "five"},
        {"CONTENT_LENGTH": str(TOO_MUCH)},
        {"HTTP_TRANSFER_ENCODING": "chunked"},
        {"HTTP_X_HUB_SIGNATURE_256": None},
        {"HTTP_X_HUB_SIGNATURE_256": "sha256=" + "0" * 64},
    ],
)
def test_everything_else_is_answered_by_django(different: Environ) -> None:
    answer, asked = through_lane(environ_of(BODY, **different))
    assert asked == 1
    assert answer == ask(django, environ_of(BODY, **different))


def test_a_name_that_is_not_ours_is_refused_as_django_refuses_it(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["console.example.com"]
    settings.DEBUG = False
    ours, asked = through_lane(environ_of(BODY, HTTP_HOST="console.example.com:8000"))
    assert (ours.status_code, asked) == (200, 0)
    strange, asked = through_lane(environ_of(BODY, HTTP_HOST="evil.example.com"))
    assert (strange.status_code, asked) == (400, 1)


def test_a_refusal_is_counted_once() -> None:
    through_lane(environ_of(BODY, secret="another"))
    assert WebhookRefusal.objects.get().count == 1


def test_a_body_that_broke_off_is_not_believed() -> None:
    environ = environ_of(BODY) | {"wsgi.input": BytesIO(BODY[:20])}
    assert through_lane(environ)[0].status_code == 401
    assert not WebhookEvent.objects.exists()


@pytest.mark.parametrize("name", ["view", "lane"])
@pytest.mark.parametrize("header", ["text/html", "image/png", ""])
def test_what_the_sender_accepts_does_not_matter(name: str, header: str) -> None:
    answer = door(name)(BODY, HTTP_ACCEPT=header, QUERY_STRING="format=xml")
    assert answer.status_code == 200


# A server that understands chunks gives a body that ends by itself, without a length.
STREAMED: Environ = {
    "CONTENT_LENGTH": None,
    "HTTP_TRANSFER_ENCODING": "chunked",
    "wsgi.input_terminated": True,
}


@pytest.mark.parametrize("name", ["view", "lane"])
def test_a_streamed_body_without_a_length_is_kept(name: str) -> None:
    answer = door(name)(BODY, **STREAMED, **{"wsgi.input": BytesIO(BODY)})
    assert answer.status_code == 200
    assert bytes(WebhookEvent.objects.get().body) == BODY


@pytest.mark.parametrize("name", ["view", "lane"])
def test_of_a_streamed_body_no_more_is_read_than_is_allowed(name: str) -> None:
    endless = BytesIO(b" " * (TOO_MUCH + 1000))
    answer = door(name)(b" " * TOO_MUCH, **STREAMED, **{"wsgi.input": endless})
    assert answer.status_code == 413
    assert endless.tell() <= TOO_MUCH


@pytest.mark.parametrize("name", ["view", "lane"])
def test_without_a_length_and_an_end_there_is_no_body(name: str) -> None:
    signed = signature.sign(b"", settings.WHATSAPP_APP_SECRET)
    answer = door(name)(BODY, CONTENT_LENGTH=None, HTTP_X_HUB_SIGNATURE_256=signed)
    assert answer.status_code == 200
    assert bytes(WebhookEvent.objects.get().body) == b""


def test_the_lane_lies_where_the_view_does() -> None:
    assert FastLane(django)._path == URL
