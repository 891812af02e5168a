"""What the tests of this room share: Claude on loopback, and a connection to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conversations.assistant.claude import sdk_client
from conversations.assistant.replies import Connection
from tests.assistant.claude_server import ClaudeServer
from tests.assistant.questions import connection_to


@pytest.fixture
def claude() -> Iterator[ClaudeServer]:
    with ClaudeServer() as server:
        yield server


@pytest.fixture
def connection(claude: ClaudeServer) -> Connection:
    return connection_to(claude.url)


@pytest.fixture(scope="session", autouse=True)
def _sdk_is_loaded() -> None:
    """Loading it takes a second or two, which the tests of short budgets must not see."""
    with sdk_client(connection_to("http://127.0.0.1:9")) as client:
        assert client.messages
