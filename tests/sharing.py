"""How two processes share the tests: `--numprocesses 2`, which `make test` gives.

A file stays whole, for what its tests share. The rooms that start whole consoles are one share, so
that never two of them run at once; it is the longest and begins first.
"""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

ROOMS = ("acceptance", "chaos", "fast_lane", "processes", "stories")
CONSOLES = tuple(f"tests/{room}/" for room in ROOMS)


class Shares(LoadScopeScheduling):  # type: ignore[misc]  # it has no types
    """Whoever is done with a share takes the next one."""

    def _split_scope(self, nodeid: str) -> str:
        return "consoles" if nodeid.startswith(CONSOLES) else nodeid.partition("::")[0]


class Plugin:
    """What pytest-xdist asks, here and in the processes that run the tests."""

    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Producer) -> Shares:
        config.option.loadscopereorder = False  # in the order of pytest-randomly, not by size
        return Shares(config, log)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=lambda item: not item.nodeid.startswith(CONSOLES))
