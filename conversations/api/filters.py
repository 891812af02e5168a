"""Query parameters: filters of a list (django-filter), and none that nobody knows.

A name that is not known is refused: a filter with a slip in its name would give everything.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from rest_framework.request import Request

from conversations.api import paging
from conversations.api.problems import Fault, Problem


class Filters(filters.DjangoFilterBackend):  # type: ignore[misc]  # untyped
    """What the view's `filterset_class` or `filterset_fields` names."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> QuerySet[Any]:
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise _wrong(filterset)
        rows: QuerySet[Any] = filterset.qs
        return rows


def refuse_unknown(request: Request, view: Any) -> None:
    """Nothing, or 400 naming the parameters that this action does not know.

    Beyond filters and paging an action may know others: the view's `parameters`, by its name.
    """
    asked = set(request.query_params)
    if not asked:
        return
    unknown = sorted(asked - known(view))
    if unknown:
        names = ", ".join(name[:40] for name in unknown[:5])
        told = tuple(
            Fault(("parameter", name[:40]), "Nobody knows it here.", "unknown") for name in unknown
        )
        raise Problem("invalid_parameters", f"Not known here: {names}.", faults=told)
    for name in asked:
        if "\x00" in "".join(request.query_params.getlist(name)):
            fault = Fault(("parameter", name), "A NUL character has no place in it.")
            raise Problem("invalid_parameters", fault.detail, faults=(fault,))


def known(view: Any) -> set[str]:
    """The parameters of the view's present action."""
    action = getattr(view, "action", None) or view.request.method.lower()
    names = set(getattr(view, "parameters", {}).get(action, ()))
    if action == "list":
        names |= paging.PARAMETERS
        filterset = Filters().get_filterset_class(view, view.get_queryset())
        names |= set(filterset.get_filters()) if filterset else set()
    return names


def _wrong(filterset: Any) -> Problem:
    told = tuple(
        Fault(("parameter", str(name)), message, error.code or "invalid")
        for name, errors in filterset.errors.as_data().items()
        for error in errors
        for message in error.messages
    )
    names = ", ".join(sorted({fault.at[1] for fault in told}))
    return Problem("invalid_parameters", f"Wrong here: {names}.", faults=told)
