"""What an action needs: the scope of a key, or the rights of a person. Nothing named: refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from conversations.api.clients import caller_of
from conversations.api.problems import Problem
from conversations.domain import Scope

ANYBODY = Scope("anybody", "Whoever is known here", ())


class Access(BasePermission):
    """The view's `access` names the scope of each action, by its name or by the method."""

    def has_permission(self, request: Request, view: Any) -> bool:
        caller = caller_of(request)
        method = (request.method or "").lower()
        if method not in view.http_method_names or getattr(view, method, None) is None:
            return True  # there is no such method, which is said next
        needs = needed(view, getattr(view, "action", None) or method)
        if needs is None:
            raise Problem("not_allowed", "Nobody may do this.")
        require(caller, needs)
        return True


def require(caller: Any, needs: Scope) -> None:
    """Nothing, or the Problem that names the scope that is missing."""
    if needs is not ANYBODY and not caller.may(needs):
        more = {"needs": needs.name}
        if caller.client:
            raise Problem("not_allowed", f"The key has no scope {needs.name}.", more=more)
        raise Problem("not_allowed", "Your login has not the right to do this.", more=more)


def needed(view: Any, action: str) -> Scope | None:
    """The scope of an action; `head` is a `get` that says less."""
    access: Mapping[str, Scope] = getattr(view, "access", {})
    return access.get("get" if action == "head" else action)
