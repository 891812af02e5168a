"""An embedded server with a cluster made already."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from waconsole import embedded


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a cluster in it, so that most tests need no initdb."""
    data_dir = tmp_path_factory.mktemp("made")
    embedded.start(data_dir)
    embedded.stop(data_dir)
    return data_dir


@pytest.fixture
def data_dir(made: Path) -> Iterator[Path]:
    """The same, left stopped by each test."""
    yield made
    embedded.stop(made)
