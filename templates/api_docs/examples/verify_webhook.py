import base64
import hashlib
import hmac
import os
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer

KEY = base64.b64decode(os.environ["WEBHOOK_SECRET"].removeprefix("whsec_"))
TOLERANCE_SECONDS = 300


def is_ours(headers: Mapping[str, str], body: bytes) -> bool:
    """Whether the console sent exactly these bytes, and just now."""
    event_id, sent_at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not sent_at.isdigit() or abs(time.time() - int(sent_at)) > TOLERANCE_SECONDS:
        return False
    signed = b".".join([event_id.encode(), sent_at.encode(), body])
    digest = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest())
    claimed = headers.get("webhook-signature", "").encode().split()
    return any(hmac.compare_digest(b"v1," + digest, one) for one in claimed)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))  # the raw bytes, not parsed
        self.send_response(204 if is_ours(dict(self.headers), body) else 401)
        self.end_headers()


HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Receiver).serve_forever()
