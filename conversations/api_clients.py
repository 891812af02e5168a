"""The other systems that may come in: making their keys, telling one key from another.

Staff come in from the admin, the API with a key somebody shows. A key is `wac_<prefix>_<secret>`;
the secret is 256 random bits, so one SHA-256 of it is as good as a slow hash and costs nothing.
"""

from __future__ import annotations

import hmac
import secrets
import string
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from conversations.models import ApiClient

SIGN = "wac"
PREFIX_LENGTH = 8
LETTERS = string.ascii_lowercase + string.digits
KEY_LENGTH_MAX = 128
# Writing down every use would make each call of a client wait for the one before.
NOTED_EVERY = timedelta(minutes=1)
NOBODYS_HASH = sha256(b"").hexdigest()


class KeyRefused(Exception):
    """`str()` says why the key opens nothing; `client` is whose it was, where that is proven."""

    def __init__(self, why: str, client: ApiClient | None = None) -> None:
        super().__init__(why)
        self.client = client


def create(
    name: str,
    scopes: Iterable[str],
    *,
    expires_at: datetime | None = None,
    calls_per_minute: int | None = None,
) -> tuple[ApiClient, str]:
    """A client and its key, which is kept nowhere. Raises: IntegrityError where the name is taken.

    Its user stands in the history and can log in nowhere.
    """
    prefix, secret = _new_prefix(), _new_secret()
    with transaction.atomic():
        user = User(username=f"api.{prefix}", first_name=name, is_active=False)
        user.set_unusable_password()
        user.save()
        client = ApiClient.objects.create(
            name=name,
            user=user,
            prefix=prefix,
            secret_hash=_hash(secret),
            scopes=sorted(scopes),
            expires_at=expires_at,
            calls_per_minute=calls_per_minute,
        )
    return client, _key(prefix, secret)


def renew(client: ApiClient) -> str:
    """A new key; the old one opens nothing from this moment, and a revoked client is back."""
    prefix, secret = _new_prefix(), _new_secret()
    ApiClient.objects.filter(pk=client.pk).update(
        prefix=prefix, secret_hash=_hash(secret), revoked_at=None
    )
    return _key(prefix, secret)


def revoke(client: ApiClient) -> bool:
    """The key opens nothing from this moment; False if it was revoked already."""
    rows = ApiClient.objects.filter(pk=client.pk, revoked_at=None)
    return rows.update(revoked_at=timezone.now()) == 1


def rename(client: ApiClient, name: str) -> None:
    """The history shows the new name."""
    User.objects.filter(pk=client.user_id).update(first_name=name)


def of_key(key: str) -> ApiClient:
    """The client whose key this is, and its use is noted. Raises: KeyRefused.

    A prefix that nobody has takes the same steps as a wrong secret.
    """
    client, secret = _claimed(key)
    expected = client.secret_hash if client else NOBODYS_HASH
    if not hmac.compare_digest(_hash(secret), expected) or client is None:
        raise KeyRefused("This is no key of ours.")
    now = timezone.now()
    if client.revoked_at is not None:
        raise KeyRefused("This key was revoked.", client)
    if client.expires_at is not None and client.expires_at <= now:
        raise KeyRefused("This key has expired.", client)
    _note_use(client, now)
    return client


def _claimed(key: str) -> tuple[ApiClient | None, str]:
    sign, _, rest = key[:KEY_LENGTH_MAX].partition("_")
    prefix, _, secret = rest.partition("_")
    if sign != SIGN or not secret or not prefix.isascii() or not prefix.isalnum():
        raise KeyRefused("A key looks like wac_prefix_secret.")
    return ApiClient.objects.select_related("user").filter(prefix=prefix).first(), secret


def _note_use(client: ApiClient, now: datetime) -> None:
    """To the minute, by whoever comes first."""
    before = now - NOTED_EVERY
    if client.last_used_at is None or client.last_used_at < before:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=before)
        ApiClient.objects.filter(stale, pk=client.pk).update(last_used_at=now)


def _new_prefix() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(PREFIX_LENGTH))


def _new_secret() -> str:
    return secrets.token_urlsafe(32)


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _key(prefix: str, secret: str) -> str:
    return f"{SIGN}_{prefix}_{secret}"
