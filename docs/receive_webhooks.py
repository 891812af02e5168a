"""A receiver of waconsole's webhooks, with nothing but Python: run it, read it, take it along.

WEBHOOK_SECRET=whsec_... python receive_webhooks.py 8900
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOLERANCE_SECONDS = 300  # an old webhook that somebody repeats is refused


def verify(secret: str, headers: Message, body: bytes) -> dict[str, Any]:
    """The event in the body. Raises ValueError where it is not from waconsole, or not from now."""
    event_id = headers["webhook-id"] or ""
    timestamp = headers["webhook-timestamp"] or ""
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > TOLERANCE_SECONDS:
        raise ValueError("It is too old, or the clocks differ.")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{event_id}.{timestamp}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    # Several while a secret is being changed: one that is right is enough.
    given = (headers["webhook-signature"] or "").split(" ")
    if not any(hmac.compare_digest(expected.encode(), one.encode()) for one in given):
        raise ValueError("The signature is wrong.")
    event: dict[str, Any] = json.loads(body)
    return event


class Receiver(BaseHTTPRequestHandler):
    seen: set[str] = set()  # yours: a table with a unique column, written together with what you do

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        try:
            event = verify(os.environ["WEBHOOK_SECRET"], self.headers, body)
        except ValueError as refused:
            self.answer(401, str(refused))
            return
        if event["id"] not in self.seen:  # at least once means: now and then twice
            self.seen.add(event["id"])
            print(event["type"], event["data"], flush=True)
        self.answer(204)

    def answer(self, status: int, text: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver)
    print(f"Receiving at http://127.0.0.1:{server.server_port}/", flush=True)
    server.serve_forever()
