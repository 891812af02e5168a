"""What the client makes of every way in which a request can go wrong."""

import logging
import socket
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests

from conversations.whatsapp.client import CloudApi, SendResult, new_session
from conversations.whatsapp.content import Text
from conversations.whatsapp.errors import (
    NotSent,
    NumberBlocked,
    Refused,
    TryLater,
    Unconfirmed,
    WhatsAppError,
)
from tests.whatsapp.conftest import TOKEN
from tests.whatsapp.graph import Answer, Graph


def send(api: CloudApi) -> SendResult:
    return api.send(Text("Hello").to_wire(), to="27821234567", reference="r")


def fault(code: int, **more: Any) -> dict[str, Any]:
    """The envelope of Cloud API's errors. Source: Cloud API, error codes, v23."""
    return {"error": {"message": f"(#{code}) No", "type": "OAuthException", "code": code, **more}}


@contextmanager
def free_port() -> Iterator[int]:
    """A port that nobody listens on: it is bound, but not open."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])


@contextmanager
def deaf_server() -> Iterator[int]:
    """A port that takes no connection: its queue is full."""
    with socket.socket() as deaf, socket.socket() as first, socket.socket() as second:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(deaf.getsockname())
        yield int(deaf.getsockname()[1])


def client(url: str, *, token: str = TOKEN, timeout: tuple[float, float] = (0.3, 0.3)) -> CloudApi:
    return CloudApi(url, "v21.0", token, "1", timeout=timeout)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (131047, Refused),
        (131026, Refused),
        (132001, Refused),
        (100, Refused),
        (130429, TryLater),
        (131056, TryLater),
        (131048, TryLater),
        (80007, TryLater),
        (4, TryLater),
        (2, TryLater),
        (131000, TryLater),
        (190, NumberBlocked),
        (131042, NumberBlocked),
        (133010, NumberBlocked),
        (200, NumberBlocked),
        (368, NumberBlocked),
    ],
)
@pytest.mark.parametrize("status", [400, 500])
def test_the_code_decides_whatever_the_http_status(
    graph: Graph, api: CloudApi, status: int, code: int, kind: type[WhatsAppError]
) -> None:
    graph.answers(Answer(status, fault(code)))
    with pytest.raises(kind) as error:
        send(api)
    assert (error.value.code, error.value.status) == (code, status)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, fault(999999), Refused),
        (400, fault(999999, is_transient=True), TryLater),
        (429, fault(999999), TryLater),
        (500, fault(999999), TryLater),
        (503, fault(999999), TryLater),
        (400, {"error": {}}, Refused),
        (400, {"error": {"code": "131047"}}, Refused),
        (400, {"error": {"code": True, "message": None, "error_data": []}}, Refused),
        (200, fault(131047), Refused),
    ],
)
def test_a_code_nobody_has_heard_of_is_repeated_only_when_it_may_pass(
    graph: Graph, api: CloudApi, status: int, body: Any, kind: type[WhatsAppError]
) -> None:
    graph.answers(Answer(status, body))
    with pytest.raises(kind):
        send(api)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("body", [b"", b"<h1>Bad gateway</h1>", b"null", b'{"error":"x"}'])
def test_a_gateway_that_lost_the_answer_leaves_a_doubt(
    graph: Graph, api: CloudApi, status: int, body: bytes
) -> None:
    graph.answers(Answer(status, body))
    with pytest.raises(Unconfirmed):
        send(api)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, NumberBlocked),
        (401, NumberBlocked),
        (404, NumberBlocked),
        (407, NumberBlocked),
        (413, Refused),
        (408, TryLater),
        (429, TryLater),
    ],
)
def test_an_answer_that_is_not_from_meta_was_never_sent_on(
    graph: Graph, api: CloudApi, status: int, kind: type[WhatsAppError]
) -> None:
    graph.answers(Answer(status, b"<html>", {"Location": "http://127.0.0.1:9/"}))
    with pytest.raises(kind):
        send(api)


@pytest.mark.parametrize(
    "more",
    [
        {"error_subcode": 33, "type": "OAuthException"},
        {"type": "GraphMethodException", "message": "API calls … require an appsecret_proof"},
    ],
)
def test_a_number_that_meta_does_not_know_is_blocked(
    graph: Graph, api: CloudApi, more: dict[str, Any]
) -> None:
    """Source: Graph API, code 100 with subcode 33, "Unsupported post request"."""
    graph.answers(Answer(400, fault(100, **more)))
    with pytest.raises(NumberBlocked) as error:
        send(api)
    assert error.value.code == 33


def test_a_file_that_meta_does_not_know_blocks_no_number(graph: Graph, api: CloudApi) -> None:
    graph.answers(Answer(400, fault(100, error_subcode=33, type="GraphMethodException")))
    with pytest.raises(Refused) as error:
        api.media_info("7")
    assert error.value.code == 100


@pytest.mark.parametrize(
    ("code", "headers", "seconds"),
    [
        (130429, {}, 2),
        (131056, {}, 6),
        (130429, {"Retry-After": "30"}, 30),
        (130429, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, 2),
        (130429, {"Retry-After": "99999999"}, 86400),
        (
            80007,
            {"X-Business-Use-Case-Usage": '{"1":[{"estimated_time_to_regain_access":10}]}'},
            600,
        ),
        (80007, {"X-Business-Use-Case-Usage": '{"1":[]}'}, 300),
        (80007, {"X-Business-Use-Case-Usage": '{"1":[{"type":"x"}]}'}, 300),
        (80007, {"X-Business-Use-Case-Usage": "[7]"}, 300),
        (80007, {"X-Business-Use-Case-Usage": "{"}, 300),
        (999999, {}, 10),
    ],
)
def test_it_suggests_how_long_to_wait(
    graph: Graph, api: CloudApi, code: int, headers: dict[str, str], seconds: float
) -> None:
    graph.answers(Answer(500, fault(code), headers))
    with pytest.raises(TryLater) as error:
        send(api)
    assert error.value.retry_after_seconds == seconds


def test_a_refused_connection_has_sent_nothing() -> None:
    with free_port() as port, pytest.raises(NotSent) as error:
        send(client(f"http://127.0.0.1:{port}"))
    assert error.value.retryable


def test_a_connection_that_is_never_made_has_sent_nothing() -> None:
    with deaf_server() as port, pytest.raises(NotSent):
        send(client(f"http://127.0.0.1:{port}"))


def test_a_server_that_speaks_no_tls_has_been_sent_nothing(graph: Graph) -> None:
    with pytest.raises(NotSent):
        send(client(graph.url.replace("http", "https")))


def test_an_answer_that_does_not_come_leaves_a_doubt(graph: Graph) -> None:
    never = threading.Event()
    graph.answers(Answer(until=never))
    with pytest.raises(Unconfirmed) as error:
        send(client(graph.url))
    never.set()
    assert not error.value.retryable


@pytest.mark.parametrize("answer", [Answer(drop=True), Answer(body={"a": "b" * 50}, short=20)])
def test_a_connection_that_breaks_after_the_post_leaves_a_doubt(
    graph: Graph, api: CloudApi, answer: Answer
) -> None:
    graph.answers(answer)
    with pytest.raises(Unconfirmed):
        send(api)
    assert len(graph.asked) == 1


def test_a_lost_answer_to_what_may_be_repeated_is_repeated(graph: Graph, api: CloudApi) -> None:
    graph.answers(Answer(drop=True), Answer(502, b""), Answer(body=b"<html>"))
    for _ in range(3):
        with pytest.raises(TryLater):
            api.mark_read("wamid.1")


@pytest.mark.parametrize("url", ["", "127.0.0.1", "ftp://127.0.0.1", "http://", "http://[x"])
def test_an_address_that_is_none_blocks_the_number(url: str) -> None:
    with pytest.raises(NumberBlocked):
        send(client(url))


@pytest.mark.parametrize("token", ["two\nlines", "tökén✓"])
def test_a_token_that_is_none_blocks_the_number_and_is_not_shown(graph: Graph, token: str) -> None:
    with pytest.raises(NumberBlocked) as error:
        send(client(graph.url, token=token))
    assert token.strip() not in "".join(traceback.format_exception(error.value))
    assert graph.asked == []


def test_content_that_is_no_json_is_refused(graph: Graph, api: CloudApi) -> None:
    with pytest.raises(Refused):
        api.send({"type": "location", "x": float("nan")}, to="27821234567", reference="r")
    assert graph.asked == []


def test_no_text_of_an_error_shows_the_token(
    graph: Graph, api: CloudApi, caplog: pytest.LogCaptureFixture
) -> None:
    """Graph repeats a malformed token in its answer: code 190, "Malformed access token ..."."""
    said = f"Malformed access token {TOKEN}, EAAother12345678, ?access_token=abc, Bearer xyz"
    body = fault(190, message=said, error_data={"details": said})
    graph.answers(Answer(401, body))
    with pytest.raises(NumberBlocked) as error:
        send(api)
    logging.getLogger("test").exception("failed", exc_info=error.value)
    shown = f"{error.value}{error.value.explanation}{caplog.text}"
    for secret in (TOKEN, "EAAother", "=abc", "xyz"):
        assert secret not in shown


def test_an_error_says_what_meta_said(graph: Graph, api: CloudApi) -> None:
    details = "Message failed to send because more than 24 hours have passed."
    graph.answers(Answer(400, fault(131047, error_data={"details": details})))
    with pytest.raises(Refused) as error:
        send(api)
    assert str(error.value) == f"code 131047: No: {details} (HTTP 400)"
    assert error.value.explanation.action == "template"


def test_a_template_error_says_what_meta_means_for_staff(graph: Graph, api: CloudApi) -> None:
    """Source: Cloud API, template errors: error_user_title and error_user_msg."""
    words = {"error_user_title": "Limit reached", "error_user_msg": "Delete some templates."}
    graph.answers(Answer(400, fault(100, error_subcode=2388019, **words)))
    with pytest.raises(Refused) as error:
        list(api.templates("2"))
    assert error.value.details == "Limit reached: Delete some templates."


def test_a_session_follows_no_redirect_and_no_environment(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    graph.answers(Answer(302, b"", {"Location": f"{graph.url}/elsewhere"}))
    with new_session(3) as session:
        answer = session.get(graph.url, timeout=2)
    assert answer.status_code == 302
    assert [asked.path for asked in graph.asked] == ["/"]
    assert graph.asked[0].headers["User-Agent"].startswith("waconsole")


def test_a_session_of_somebody_else_with_a_dead_proxy_has_sent_nothing(graph: Graph) -> None:
    with free_port() as port, requests.Session() as session:
        session.proxies = {"http": f"http://127.0.0.1:{port}"}
        api = CloudApi(graph.url, "v21.0", TOKEN, "1", timeout=(1, 1), session=session)
        with pytest.raises(NotSent):
            send(api)


def test_one_connection_serves_many_requests(graph: Graph, api: CloudApi) -> None:
    for _ in range(3):
        api.mark_read("wamid.1")
    assert len({asked.client for asked in graph.asked}) == 1
