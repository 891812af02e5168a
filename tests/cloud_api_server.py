"""Meta's Cloud API as a server of the tests' own, on loopback: scripted answers, recorded calls.

The real client talks to it over real HTTP, so refusals, time-outs and drops are real ones too.

    with CloudApiServer() as meta:
        meta.script([refusal(131026)])
        ...  # settings.GRAPH_API_URL = meta.url
        assert meta.sends[0]["to"] == "+27821234567"
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from itertools import count
from typing import Any

from tests.loopback import Door, LoopbackServer

_serial = count(1)


@dataclass(frozen=True)
class Step:
    """What to do with one send: call `first`, then answer, or close without a word."""

    status: int = 200
    body: bytes | None = None  # None: accepted, with a fresh wamid
    drop: bool = False
    first: Callable[[dict[str, Any]], None] | None = None


def refusal(code: int, *, status: int = 400, message: str = "Refused") -> Step:
    """An error answer as Graph words it."""
    error = {"message": f"(#{code}) {message}", "type": "OAuthException", "code": code}
    return Step(status, json.dumps({"error": error}).encode())


DROP = Step(drop=True)


class CloudApiServer(LoopbackServer):
    """Answers sends from the script, and when it is used up with a fresh wamid each."""

    def __init__(self) -> None:
        self._steps: deque[Step] = deque()
        self._lock = threading.Lock()
        self.sends: list[dict[str, Any]] = []
        self.reads: list[dict[str, Any]] = []
        self.read_marks_hang_until: threading.Event | None = None
        server = self

        class Sends(Door):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                server._take(self, json.loads(self.rfile.read(length)))

        super().__init__(Sends)

    def script(self, steps: Iterable[Step]) -> None:
        """These steps answer the next sends, in this order."""
        self._steps.extend(steps)

    def _take(self, call: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        if body.get("status") == "read":
            self.reads.append(body)
            if self.read_marks_hang_until:
                self.read_marks_hang_until.wait(20)
            _answer(call, 200, b'{"success":true}')
            return
        with self._lock:
            self.sends.append(body)
            step = self._steps.popleft() if self._steps else Step()
        if step.first:
            step.first(body)
        if step.drop:
            call.close_connection = True
            return
        _answer(call, step.status, _accepted(body) if step.body is None else step.body)


def _accepted(body: dict[str, Any]) -> bytes:
    who = str(body.get("to", "")).lstrip("+")
    answer = {
        "messaging_product": "whatsapp",
        "contacts": [{"input": body.get("to"), "wa_id": who}],
        "messages": [{"id": f"wamid.OUT{next(_serial)}"}],
    }
    return json.dumps(answer).encode()


def _answer(call: BaseHTTPRequestHandler, status: int, body: bytes) -> None:
    call.send_response(status)
    call.send_header("Content-Type", "application/json")
    call.send_header("Content-Length", str(len(body)))
    call.end_headers()
    call.wfile.write(body)
