"""Secrets and signatures of outgoing webhooks, as standardwebhooks.com has them.

A secret is made from SECRET_KEY and the subscription whenever it is needed, and stands in no table
and no backup. Signed are id, time and body, so that nobody can repeat an old one as new.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime

from django.conf import settings
from django.utils.crypto import salted_hmac

from conversations.models import WebhookSubscription

SALT = "conversations.outgoing.secret"
PREFIX = "whsec_"


def secret_of(subscription: WebhookSubscription) -> str:
    """The secret as its owner gets it, shown once: whsec_ and 44 characters."""
    return _secret(subscription, subscription.secret_serial, settings.SECRET_KEY)


def headers(
    subscription: WebhookSubscription, event_id: str, body: bytes, now: datetime
) -> dict[str, str]:
    """The headers that prove where the body comes from, and when.

    After a rotation both secrets sign for a while; so do former SECRET_KEYs that are still known.
    """
    timestamp = str(int(now.timestamp()))
    signed = b".".join([event_id.encode(), timestamp.encode(), body])
    signatures = (signature(secret, signed) for secret in _secrets(subscription, now))
    return {
        "webhook-id": event_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(signatures),
    }


def signature(secret: str, signed: bytes) -> str:
    """`v1,` and the HMAC-SHA256 of the bytes in base64, keyed with the decoded secret."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return f"v1,{base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()}"


def _secrets(subscription: WebhookSubscription, now: datetime) -> list[str]:
    serials = [subscription.secret_serial]
    until = subscription.former_secret_until
    if until and now < until:
        serials.append(subscription.secret_serial - 1)
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [_secret(subscription, serial, key) for serial in serials for key in keys]


def _secret(subscription: WebhookSubscription, serial: int, secret_key: str | bytes) -> str:
    made = salted_hmac(
        SALT, f"{subscription.key}:{serial}", secret=secret_key, algorithm="sha256"
    ).digest()
    return PREFIX + base64.b64encode(made).decode()
