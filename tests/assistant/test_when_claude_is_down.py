"""Claude slow, broken, out of reach or saying no: an error in time, without secrets."""

from __future__ import annotations

import dataclasses
import logging
import subprocess
import sys
import threading
import time
import traceback

import pytest

from conversations.assistant.replies import AssistantUnavailable, Connection, reply
from tests.assistant.claude_server import ClaudeServer, Step, drops, fails, html, says
from tests.assistant.questions import KEY, connection_to, customer_says

SECRET = "my salary is four thousand"


def failure(connection: Connection, *, budget_seconds: float = 20) -> AssistantUnavailable:
    with pytest.raises(AssistantUnavailable) as caught:
        reply(customer_says(SECRET), connection, budget_seconds=budget_seconds)
    return caught.value


@pytest.mark.parametrize("key", ["", "  ", "\n"])
def test_without_a_key_nobody_is_asked(claude: ClaudeServer, key: str) -> None:
    error = failure(dataclasses.replace(connection_to(claude.url), api_key=key))
    assert (error.reason, claude.requests) == ("no_key", [])


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (400, "BadRequestError"),
        (401, "AuthenticationError"),
        (402, "PaymentRequiredError"),
        (403, "PermissionDeniedError"),
        (404, "NotFoundError"),
        (413, "ContentTooLargeError"),
    ],
)
def test_a_definite_no_is_not_asked_again(
    claude: ClaudeServer, connection: Connection, status: int, name: str
) -> None:
    claude.script([fails(status)])
    error = failure(connection)
    assert (error.reason, error.detail) == ("error", f"{name} {status} req_{status}")
    assert len(claude.requests) == 1
    assert error.trace is not None
    assert error.trace.request_ids == (f"req_{status}",)


@pytest.mark.parametrize("status", [408, 429, 500, 503, 529])
def test_a_passing_trouble_is_asked_once_more(
    claude: ClaudeServer, connection: Connection, status: int
) -> None:
    claude.script([fails(status, retry_after="0"), says("Back again.")])
    decision = reply(customer_says("hi"), connection)
    assert (decision.text, decision.trace.calls) == ("Back again.", 2)
    assert decision.trace.request_ids == (f"req_{status}", "req_test01")


def test_there_is_no_third_time(claude: ClaudeServer, connection: Connection) -> None:
    claude.script([fails(529, retry_after="0")] * 3)
    error = failure(connection)
    assert (error.reason, error.detail) == ("error", "OverloadedError 529 req_529")
    assert len(claude.requests) == 2


