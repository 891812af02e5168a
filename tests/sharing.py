"""How two processes share the tests: `--numprocesses 2`, which `make test` gives.

A file stays whole, for what its tests share. All that start real processes are one share, so that
never two consoles run at once; it is the longest and begins first.
"""

from functools import cache
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

WITH_PROCESSES = "pytest.mark.processes"


class Shares(LoadScopeScheduling):  # type: ignore[misc]  # it has no types
    """Whoever is done with a share takes the next one."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return WITH_PROCESSES if _starts_processes(self.config.rootpath / file) else file


@cache
def _starts_processes(file: Path) -> bool:
    return WITH_PROCESSES in file.read_text()


class Plugin:
    """What pytest-xdist asks, here and in the processes that run the tests."""

    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Producer) -> Shares:
        config.option.loadscopereorder = False  # in the order of pytest-randomly, not by size
        return Shares(config, log)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=lambda item: item.get_closest_marker("processes") is None)
