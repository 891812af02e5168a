"""What comes in and goes out as JSON: times in UTC with a Z, and no field that nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

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


class Row(_Strict, serializers.ModelSerializer[Any]):
    """A body whose fields are those of a row."""

    @property
    def caller(self) -> Caller:
        """Who is going to read it."""
        return caller_of(self.context["request"])


def in_utc(moment: datetime | None) -> str | None:
    """A time as every body shows it: 2026-07-01T09:30:00Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None


def read(kind: type[serializers.Serializer[Any]], request: Request, **more: Any) -> dict[str, Any]:
    """The fields of the body. Raises: ValidationError."""
    body = kind(data=request.data, context={"request": request}, **more)
    body.is_valid(raise_exception=True)
    fields: dict[str, Any] = body.validated_data
    return fields
