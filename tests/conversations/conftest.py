"""The outside world on loopback, for whatever in here reaches out: Meta and Claude."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.assistant.claude_server import ClaudeServer
from tests.cloud_api_server import CloudApiServer


@pytest.fixture
def meta(settings: Any) -> Iterator[CloudApiServer]:
    """The Cloud API that the settings point to for this test."""
    with CloudApiServer() as server:
        settings.GRAPH_API_URL = server.url
        yield server


@pytest.fixture
def claude(settings: Any) -> Iterator[ClaudeServer]:
    """The gateway that the settings point to for this test, with a key for it."""
    with ClaudeServer() as server:
        settings.AI_GATEWAY_URL = server.url
        settings.ANTHROPIC_API_KEY = "sk-test"
        settings.AI_AUTH_STYLE = "x-api-key"
        yield server
