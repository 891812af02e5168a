"""Who signed these bytes: X-Hub-Signature-256 of Meta's webhooks.

The webhook door calls `is_valid`; tests call `sign` to speak as Meta does.
"""

import hashlib
import hmac

PREFIX = "sha256="


def sign(body: bytes, app_secret: str) -> str:
    """Return the header Meta would send with these bytes: "sha256=" and 64 lowercase hex digits.

    Source: Graph API, webhooks, "Validating payloads": HMAC-SHA256 keyed with the app secret.
    """
    return PREFIX + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()


def is_valid(body: bytes, header: str | None, app_secret: str) -> bool:
    """Tell whether the header signs exactly these bytes, in constant time.

    Any header is allowed, also None and garbage: they are simply not valid. Without an app secret
    nothing is valid, for an HMAC with an empty key can be made by anybody.
    """
    if not header or not app_secret:
        return False
    # compare_digest refuses text that is not ASCII; bytes can hold whatever the sender put there.
    given = header.encode("utf-8", "surrogatepass")
    return hmac.compare_digest(given, sign(body, app_secret).encode())
