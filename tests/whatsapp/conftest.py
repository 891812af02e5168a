"""A loopback Graph, and a client that speaks to it."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from conversations.whatsapp.client import CloudApi, new_session
from tests.whatsapp.graph import Graph

# A busy machine must not make a property test fail.
settings.register_profile(
    "steady",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("steady")

TOKEN = "EAAGm0PX4ZCpsBAKZCZC"


@pytest.fixture
def graph() -> Iterator[Graph]:
    with Graph() as server:
        yield server


@pytest.fixture
def api(graph: Graph) -> Iterator[CloudApi]:
    with new_session() as session:
        yield CloudApi(graph.url, "v21.0", TOKEN, "1065403", timeout=(1, 2), session=session)
