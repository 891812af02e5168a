"""A loopback Graph, and a client that speaks to it."""

from collections.abc import Iterator

import pytest

from conversations.whatsapp.client import CloudApi, new_session
from tests.whatsapp.graph import Graph

TOKEN = "EAAGm0PX4ZCpsBAKZCZC"


@pytest.fixture
def graph() -> Iterator[Graph]:
    server = Graph()
    yield server
    server.close()


@pytest.fixture
def api(graph: Graph) -> Iterator[CloudApi]:
    with new_session() as session:
        yield CloudApi(graph.url, "v21.0", TOKEN, "1065403", timeout=(1, 2), session=session)
