"""Many callers at once who each store an event."""

from threading import Thread

from conversations import event_store
from tests.processes.waiting import wait_for


class Callers:
    """One thread for each body. `answers`: what came of each so far, by its place in the list."""

    def __init__(self, bodies: list[bytes]) -> None:
        self.answers: dict[int, Exception | None] = {}
        self._threads = [Thread(target=self._store, args=one) for one in enumerate(bodies)]
        for thread in self._threads:
            thread.start()

    def faults(self) -> list[Exception | None]:
        """What came of each, once all have been answered; None for what was stored."""
        wait_for(lambda: len(self.answers) == len(self._threads), what="all to be answered")
        for thread in self._threads:
            thread.join()
        return [self.answers[number] for number in range(len(self._threads))]

    def _store(self, number: int, body: bytes) -> None:
        try:
            event_store.store(body)
            self.answers[number] = None
        except Exception as error:
            self.answers[number] = error
