"""A console of the tests' own on a loopback port: the other side of the webhooks."""

import json
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Posted:
    """One POST as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def changes(self) -> list[dict[str, Any]]:
        """All changes of all entries."""
        return [one for entry in json.loads(self.body)["entry"] for one in entry["changes"]]


@dataclass
class Receiver:
    """`answers` are used up one a POST, then it is 200; files are served from `files` by path."""

    posted: list[Posted] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    files: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    verify_token: str = "demo-verify-token"

    def __enter__(self) -> Self:
        receiver = self

        class Door(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                receiver.get(self)

            def do_POST(self) -> None:
                receiver.post(self)

            def log_message(self, *given: Any) -> None:
                """Tests read `posted`."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *given: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def get(self, door: BaseHTTPRequestHandler) -> None:
        """A file, or the challenge of a verification."""
        parts = urlsplit(door.path)
        if parts.path in self.files:
            self.reply(door, 200, *self.files[parts.path])
            return
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        is_right = asked.get("hub.verify_token") == self.verify_token
        body = asked.get("hub.challenge", "").encode() if is_right else b""
        self.reply(door, 200 if is_right else 403, body, "text/plain")

    def post(self, door: BaseHTTPRequestHandler) -> None:
        """Keep it, and answer as told."""
        body = door.rfile.read(int(door.headers["Content-Length"]))
        self.posted.append(Posted(door.path, dict(door.headers), body))
        self.reply(door, self.answers.pop(0) if self.answers else 200, b"", "text/plain")

    def reply(self, door: BaseHTTPRequestHandler, status: int, body: bytes, kind: str) -> None:
        """Write a whole answer."""
        door.send_response(status)
        door.send_header("Content-Type", kind)
        door.send_header("Content-Length", str(len(body)))
        door.end_headers()
        door.wfile.write(body)

    def values(self, field_name: str = "messages") -> list[dict[str, Any]]:
        """The `value` of every change of this field, in the order of arrival."""
        found = [one for post in self.posted if post.path == "/" for one in post.changes]
        return [one["value"] for one in found if one["field"] == field_name]

    def messages(self) -> list[dict[str, Any]]:
        """All inbound messages."""
        return [one for value in self.values() for one in value.get("messages", [])]

    def statuses(self) -> list[dict[str, Any]]:
        """All statuses."""
        return [one for value in self.values() for one in value.get("statuses", [])]
