"""What comes in and goes out as JSON: times in UTC with a Z, and no field that nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import models
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

from conversations.api.clients import Caller, caller_of


class _Strict:
    """A field that nobody knows is refused: what has a slip in its name must not be dropped."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            fields = self.fields  # type: ignore[attr-defined]  # every serializer has them
            known = {name for name, field in fields.items() if not field.read_only}
            unknown = [str(name) for name in data if name not in known]
            if unknown:
                raise ValidationError(
                    {name: [ErrorDetail("Nobody knows it here.", "unknown")] for name in unknown}
                )
        return super().to_internal_value(data)  # type: ignore[misc]  # every serializer has it


class Body(_Strict, serializers.Serializer[Any]):
    """A body of fields of its own."""


def in_utc(moment: datetime | None) -> str | None:
    """A time as every body shows it: 2026-07-01T09:30:00Z."""
    return _utc(moment) if moment else None


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


class Moment(serializers.DateTimeField):
    """A time. DRF's own looks up the zone of the request for each, and here it is always UTC."""

    def to_representation(self, value: datetime) -> str:
        return _utc(value)


class Row(_Strict, serializers.ModelSerializer[Any]):
    """A body whose fields are those of a row."""

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.DateTimeField: Moment,
    }

    @property
    def caller(self) -> Caller:
        """Who is going to read it."""
        return caller_of(self.context["request"])


def read(kind: type[serializers.Serializer[Any]], request: Request, **more: Any) -> dict[str, Any]:
    """The fields of the body. Raises: ValidationError."""
    body = kind(data=request.data, context={"request": request}, **more)
    body.is_valid(raise_exception=True)
    fields: dict[str, Any] = body.validated_data
    return fields
