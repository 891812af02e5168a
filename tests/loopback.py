"""What the servers of the tests' own have in common: real HTTP on a free port of loopback."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


class Door(BaseHTTPRequestHandler):
    """Connections are kept alive, and nothing is printed: tests read what the server noted."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass


class LoopbackServer:
    """Serves between `start` and `stop`, or while a `with` block lasts; `url` and `port` say where.

    A call that is still waiting for its answer then does not hold up the end.
    """

    def __init__(self, door: type[BaseHTTPRequestHandler]) -> None:
        self._server = _Server(("127.0.0.1", 0), door)
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True).start()
        return self

    def stop(self) -> None:
        """Nobody serves any more, and the port is free."""
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is what some tests are about: no traceback."""
