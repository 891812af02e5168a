"""Graph as a server on loopback: it answers what the test scripted and keeps what it was asked."""

from __future__ import annotations

import json
import threading
from collections import deque
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

from tests.loopback import Door, LoopbackServer


@dataclass(frozen=True)
class Answer:
    """One scripted answer. `drop`: the connection is cut instead. `short`: bytes held back."""

    status: int = 200
    body: Any = field(default_factory=dict)  # bytes as they are, everything else as JSON
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False
    short: int = 0
    until: threading.Event | None = None  # answered only after it is set

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    client: tuple[str, int]  # whose connection it came by

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Graph(LoopbackServer):
    """Answers in the order of the script; {"success": true} when it is used up."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.script: deque[Answer] = deque()
        graph = self

        class Handler(_Handler):
            server_of = graph

        super().__init__(Handler)

    def answers(self, *answers: Answer) -> None:
        self.script.extend(answers)


class _Handler(Door):
    server_of: ClassVar[Graph]

    def _take(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        query, headers = dict(parse_qsl(parts.query)), dict(self.headers)
        graph = self.server_of
        client = self.client_address
        graph.asked.append(Asked(self.command, parts.path, query, headers, body, client))
        answer = graph.script.popleft() if graph.script else Answer(body={"success": True})
        if answer.until is not None:
            answer.until.wait(10)
        if answer.drop:
            self.close_connection = True
            return
        self._give(answer)

    def _give(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content[: len(answer.content) - answer.short])
        self.close_connection = answer.short > 0

    do_GET = do_POST = do_DELETE = _take  # noqa: N815  # names that http.server asks for
