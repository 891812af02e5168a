"""Many new rows of one model in one statement, in a fraction of the time that objects take.

What is not given gets the default that the model has, so that a new field breaks nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection, models


def insert_once(
    model: type[models.Model], key: str, columns: Mapping[str, Sequence[Any]]
) -> dict[Any, int]:
    """The rows are in the table, but those whose `key` is there already; return keys by `key`.

    `columns`: name of the column -> a value for each row, as the driver takes it (JSON as text).
    They are written in the order given. Twice, also at once: each row once.
    Raises: what the database says; nothing is inserted then.
    """
    names = tuple(sorted(columns))
    given = {name: list(columns[name]) for name in names}
    with connection.cursor() as cursor:
        cursor.execute(_statement(model, key, names), {**given, **_defaults(model, names)})
        return dict(cursor.fetchall())


@cache
def _statement(model: type[models.Model], key: str, names: tuple[str, ...]) -> str:
    fields = {field.column: field for field in model._meta.concrete_fields}
    arrays = ", ".join(f"%({name})s::{_array_type(fields[name])}" for name in names)
    others = [name for name in _with_default(model) if name not in names]
    table = connection.ops.quote_name(model._meta.db_table)
    into = ", ".join(map(connection.ops.quote_name, (*names, *others)))
    given = ", ".join(f"new.{connection.ops.quote_name(name)}" for name in names)
    values = ", ".join([given, *(f"%({name})s" for name in others)])
    return (
        f"INSERT INTO {table} ({into}) SELECT {values} "  # noqa: S608 -- names of our own columns
        f"FROM unnest({arrays}) WITH ORDINALITY AS new ({', '.join(names)}, place) "
        f"ORDER BY new.place ON CONFLICT ({key}) DO NOTHING RETURNING {key}, id"
    )


def _array_type(field: models.Field[Any, Any]) -> str:
    """A cast to varchar(32) would cut without a word; as text, too much is an error."""
    kind = str(field.db_type(connection))
    return "text[]" if kind.startswith("varchar") else f"{kind}[]"


def _with_default(model: type[models.Model]) -> list[str]:
    """The columns that the database does not fill by itself."""
    return [
        str(field.column)
        for field in model._meta.concrete_fields
        if not field.primary_key and not field.has_db_default()
    ]


def _defaults(model: type[models.Model], given: tuple[str, ...]) -> dict[str, Any]:
    fields = {field.column: field for field in model._meta.concrete_fields}
    return {
        name: fields[name].get_db_prep_save(fields[name].pre_save(model(), add=True), connection)
        for name in _with_default(model)
        if name not in given
    }
