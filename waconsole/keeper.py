"""Keeps the embedded database running: it is started again where it died, as every part is.

`serve` and `demo` come in. A database of one's own (`DATABASE_URL`) is its owner's to keep.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from waconsole import embedded
from waconsole.postgres_server import EmbeddedDatabaseError

log = logging.getLogger("waconsole.serve")

LOOK_EVERY_SECONDS = 1.0


@contextmanager
def kept(data_dir: Path | None) -> Iterator[None]:
    """Inside the block the server of `data_dir` is started again within seconds of its death.

    None: there is no embedded one to keep. After the block nobody starts it any more.
    """
    if data_dir is None:
        yield
        return
    stopping = threading.Event()
    keeper = threading.Thread(target=_keep, args=(data_dir, stopping), name="keeper", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stopping.set()
        keeper.join()


def _keep(data_dir: Path, stopping: threading.Event) -> None:
    while not stopping.wait(LOOK_EVERY_SECONDS):
        if embedded.is_running(data_dir):
            continue
        log.error("the embedded database ended: starting it again")
        try:
            embedded.start(data_dir)
        except EmbeddedDatabaseError as error:
            log.error("%s", error)
