"""Who is calling: another system with a key, or a person of staff who is signed in.

Both become a `Caller`, which knows what it may. A key never rides on a login: with an
`Authorization` header the cookies are not looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.auth.models import User
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from conversations import api_clients
from conversations.api.problems import Problem
from conversations.domain import Scope
from conversations.models import ApiClient


@dataclass
class Caller:
    """Whoever calls. `user` stands in the history: a person, or the client's own."""

    user: User
    client: ApiClient | None = None
    touched: dict[str, list[int]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Whose allowance and whose answers: client:5 or user:3."""
        return f"client:{self.client.pk}" if self.client else f"user:{self.user.pk}"

    def may(self, scope: Scope) -> bool:
        """A client by its scopes alone, a person by all of the rights."""
        if self.client:
            return scope.name in self.client.scopes
        return self.user.has_perms(scope.permissions)


def caller_of(request: Request) -> Caller:
    """Who is calling. Raises: Problem where nobody is."""
    if not isinstance(request.auth, Caller):
        raise Problem("not_authenticated", "There is no key, and no login.")
    return request.auth


class KeyRefused(AuthenticationFailed):
    """A key that opens nothing; `client` is whose it was, where that is proven."""

    def __init__(self, refused: api_clients.KeyRefused) -> None:
        super().__init__(str(refused))
        self.client = refused.client


class Key(BaseAuthentication):
    """`Authorization: Bearer wac_<prefix>_<secret>`."""

    def authenticate(self, request: Request) -> tuple[User, Caller] | None:
        header = request.headers.get("Authorization")
        if header is None:
            return None
        scheme, _, key = header.partition(" ")
        if scheme.lower() != "bearer":
            raise AuthenticationFailed("Only the scheme Bearer is known here.")
        try:
            client = api_clients.of_key(key.strip())
        except api_clients.KeyRefused as refused:
            raise KeyRefused(refused) from refused
        return client.user, Caller(client.user, client)

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class SignedIn(SessionAuthentication):
    """A person of staff, by the cookie of the console; what changes something needs the token."""

    def authenticate(self, request: Request) -> tuple[User, Caller] | None:
        user = getattr(request._request, "user", None)
        if not isinstance(user, User) or not (user.is_active and user.is_staff):
            return None
        self.enforce_csrf(request)
        return user, Caller(user)

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied as refused:
            raise Problem("csrf_failed", "This login was not shown to be yours.") from refused
