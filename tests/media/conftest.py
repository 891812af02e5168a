"""A loopback Graph, a folder for the files, and a conversation with a file in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conversations.models import PhoneNumber, Thread
from tests.factories import a_phone_number, a_thread, an_inbound
from tests.webhooks import NUMBER
from tests.whatsapp.graph import Graph


@pytest.fixture
def graph(settings: Any) -> Iterator[Graph]:
    with Graph() as server:
        settings.GRAPH_API_URL = server.url
        yield server


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def number(db: None) -> PhoneNumber:
    return a_phone_number(phone_number_id=NUMBER)


@pytest.fixture
def thread(number: PhoneNumber) -> Thread:
    """Thandi wrote just now, so anything may be sent."""
    thread = a_thread(phone_number=number)
    an_inbound(thread)
    return thread
