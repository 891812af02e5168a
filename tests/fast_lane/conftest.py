"""The writer thread, started as the web server does, and the database it writes to."""

from collections.abc import Iterator

import pytest

from conversations import event_store
from tests.fast_lane.database import Database, of_this_test


@pytest.fixture
def database(transactional_db: None) -> Database:
    return of_this_test()


@pytest.fixture
def writer(database: Database) -> Iterator[None]:
    event_store.write_in_batches()
    yield
    event_store.write_one_by_one()
