"""One POST to a receiver, however it behaves: never longer, never elsewhere, never more."""

from __future__ import annotations

import socket
import ssl
import time
from typing import Any

import pytest

from conversations.outgoing import posting
from tests.outgoing.receiver import Receiver, Request, answering, receiving

HEADERS = {"webhook-id": "7"}
QUICK = 0.6


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patience ends earlier, so that the test does."""
    monkeypatch.setattr(posting, "SECONDS", QUICK)


def post(url: str) -> posting.Outcome:
    begun = time.monotonic()
    outcome = posting.post(url, b'{"id":"7"}', HEADERS)
    assert time.monotonic() - begun < posting.SECONDS + 2
    return outcome


def test_it_hands_over_the_body_and_its_headers(receiver: Receiver) -> None:
    outcome = post(receiver.url)
    assert outcome.is_delivered
    assert (outcome.status, outcome.answer, outcome.fault) == (200, "OK", "")
    (request,) = receiver.requests
    assert request.line == "POST /hooks?of=waconsole HTTP/1.1"
    assert request.body == b'{"id":"7"}'
    assert request.headers["content-type"] == "application/json"
    assert request.headers["webhook-id"] == "7"
    assert request.headers["host"] in receiver.url
    assert "cookie" not in request.headers
    assert "authorization" not in request.headers


def test_it_reaches_a_receiver_over_ipv6() -> None:
    with receiving(host="::1") as receiver:
        assert post(receiver.url).is_delivered


@pytest.mark.parametrize("status", [400, 401, 404, 410, 429, 500, 503])
def test_what_is_not_2xx_is_not_delivered(status: int) -> None:
    with receiving(answering(status, b"why")) as receiver:
        outcome = post(receiver.url)
    assert (outcome.is_delivered, outcome.status, outcome.answer) == (False, status, "why")
    assert str(status) in outcome.fault


def test_it_does_not_follow_a_redirect_to_the_metadata_of_a_cloud() -> None:
    location = "Location: http://169.254.169.254/latest/meta-data/"
    with receiving(answering(302, b"", location)) as receiver:
        outcome = post(receiver.url)
        assert len(receiver.requests) == 1
    assert (outcome.is_delivered, outcome.status) == (False, 302)
    assert "redirects are not followed" in outcome.fault


def test_a_name_that_answers_otherwise_the_second_time_is_asked_only_once(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, *_rest: Any, **_more: Any) -> list[Any]:
        asked.append(host)
        rebound = "127.0.0.1" if asked.count("erp.example.com") == 1 else "169.254.169.254"
        address = rebound if host == "erp.example.com" else host
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    url = receiver.url.replace("127.0.0.1", "erp.example.com")
    assert post(url).is_delivered
    assert asked.count("erp.example.com") == 1
    assert receiver.requests[0].headers["host"].startswith("erp.example.com:")


def test_it_goes_past_the_proxy_of_the_environment(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert post(receiver.url).is_delivered


def test_it_gives_up_on_a_receiver_that_hangs(soon: None) -> None:
    def hang(_sock: socket.socket, _request: Request) -> None:
        receiver.closing.wait(5)

    with receiving(hang) as receiver:
        outcome = post(receiver.url)
        assert outcome.milliseconds < 3000
    assert (outcome.status, outcome.is_delivered) == (0, False)
    assert "did not answer within" in outcome.fault


@pytest.mark.parametrize("beginning", [b"", b"HTTP/1.1 200 OK\r\nX-Drop: "])
def test_it_gives_up_on_a_receiver_that_trickles_its_head(beginning: bytes, soon: None) -> None:
    def trickle(sock: socket.socket, _request: Request) -> None:
        sock.sendall(beginning)
        while not receiver.closing.wait(0.05):
            sock.sendall(b"H")

    with receiving(trickle) as receiver:
        outcome = post(receiver.url)
    assert (outcome.status, outcome.is_delivered) == (0, False)


def test_it_gives_up_on_a_receiver_that_says_continue_for_ever(soon: None) -> None:
    def go_on(sock: socket.socket, _request: Request) -> None:
        while not receiver.closing.is_set():
            sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")

    with receiving(go_on) as receiver:
        assert post(receiver.url).status == 0


def test_a_status_counts_though_its_body_trickles(soon: None) -> None:
    def trickle(sock: socket.socket, _request: Request) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")
        while not receiver.closing.wait(0.05):
            sock.sendall(b".")

    with receiving(trickle) as receiver:
        assert post(receiver.url).is_delivered


def test_of_a_huge_answer_it_takes_only_the_beginning() -> None:
    taken = 0

    def flood(sock: socket.socket, _request: Request) -> None:
        nonlocal taken
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5000000000\r\n\r\n")
        while True:
            taken += sock.send(b"x" * 65536)

    with receiving(flood) as receiver:
        outcome = post(receiver.url)
    assert outcome.is_delivered
    assert len(outcome.answer) == posting.ANSWER_BYTES
    assert taken < 50_000_000, "the rest stayed in the buffers of the network"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nx",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffff\r\nx",
        b"HTTP/1.1 204 No Content\r\n\r\nsurprise",
    ],
)
def test_a_status_counts_though_the_lengths_are_lies(answer: bytes) -> None:
    with receiving(answer) as receiver:
        assert post(receiver.url).is_delivered


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"I am no web server\r\n",
        b"HTTP/1.1 banana\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n",
        b"HTTP/1.1 200 " + b"O" * 100_000,
        b"\x00\xff" * 100,
    ],
)
def test_what_is_no_http_is_not_delivered_and_does_not_break_us(answer: bytes) -> None:
    with receiving(answer) as receiver:
        outcome = post(receiver.url)
    assert (outcome.status, outcome.is_delivered) == (0, False)
    assert outcome.fault


def test_a_zero_byte_in_the_answer_can_be_kept() -> None:
    with receiving(answering(500, b"a\x00b\xff")) as receiver:
        assert "\x00" not in post(receiver.url).answer


def test_nobody_listening_is_said_so(receiver: Receiver) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        outcome = post(f"http://127.0.0.1:{free.getsockname()[1]}/")
    assert outcome.fault == "Nobody listens there: the connection was refused."


def test_plain_http_behind_an_https_address_is_no_secure_connection(receiver: Receiver) -> None:
    outcome = post(receiver.url.replace("http:", "https:"))
    assert outcome.status == 0
    assert "secure" in outcome.fault
    assert receiver.requests == []


def test_certificates_are_checked() -> None:
    assert posting._tls().verify_mode == ssl.CERT_REQUIRED
    assert posting._tls().check_hostname


def test_a_private_address_is_not_even_connected_to(receiver: Receiver, settings: Any) -> None:
    settings.OUTGOING_WEBHOOK_ALLOWED_NETWORKS = []
    outcome = post(receiver.url)
    assert "private network" in outcome.fault
    assert receiver.requests == []


@pytest.mark.parametrize(
    ("header", "seconds"), [("120", 120), ("Wed, 21 Oct", None), ("-1", None), ("9" * 5000, None)]
)
def test_it_hears_when_the_receiver_wants_to_be_asked_again(
    header: str, seconds: int | None
) -> None:
    with receiving(answering(429, b"", f"Retry-After: {header}")) as receiver:
        assert post(receiver.url).retry_after_seconds == seconds
