"""Loopback is allowed here as an operator would allow a network, and one receiver is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.outgoing.receiver import Receiver, receiving


@pytest.fixture(autouse=True)
def loopback_is_allowed(settings: Any) -> None:
    settings.DEBUG = False
    settings.OUTGOING_WEBHOOK_ALLOWED_NETWORKS = ["127.0.0.0/8", "::1/128"]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one
