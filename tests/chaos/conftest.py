"""What the chaos tests share, and what their environment says: CHAOS_SECONDS, CHAOS_SEED."""

import os
import random
from collections.abc import Iterator

import pytest

from tests.assistant.claude_server import ClaudeServer, Step, says

SECONDS = 20.0
THINKING_SECONDS = 0.4


@pytest.fixture(scope="module")
def claude() -> Iterator[ClaudeServer]:
    """Takes its time, so that workers are killed while it thinks."""
    answer = says("The smaller one, I would say.")
    with ClaudeServer(Step(answer.body, delay_seconds=THINKING_SECONDS)) as server:
        yield server


@pytest.fixture(scope="module")
def seconds() -> float:
    """How long customers write while everything is killed."""
    return float(os.environ.get("CHAOS_SECONDS") or SECONDS)


@pytest.fixture(scope="module")
def seed() -> int:
    """Named with every failure; given again, the same is killed at the same moments."""
    return int(os.environ.get("CHAOS_SEED") or random.SystemRandom().randrange(10**6))