@pytest.mark.parametrize("retry_after", ["3600", "1e400", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_a_server_that_wants_an_hour_gets_no_second_try_in_a_short_budget(
    claude: ClaudeServer, connection: Connection, retry_after: str
) -> None:
    claude.script([fails(429, retry_after=retry_after)])
    started = time.monotonic()
    # Less than the three seconds it would wait at most, and enough for a slow machine to hear it.
    error = failure(connection, budget_seconds=2.9)
    assert error.detail == "RateLimitError 429 req_429"
    assert time.monotonic() - started < 60
    assert len(claude.requests) == 1


def test_it_waits_three_seconds_where_the_server_wants_an_hour(
    claude: ClaudeServer, connection: Connection
) -> None:
    claude.script([fails(429, retry_after="3600"), says("Back again.")])
    decision = reply(customer_says("hi"), connection)
    assert decision.text == "Back again."
    assert 3 <= decision.trace.seconds < 20


def test_a_dropped_connection_is_tried_once_more(
    claude: ClaudeServer, connection: Connection
) -> None:
    claude.script([drops(), says("Back again.")])
    assert reply(customer_says("hi"), connection).text == "Back again."


def test_a_server_that_is_not_there_is_an_error() -> None:
    error = failure(connection_to("http://127.0.0.1:9"))
    assert (error.reason, error.detail) == ("error", "APIConnectionError")


@pytest.mark.parametrize("address", ["http://[", "gopher://127.0.0.1", "nonsense"])
def test_an_address_that_is_none_is_an_error(address: str) -> None:
    assert failure(connection_to(address), budget_seconds=1).reason in ("error", "invalid")


@pytest.mark.parametrize("step", [html(), Step(says("whole").body[:60])])
def test_a_body_that_is_no_message_is_invalid(
    claude: ClaudeServer, connection: Connection, step: Step
) -> None:
    claude.script([step])
    assert failure(connection).reason == "invalid"
    assert len(claude.requests) == 1


def test_a_first_attempt_that_hangs_leaves_time_for_a_second(
    claude: ClaudeServer, connection: Connection
) -> None:
    claude.script([Step(delay_seconds=30), says("Back again.")])
    decision = reply(customer_says("hi"), connection, budget_seconds=6)
    assert (decision.text, decision.trace.calls) == ("Back again.", 2)
    assert decision.trace.seconds < 6


def test_a_server_that_says_nothing_is_left_in_time(
    claude: ClaudeServer, connection: Connection
) -> None:
    claude.script([Step(delay_seconds=30)] * 2)
    started = time.monotonic()
    error = failure(connection, budget_seconds=1)
    assert error.reason == "timeout"
    assert time.monotonic() - started < 15  # the server wants 30


def test_a_server_that_drips_bytes_is_left_in_time(
    claude: ClaudeServer, connection: Connection
) -> None:
    claude.script([Step(says("slow").body, trickle_seconds=0.1)] * 2)
    started = time.monotonic()
    error = failure(connection, budget_seconds=1)
    assert error.reason == "timeout"
    assert time.monotonic() - started < 15  # the server wants 30


def test_no_thread_stays_behind_a_server_that_drips(
    claude: ClaudeServer, connection: Connection
) -> None:
    claude.script([Step(says("slow").body, trickle_seconds=0.05)] * 2)
    failure(connection, budget_seconds=0.5)
    until = time.monotonic() + 5
    while time.monotonic() < until and _calling():
        time.sleep(0.02)
    assert _calling() == []


def _calling() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "claude-call"]


def test_a_budget_that_is_spent_asks_nobody(claude: ClaudeServer, connection: Connection) -> None:
    assert failure(connection, budget_seconds=0).reason == "timeout"
    assert claude.requests == []


def test_nothing_to_answer_asks_nobody(claude: ClaudeServer, connection: Connection) -> None:
    with pytest.raises(AssistantUnavailable, match="no words"):
        reply(customer_says("", "  "), connection)
    assert claude.requests == []


@pytest.mark.parametrize(
    "step",
    [fails(400), fails(500, retry_after="0"), html(), Step(SECRET.encode(), status=500), drops()],
)
def test_an_error_tells_neither_the_key_nor_the_customers_words(
    claude: ClaudeServer,
    connection: Connection,
    step: Step,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("anthropic").setLevel(logging.DEBUG)
    claude.script([step] * 2)
    error = failure(connection)
    told = "".join(traceback.format_exception(error)) + repr(error) + caplog.text
    for secret in (SECRET, KEY, "customer's words", "hotel"):
        assert secret not in told
    assert error.__cause__ is None
    assert error.__context__ is None


def test_a_request_id_is_cleaned_before_it_is_told(
    claude: ClaudeServer, connection: Connection
) -> None:
    headers = {"request-id": "req_1 <b>" + "x" * 200}
    claude.script([dataclasses.replace(fails(401), headers=headers)])
    assert failure(connection).detail == "AuthenticationError 401 req_1b" + "x" * 58


def test_a_key_that_is_no_header_is_not_told_either(claude: ClaudeServer) -> None:
    bad = dataclasses.replace(connection_to(claude.url), api_key="sk-very\nsecret")
    error = failure(bad, budget_seconds=1)
    assert "secret" not in "".join(traceback.format_exception(error)) + repr(error) + repr(bad)


def test_the_sdk_is_loaded_only_when_claude_is_asked() -> None:
    code = (
        "import sys\n"
        "from conversations.assistant import guard, intents, replies\n"
        "intents.classify('where is my order')\n"
        "sys.exit(any(name in sys.modules for name in ('anthropic', 'httpx2', 'django')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
