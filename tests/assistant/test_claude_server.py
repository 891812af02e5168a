"""The stand-in for Claude that other tests lean on: an answer held back, an answer by default."""

from __future__ import annotations

import threading

import pytest

from conversations.assistant.replies import Connection, Decision, reply
from tests.assistant.claude_server import ClaudeServer, says
from tests.assistant.questions import connection_to, customer_says


def test_a_held_answer_comes_when_it_is_released(
    claude: ClaudeServer, connection: Connection
) -> None:
    held = claude.hold("Sorry for the wait.")
    got: list[Decision] = []
    asker = threading.Thread(target=lambda: got.append(reply(customer_says("hi"), connection)))
    asker.start()
    assert held.arrived.wait(10)
    assert got == []
    held.release()
    asker.join(10)
    assert [decision.text for decision in got] == ["Sorry for the wait."]


def test_the_default_answers_once_the_script_is_used_up() -> None:
    with ClaudeServer(default=says("As always.")) as claude:
        claude.say("First.")
        texts = [reply(customer_says("hi"), connection_to(claude.url)).text for _ in range(3)]
        claude.wait_for_requests(3)
    assert texts == ["First.", "As always.", "As always."]


def test_waiting_for_a_request_that_never_comes_ends(claude: ClaudeServer) -> None:
    with pytest.raises(TimeoutError, match="0 requests"):
        claude.wait_for_requests(1, timeout=0.05)
