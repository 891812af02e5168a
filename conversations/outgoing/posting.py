"""One POST to a receiver, and what came of it. No database here: this runs in a pool of threads.

The standard library's HTTP on a connection of our own: to the address that was checked, past every
proxy, without following anything, and never longer than the time it has, however it answers.
"""

from __future__ import annotations

import http.client
import io
import logging
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from conversations.outgoing import addresses
from conversations.outgoing.addresses import AddressRefused, Target

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 5.0
SECONDS = 10.0  # all of it: looking up, connecting, sending and the answer
DIGITS = 9
ANSWER_BYTES = 2048  # what is kept for people to read; no more is taken


@dataclass(frozen=True)
class Outcome:
    """What a receiver said, or why it could not be asked. `status` 0: no answer at all."""

    status: int
    milliseconds: int
    answer: str = ""
    fault: str = ""
    retry_after_seconds: int | None = None

    @property
    def is_delivered(self) -> bool:
        return 200 <= self.status < 300


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
    """Hand the body over. Never raises: what goes wrong is in the outcome, in plain words."""
    begun = time.monotonic()
    try:
        status, answer, retry_after = _post(url, body, headers, begun + SECONDS)
    except Exception as error:
        if not isinstance(error, AddressRefused | OSError | http.client.HTTPException | ValueError):
            logger.exception("posting broke")
        return Outcome(0, _since(begun), fault=_words(error))
    return Outcome(
        status, _since(begun), answer, _verdict(status), retry_after_seconds=_seconds(retry_after)
    )


def _post(
    url: str, body: bytes, headers: Mapping[str, str], deadline: float
) -> tuple[int, str, str]:
    target = addresses.target_of(url)
    sock = _connect(target, addresses.resolve(target), deadline)
    try:
        connection = http.client.HTTPConnection(target.host, target.port)
        connection.sock = cast(socket.socket, _Timed(sock, deadline))
        connection.putrequest("POST", target.path, skip_host=True, skip_accept_encoding=True)
        for name, value in _all_headers(target, body, headers).items():
            connection.putheader(name, value)
        connection.endheaders(body)
        response = connection.getresponse()
        return response.status, _beginning(response), response.getheader("Retry-After") or ""
    finally:
        sock.close()


def _all_headers(target: Target, body: bytes, headers: Mapping[str, str]) -> dict[str, str]:
    return {
        "Host": target.authority,
        "User-Agent": "waconsole-webhooks/1",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Connection": "close",
        **headers,
    }


def _connect(target: Target, checked: tuple[str, ...], deadline: float) -> socket.socket:
    """To the first of the checked addresses that answers; none is looked up again."""
    fault: OSError = OSError("no address")
    for address in checked:
        try:
            wait = min(CONNECT_SECONDS, _left(deadline))
            plain = socket.create_connection((address, target.port), timeout=wait)
        except OSError as error:
            fault = error
            continue
        try:
            plain.settimeout(_left(deadline))
            if not target.is_tls:
                return plain
            return _tls().wrap_socket(plain, server_hostname=target.host)
        except BaseException:
            plain.close()
            raise
    raise fault


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _beginning(response: http.client.HTTPResponse) -> str:
    """The first of the answer. The status has come: what its body does changes nothing."""
    try:
        content = response.read(ANSWER_BYTES)
    except (OSError, http.client.HTTPException, ValueError):
        content = b""
    return content.decode("utf-8", "replace").replace("\x00", "�")


class _Timed:
    """A socket for `http.client` whose every wait ends at the deadline, drop by drop or not."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._sock = sock
        self._deadline = deadline

    def sendall(self, data: Any) -> None:
        self._sock.settimeout(_left(self._deadline))
        self._sock.sendall(data)

    def makefile(self, *_args: Any, **_more: Any) -> io.BufferedReader:
        return io.BufferedReader(_TimedReader(self._sock, self._deadline))

    def close(self) -> None:
        """The reader needs it still; `_post` closes it."""


class _TimedReader(io.RawIOBase):
    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._sock = sock
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(_left(self._deadline))
        return self._sock.recv_into(buffer)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _since(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)


def _verdict(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return f"It answered {status}: redirects are not followed. Enter the final address."
    return f"It answered {status}."


def _words(error: Exception) -> str:
    """Without the error's own words: they may quote what the receiver sent."""
    if isinstance(error, AddressRefused):
        return str(error)
    if isinstance(error, socket.gaierror):
        return "The host is not known."
    if isinstance(error, TimeoutError):
        return f"It did not answer within {SECONDS:.0f} seconds."
    if isinstance(error, ssl.SSLError):
        why = getattr(error, "verify_message", "") or error.reason or "it failed"
        return f"No secure connection: {why}"[:200].rstrip(".") + "."
    if isinstance(error, ConnectionRefusedError):
        return "Nobody listens there: the connection was refused."
    if isinstance(error, OSError):
        return "The connection broke."
    return "Its answer was not proper HTTP."


def _seconds(retry_after: str) -> int | None:
    """Of a receiver's making: a number with more digits than that is none."""
    is_number = retry_after.isascii() and retry_after.isdigit() and len(retry_after) <= DIGITS
    return int(retry_after) if is_number else None
