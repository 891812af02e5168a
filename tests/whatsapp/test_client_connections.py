"""Connections that are refused, never made, slow, or broken: what has left, and what has not."""

import socket
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from conversations.whatsapp.client import CloudApi, SendResult, new_session
from conversations.whatsapp.content import Text
from conversations.whatsapp.errors import NotSent, NumberBlocked, TryLater, Unconfirmed
from tests.whatsapp.conftest import TOKEN
from tests.whatsapp.graph import Answer, Graph


def send(api: CloudApi) -> SendResult:
    return api.send(Text("Hello").to_wire(), to="27821234567", reference="r")


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


def test_a_session_follows_no_redirect_and_no_environment(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    graph.answers(Answer(302, b"", {"Location": f"{graph.url}/elsewhere"}))
    with new_session(3) as session:
        answer = session.get(graph.url, timeout=20)
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
