"""Graph on loopback, for what the desk tells Meta."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.whatsapp.graph import Graph


@pytest.fixture
def graph(settings: Any) -> Iterator[Graph]:
    """The Graph that the settings point to for this test."""
    with Graph() as server:
        settings.GRAPH_API_URL = server.url
        yield server
