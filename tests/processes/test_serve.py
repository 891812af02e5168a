"""`manage.py serve` whole: it comes up, heals, stops, and leaves nothing behind."""

import pytest
import requests

from tests.processes.running import Console
from tests.processes.waiting import is_alive

pytestmark = pytest.mark.processes


def test_all_parts_come_up_and_stop(embedded_database: None) -> None:
    with Console() as console:
        assert requests.get(f"{console.url}/healthz", timeout=5).json() == {"status": "ok"}
        everything = [pid for part in ("web", "dispatch", "worker") for pid in console.pids(part)]

    assert len(everything) >= 8
    assert not any(is_alive(pid) for pid in everything)
