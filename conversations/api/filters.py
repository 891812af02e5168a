"""Query parameters: filters of a list (django-filter), and none that nobody knows.

A name that is not known is refused: a filter with a slip in its name would give everything.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, ForeignKey, QuerySet
from django.forms import IntegerField, TypedChoiceField
from django_filters import rest_framework as filters
from django_filters.fields import IsoDateTimeField
from rest_framework.request import Request

from conversations.api import paging
from conversations.api.problems import Fault, Problem

CharFilter = filters.CharFilter


class _Moment(IsoDateTimeField):  # type: ignore[misc]  # untyped
    """In UTC: what the database is told has an offset that it knows."""

    def to_python(self, value: Any) -> datetime | None:
        try:
            moment: datetime | None = super().to_python(value)
            return moment and moment.astimezone(UTC)
        except OverflowError as error:
            raise ValidationError(self.error_messages["invalid"], "invalid") from error


class MomentFilter(filters.IsoDateTimeFilter):  # type: ignore[misc]  # untyped
    """A time as ISO 8601 writes it, with any offset."""

    field_class = _Moment


class _YesOrNoField(TypedChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("null_label", None)
        choices = [("true", "true"), ("false", "false")]
        super().__init__(
            choices=choices, coerce=lambda said: said == "true", empty_value=None, **kwargs
        )


class KeyFilter(filters.Filter):  # type: ignore[misc]  # untyped
    """A row's key; which rows there are is not looked up for it."""

    field_class = IntegerField


class YesOrNo(filters.BooleanFilter):  # type: ignore[misc]  # untyped
    """true or false; anything else is refused, where Django's own would filter nothing."""

    field_class = _YesOrNoField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.extra.pop("widget", None)


class FilterSet(filters.FilterSet):  # type: ignore[misc]  # untyped
    """What the filters of a list stand on; keys and yes or no are as above without being named."""

    FILTER_DEFAULTS = {
        **filters.FilterSet.FILTER_DEFAULTS,
        BooleanField: {"filter_class": YesOrNo},
        ForeignKey: {"filter_class": KeyFilter},
    }


class Filters(filters.DjangoFilterBackend):  # type: ignore[misc]  # untyped
    """What the view's `filterset_class` or `filterset_fields` names."""

    filterset_base = FilterSet

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
