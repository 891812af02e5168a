"""The one door to Claude: a request goes out under a wall-clock limit.

Called by `replies`. The SDK's types, exceptions, retries and environment variables end here.
Source for each habit worked around: anthropic 2.12, `_client.py` and `_base_client.py`.
"""

from __future__ import annotations

import logging
import math
import queue
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from anthropic import Anthropic
    from anthropic.types import Message

API_URL: Final = "https://api.anthropic.com"
CONNECT_SECONDS: Final = 3.0
ATTEMPT_SHARE: Final = 0.6  # of the budget, for the first attempt
RETRY_SHARE: Final = 0.3  # what must be left for a second; 6 s of 20, and an answer takes 2 to 5
WAIT_SECONDS: Final = 0.5
WAIT_MAX_SECONDS: Final = 3.0

Reason = Literal["no_key", "timeout", "refused", "error", "empty", "invalid"]


@dataclass(frozen=True)
class Connection:
    """Where Claude is reached, as whom, and which model.

    `base_url` is the gateway's address including its provider path (`{AI_GATEWAY_URL}/anthropic`),
    or None for Anthropic itself. Gateways that know only the older header want "x-api-key".
    """

    api_key: str = field(repr=False)
    base_url: str | None
    model: str
    max_tokens: int
    auth_style: Literal["x-api-key", "bearer"] = "x-api-key"


@dataclass(frozen=True)
class ToolCall:
    name: str
    arguments: Mapping[str, object]


@dataclass(frozen=True)
class Answer:
    """What the model said: some text, some tool calls, or both; never neither."""

    text: str
    tool_calls: tuple[ToolCall, ...]
    stop_reason: str
    input_tokens: int  # cached ones included
    output_tokens: int
    request_id: str


@dataclass(frozen=True)
class Failure:
    """Why there is no answer. `detail` is class, HTTP status and request id, never content."""

    reason: Reason
    detail: str
    request_id: str = ""
    retryable: bool = False
    wait_seconds: float = WAIT_SECONDS


@dataclass(frozen=True)
class Exchange:
    """One or two attempts, and how the last one ended."""

    outcome: Answer | Failure
    calls: int
    request_ids: tuple[str, ...]
    seconds: float


def exchange(body: Mapping[str, Any], connection: Connection, *, budget_seconds: float) -> Exchange:
    """Ask once, and once more where that can help and the budget allows; return within the budget.

    `body` holds the arguments of `messages.create`. The SDK's own retries are off: they obey a
    retry-after of an hour, and its time-out counts anew with each byte that arrives.
    """
    started = time.monotonic()
    outcomes = [_attempt(body, connection, budget_seconds * ATTEMPT_SHARE)]
    last = outcomes[0]
    if isinstance(last, Failure) and last.retryable:
        left = budget_seconds - (time.monotonic() - started) - last.wait_seconds
        if left >= budget_seconds * RETRY_SHARE:
            time.sleep(last.wait_seconds)
            outcomes.append(_attempt(body, connection, left))
    return Exchange(
        outcome=outcomes[-1],
        calls=len(outcomes),
        request_ids=tuple(each.request_id for each in outcomes if each.request_id),
        seconds=time.monotonic() - started,
    )


def sdk_client(connection: Connection) -> Anthropic:
    """An SDK client that the environment cannot change: not its address, key, headers or proxy."""
    import anthropic  # costs a second and 60 MB: only a process that talks to Claude pays it
    import httpx2

    # At DEBUG the SDK logs whole requests, which hold the customer's words.
    logging.getLogger("anthropic").setLevel(logging.WARNING)
    client = anthropic.Anthropic(
        api_key=connection.api_key.strip(),
        base_url=connection.base_url or API_URL,
        max_retries=0,
        http_client=httpx2.Client(trust_env=False),
        open_telemetry=False,
    )
    # ANTHROPIC_CUSTOM_HEADERS were merged in here, and no argument keeps them out.
    client._custom_headers = {}
    return client


