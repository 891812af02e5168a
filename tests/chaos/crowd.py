"""Customers who write, at a seeded rhythm, whatever happens to the console."""

import random
import threading
import time
from types import TracebackType
from typing import Self

from tests.chaos.siege import ask
from tests.processes.running import Console

CUSTOMERS = 16
MESSAGES_PER_SECOND = 3.0
IN_ONE_GO = (1, 1, 1, 2, 3)
GREETINGS = ("Hello", "Hi", "Good morning")
QUESTION = "Which desk would suit a small flat?"
# Few, because each new worker takes seconds to load what it asks the model with.
QUESTIONS_OF_ALL = 0.1


class Crowd:
    """Writes from its own thread while the block lasts; then each says one last thing."""

    def __init__(self, console: Console, chance: random.Random) -> None:
        self._console, self._chance = console, chance
        self._who = [f"27600001{number:03}" for number in range(CUSTOMERS)]
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._write, name="crowd")
        self._fault: BaseException | None = None

    def __enter__(self) -> Self:
        for wa_id in self._who:
            ask(self._console, "POST", "customers/", wa_id=wa_id, name=f"Customer {wa_id[-3:]}")
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        self._thread.join()
        if kind is not None:
            return
        if self._fault:
            raise self._fault
        for wa_id in self._who:
            self._say(wa_id)

    def _write(self) -> None:
        try:
            while not self._stopping.wait(self._pause()):
                who = self._chance.choice(self._who)
                for _ in range(self._chance.choice(IN_ONE_GO)):
                    self._say(who)
                    time.sleep(0.05)
        except BaseException as fault:  # raised in the main thread
            self._fault = fault

    def _pause(self) -> float:
        turns = MESSAGES_PER_SECOND * len(IN_ONE_GO) / sum(IN_ONE_GO)
        return min(self._chance.expovariate(turns), 2.0)

    def _say(self, wa_id: str) -> None:
        asks = self._chance.random() < QUESTIONS_OF_ALL
        text = QUESTION if asks else self._chance.choice(GREETINGS)
        ask(self._console, "POST", f"customers/{wa_id}/messages/", type="text", text=text)
