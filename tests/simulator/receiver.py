"""A console of the tests' own on a loopback port: the other side of the webhooks."""

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from threading import Event as Flag
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.loopback import Door, LoopbackServer

HOLD_SECONDS = 20


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
    """`answers` are used up one a POST, then it is 200; files are served from `files` by path.

    Each test has its own receiver under a path of its own, so that what a former test has sent
    late goes nowhere.
    """

    root: str = ""
    posted: list[Posted] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    files: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    verify_token: str = "demo-verify-token"
    hold: Flag | None = None  # POSTs are answered once it is raised

    @property
    def url(self) -> str:
        """Its address, with a slash at the end."""
        return self.root + "/"

    def get(self, door: BaseHTTPRequestHandler) -> None:
        """A file, or the challenge of a verification."""
        parts = urlsplit(door.path)
        path = _below(parts.path)
        if path in self.files:
            self.reply(door, 200, *self.files[path])
            return
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        is_right = asked.get("hub.verify_token") == self.verify_token
        body = asked.get("hub.challenge", "").encode() if is_right else b""
        self.reply(door, 200 if is_right else 403, body, "text/plain")

    def post(self, door: BaseHTTPRequestHandler) -> None:
        """Keep it, and answer as told."""
        body = door.rfile.read(int(door.headers["Content-Length"]))
        self.posted.append(Posted(_below(door.path), dict(door.headers), body))
        if self.hold is not None:
            self.hold.wait(HOLD_SECONDS)
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

    def names(self) -> list[str]:
        """The names of all statuses, as they came."""
        return [one["status"] for one in self.statuses()]


def signed(body: bytes, secret: str = "demo-app-secret") -> str:
    """What the header must be."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class Listener(LoopbackServer):
    """The one server of a test run; every receiver has a path in it."""

    def __init__(self) -> None:
        self.receivers: dict[str, Receiver] = {}
        listener = self

        class Receiving(Door):
            def do_GET(self) -> None:
                listener.receiver_of(self.path).get(self)

            def do_POST(self) -> None:
                listener.receiver_of(self.path).post(self)

        super().__init__(Receiving)

    def new(self) -> Receiver:
        """A receiver that has received nothing."""
        name = f"test-{len(self.receivers)}"
        root = f"{self.url}/{name}"
        self.receivers[name] = Receiver(root)
        return self.receivers[name]

    def receiver_of(self, path: str) -> Receiver:
        """Whose path this is."""
        return self.receivers.get(path.split("/")[1], Receiver())


def _below(path: str) -> str:
    return "/" + path.lstrip("/").partition("/")[2]
