"""Between the server and Django: many may wait at the door, few work behind it.

A slow or hanging answer (a switch) must not hold a database connection, and each thread that runs
Django holds one. So the server's many threads read the request and wait; a small pool runs Django.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from simulator.graph.views import HOLD

WORKERS = 8

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class Finished:
    """An answer that is ready to leave, and what it must wait for before it does."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes
    hold: Callable[[], object] | None


class Door:
    """A WSGI application around another one."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.pool = ThreadPoolExecutor(WORKERS, "work")

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> list[bytes]:
        body = environ["wsgi.input"].read()
        inner = {**environ, "wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        finished = self.pool.submit(self._work, inner).result()
        if finished.hold is not None:
            finished.hold()
        start_response(finished.status, finished.headers)
        return [finished.body]

    def _work(self, environ: Environ) -> Finished:
        started: list[Any] = []
        response = self.application(environ, lambda *given: started.extend(given[:2]))
        try:
            body = b"".join(response)
        finally:
            close = getattr(response, "close", None)
            if close is not None:
                close()
        return Finished(started[0], started[1], body, environ.get(HOLD))
