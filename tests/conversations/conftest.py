"""Meta on loopback, for whatever in here sends."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.cloud_api_server import CloudApiServer


@pytest.fixture
def meta(settings: Any) -> Iterator[CloudApiServer]:
    """The Cloud API that the settings point to for this test."""
    with CloudApiServer() as server:
        settings.GRAPH_API_URL = server.url
        yield server
