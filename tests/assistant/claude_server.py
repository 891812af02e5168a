"""Claude's Messages API as a server of the tests' own, on loopback: scripted, and recording.

The real SDK talks to it over real HTTP, so time-outs, drops and odd bodies are real ones too.

    with ClaudeServer() as claude:
        claude.say("We open at eight.")
        ...  # base_url=claude.url
        assert claude.requests[0].body["model"] == "claude-sonnet-4-6"
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from tests.loopback import Door, LoopbackServer


@dataclass(frozen=True)
class Step:
    """What to do with one request: wait, then send these bytes, whole or in drops."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    delay_seconds: float = 0.0
    trickle_seconds: float = 0.0  # between single bytes of the body
    drop: bool = False  # close the connection without a word
    gate: Held | None = None


@dataclass(frozen=True)
class Held:
    """An answer that is kept back until the test lets it go."""

    arrived: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def release(self) -> None:
        self.released.set()


@dataclass(frozen=True)
class Recorded:
    path: str
    headers: Mapping[str, str]  # names in lower case
    body: dict[str, Any]


def message(
    content: Iterable[Mapping[str, Any]], *, stop_reason: str = "end_turn", **more: Any
) -> Step:
    """A reply of the Messages API with these content blocks."""
    body = {
        "id": "msg_01",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-4-6",
        "content": list(content),
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "usage": {
            "input_tokens": 120,
            "cache_read_input_tokens": 30,
            "cache_creation_input_tokens": 0,
            "output_tokens": 17,
        },
        **more,
    }
    return Step(json.dumps(body).encode(), headers={"request-id": "req_test01"})


def says(text: str, *, stop_reason: str = "end_turn") -> Step:
    return message([{"type": "text", "text": text}], stop_reason=stop_reason)


def calls(tool: str, arguments: Mapping[str, Any], *, text: str = "") -> Step:
    words = [{"type": "text", "text": text}] if text else []
    call = {"type": "tool_use", "id": "toolu_01", "name": tool, "input": dict(arguments)}
    return message([*words, call], stop_reason="tool_use")


def hands_over(reason: str, summary: str, *, text: str = "") -> Step:
    return calls("hand_off_to_human", {"reason": reason, "summary": summary}, text=text)


def refuses() -> Step:
    details = {"type": "refusal", "category": None, "explanation": None}
    return message([], stop_reason="refusal", stop_details=details)


def fails(status: int, kind: str = "api_error", *, retry_after: str | None = None) -> Step:
    error = {"type": "error", "error": {"type": kind, "message": "quotes the customer's words"}}
    headers = {"request-id": f"req_{status}"}
    if retry_after is not None:
        headers["retry-after"] = retry_after
    return Step(json.dumps(error).encode(), status=status, headers=headers)


def html() -> Step:
    page = b"<html><body>Sign in to the hotel's network</body></html>"
    return Step(page, content_type="text/html")


def drops() -> Step:
    return Step(drop=True)


class ClaudeServer(LoopbackServer):
    """Serves while the `with` block lasts; steps are used in order, then `default` for ever."""

    def __init__(self, default: Step | None = None) -> None:
        self.default = default or says("Thanks, we have your message.")
        self.requests: list[Recorded] = []
        self._steps: deque[Step] = deque()
        self._changed = threading.Condition()
        self._closing = threading.Event()
        super().__init__(type("Handler", (_Handler,), {"claude": self}))

    def say(self, text: str) -> None:
        """Answer one request with this text."""
        self.script([says(text)])

    def script(self, steps: Iterable[Step]) -> None:
        """Answer the coming requests with these, after those that are scripted already."""
        with self._changed:
            self._steps.extend(steps)

    def hold(self, text: str) -> Held:
        """Answer one request with this text, but only when the test says `release()`."""
        held = Held()
        self.script([Step(says(text).body, gate=held)])
        return held

    def wait_for_requests(self, count: int, *, timeout: float = 10.0) -> None:
        """Return when so many requests have come in all; else raise TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.requests) >= count, timeout):
                raise TimeoutError(f"{len(self.requests)} requests came instead of {count}")

    def stop(self) -> None:
        """As before, and what is held back is let go."""
        self._closing.set()
        super().stop()

    def next_step(self, request: Recorded) -> Step:
        with self._changed:
            self.requests.append(request)
            self._changed.notify_all()
            return self._steps.popleft() if self._steps else self.default

    def pause(self, seconds: float) -> None:
        """Sleep, but wake up when the server is closed."""
        self._closing.wait(seconds)

    def keep_back(self, held: Held) -> None:
        held.arrived.set()
        while not (held.released.wait(0.02) or self._closing.is_set()):
            pass


class _Handler(Door):
    claude: ClassVar[ClaudeServer]

    def do_POST(self) -> None:
        claude = self.claude
        length = int(self.headers.get("content-length", 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = json.loads(self.rfile.read(length) or b"{}")
        step = claude.next_step(Recorded(self.path, headers, body))
        if step.gate:
            claude.keep_back(step.gate)
        claude.pause(step.delay_seconds)
        self.close_connection = True
        if not step.drop:
            self._answer(step)

    def _answer(self, step: Step) -> None:
        self.send_response(step.status)
        self.send_header("content-type", step.content_type)
        self.send_header("content-length", str(len(step.body)))
        self.send_header("connection", "close")
        for name, value in step.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if not step.trickle_seconds:
            self.wfile.write(step.body)
            return
        for place in range(len(step.body)):
            self.wfile.write(step.body[place : place + 1])
            self.claude.pause(step.trickle_seconds)
