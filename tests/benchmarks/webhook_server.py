"""A server that answers as it is told, to see whether the load generator counts right."""

import socket
import threading
from collections.abc import Callable

from tests.loopback import Door, LoopbackServer

Answer = Callable[[int], int | None]


class WebhookServer(LoopbackServer):
    """`answer(n)` is the status for the request number n, or None to hang up without one."""

    def __init__(self, answer: Answer) -> None:
        self.bodies: list[bytes] = []
        self.signatures: list[str] = []
        lock = threading.Lock()
        owner = self

        class Webhooks(Door):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with lock:
                    number = len(owner.bodies)
                    owner.bodies.append(body)
                    owner.signatures.append(self.headers["X-Hub-Signature-256"])
                status = answer(number)
                if status is None:
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                self.send_response(status)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

        super().__init__(Webhooks)
