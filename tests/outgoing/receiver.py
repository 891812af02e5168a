"""Receivers of webhooks on loopback, the good and the bad ones, down to the bytes they answer."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"


def answering(status: int, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass(frozen=True)
class Request:
    """One POST as it came in."""

    line: str
    headers: dict[str, str]
    body: bytes


Answer = Callable[[socket.socket, Request], None]


@dataclass
class Receiver:
    """Takes every POST, and answers with bytes, or as a function of the socket does."""

    answer: bytes | Answer = OK
    requests: list[Request] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    @property
    def bodies(self) -> list[bytes]:
        return [request.body for request in self.requests]

    def handle(self, sock: socket.socket) -> None:
        with sock, contextlib.suppress(OSError):
            sock.settimeout(5)
            request = _read(sock)
            if request is None:
                return
            self.requests.append(request)
            if isinstance(self.answer, bytes):
                sock.sendall(self.answer)
            else:
                self.answer(sock, request)


@contextmanager
def receiving(answer: bytes | Answer = OK, *, host: str = "127.0.0.1") -> Iterator[Receiver]:
    """A receiver at its `url`, until the end of the block."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listening:
        listening.bind((host, 0))
        listening.listen(64)
        listening.settimeout(0.05)
        receiver = Receiver(answer)
        shown = f"[{host}]" if ":" in host else host
        receiver.url = f"http://{shown}:{listening.getsockname()[1]}/hooks?of=waconsole"
        threads = [threading.Thread(target=_accept, args=(listening, receiver))]
        threads[0].start()
        try:
            yield receiver
        finally:
            receiver.closing.set()
            threads[0].join(10)


def _accept(listening: socket.socket, receiver: Receiver) -> None:
    handling = []
    while not receiver.closing.is_set():
        with contextlib.suppress(TimeoutError):
            sock, _ = listening.accept()
            handling.append(threading.Thread(target=receiver.handle, args=(sock,)))
            handling[-1].start()
    for thread in handling:
        thread.join(10)


def _read(sock: socket.socket) -> Request | None:
    received = b""
    while b"\r\n\r\n" not in received:
        more = sock.recv(65536)
        received += more
        if not more or not received.startswith(b"P"):
            return None
    head, _, body = received.partition(b"\r\n\r\n")
    line, *lines = head.decode("latin-1").split("\r\n")
    headers = {
        name.lower(): value.strip() for name, _, value in (one.partition(":") for one in lines)
    }
    while len(body) < int(headers.get("content-length", 0)):
        body += sock.recv(65536)
    return Request(line, headers, body)