def _attempt(
    body: Mapping[str, Any], connection: Connection, limit_seconds: float
) -> Answer | Failure:
    """Call in a thread of its own, which is abandoned when time is up.

    Only so is the limit real: socket time-outs count from the last byte, and a name lookup has
    none. Closing the client makes the abandoned thread fail at its next byte.
    """
    started = time.monotonic()
    try:
        client = sdk_client(connection)
    except Exception as error:  # an address that is none, a machine without root certificates
        return _failure(error)
    seconds = limit_seconds - (time.monotonic() - started)
    if seconds <= 0:
        return Failure("timeout", "no time left")
    box: queue.SimpleQueue[Answer | Failure] = queue.SimpleQueue()
    call = threading.Thread(
        target=lambda: box.put(_post(client, body, connection, seconds)),
        name="claude-call",
        daemon=True,
    )
    call.start()
    try:
        return box.get(timeout=seconds)
    except queue.Empty:
        return Failure("timeout", "no answer in time", retryable=True, wait_seconds=0)
    finally:
        client.close()


def _post(
    client: Anthropic, body: Mapping[str, Any], connection: Connection, seconds: float
) -> Answer | Failure:
    import httpx2

    limit = httpx2.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds))
    try:
        headers = _headers(connection)
        reply: object = client.messages.create(**body, extra_headers=headers, timeout=limit)
        return _read(reply)
    except Exception as error:  # not all are the SDK's: a cut JSON body is a JSONDecodeError
        return _failure(error)


def _headers(connection: Connection) -> dict[str, Any]:
    import anthropic

    headers: dict[str, Any] = {}
    if connection.auth_style == "x-api-key":
        headers["X-Api-Key"] = connection.api_key.strip()
        headers["Authorization"] = anthropic.Omit()
    if connection.base_url:
        # A cached answer shows yesterday's balance; a logged payload keeps a customer's words.
        headers["cf-aig-skip-cache"] = "true"
        headers["cf-aig-collect-log-payload"] = "false"
    return headers


def _read(reply: object) -> Answer | Failure:
    """The SDK returns a bare str for HTML, and a Message with holes for JSON it does not know."""
    from anthropic.types import Message

    if not isinstance(reply, Message):
        return Failure("invalid", f"{type(reply).__name__} instead of a message")
    request_id = _clean_id(reply._request_id or "")
    stop_reason = str(reply.stop_reason)
    if stop_reason == "refusal":
        return Failure("refused", f"refusal {request_id}".strip(), request_id)
    answer = _answer(reply, stop_reason, request_id)
    if answer.text or answer.tool_calls:
        return answer
    detail = f"empty answer, {_clean_id(stop_reason)} {request_id}".strip()
    return Failure("empty", detail, request_id, retryable=stop_reason == "end_turn")


def _answer(message: Message, stop_reason: str, request_id: str) -> Answer:
    # By type and not by position: a thinking block, or one of a kind yet unknown, may come first.
    texts = [block.text for block in message.content if block.type == "text"]
    calls = [block for block in message.content if block.type == "tool_use"]
    usage = message.usage
    cached = (usage.cache_creation_input_tokens or 0) + (usage.cache_read_input_tokens or 0)
    return Answer(
        text="\n\n".join(texts).strip(),
        tool_calls=tuple(ToolCall(call.name, dict(call.input)) for call in calls),
        stop_reason=_clean_id(stop_reason),
        input_tokens=usage.input_tokens + cached,
        output_tokens=usage.output_tokens,
        request_id=request_id,
    )


def _failure(error: Exception) -> Failure:
    """Class, status and request id only: messages and bodies may quote the key or the customer."""
    import anthropic

    name = type(error).__name__
    if isinstance(error, anthropic.APIStatusError):
        request_id = _clean_id(error.request_id or "")
        return Failure(
            "error",
            f"{name} {error.status_code} {request_id}".strip(),
            request_id,
            retryable=error.status_code in (408, 409, 429) or error.status_code >= 500,
            wait_seconds=_wait(error.response.headers.get("retry-after")),
        )
    if isinstance(error, anthropic.APITimeoutError):
        return Failure("timeout", name, retryable=True, wait_seconds=0)
    if isinstance(error, anthropic.APIConnectionError):
        return Failure("error", name, retryable=True)
    return Failure("invalid", name)


def _wait(retry_after: str | None) -> float:
    """Seconds to wait, by the server's word but never longer than the customer would."""
    try:
        seconds = float(retry_after or WAIT_SECONDS)
    except ValueError:  # an HTTP date
        return WAIT_MAX_SECONDS
    return min(max(seconds, 0.0), WAIT_MAX_SECONDS) if math.isfinite(seconds) else WAIT_MAX_SECONDS


def _clean_id(text: str) -> str:
    """It comes from outside and goes into logs."""
    return re.sub(r"[^\w.:-]", "", text)[:64]
