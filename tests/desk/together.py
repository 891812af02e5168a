"""Several people who press at the same moment, each with a connection of their own."""

import threading
from collections.abc import Callable
from typing import TypeVar

from django.db import connection

Result = TypeVar("Result")


def together(*calls: Callable[[], Result]) -> list[Result | Exception]:
    """What each call returned or raised, in the order given; all begin at once."""
    start = threading.Barrier(len(calls))
    results: dict[int, Result | Exception] = {}

    def run(place: int, call: Callable[[], Result]) -> None:
        start.wait()
        try:
            results[place] = call()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(calls)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return [results[place] for place in sorted(results)]
