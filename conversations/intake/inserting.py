"""Many new rows of one model in one statement, in a fraction of the time that objects take.

What is not given gets the default that the model has, so that a new field breaks nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection, models


def insert_once(
    model: type[models.Model], key: str, rows: Sequence[Mapping[str, Any]]
) -> dict[Any, int]:
    """The rows are in the table, but those whose `key` is there already; return keys by `key`.

    `rows`: by the names of columns, the same ones in each. They are written in the order given.
    Twice, also at once: each row once.
    Raises: what the database says; nothing is inserted then.
    """
    if not rows:
        return {}
    names = tuple(rows[0])
    values = {"rows": json.dumps(rows, default=str), **_defaults(model, names)}
    with connection.cursor() as cursor:
        cursor.execute(_statement(model, key, names), values)
        return dict(cursor.fetchall())


@cache
def _statement(model: type[models.Model], key: str, names: tuple[str, ...]) -> str:
    fields = {field.column: field for field in model._meta.concrete_fields}
    others = [name for name in _with_default(model) if name not in names]
    quoted = connection.ops.quote_name
    table = quoted(model._meta.db_table)
    into = ", ".join(map(quoted, (*names, *others)))
    typed = ", ".join(f"{quoted(name)} {_type(fields[name])}" for name in names)
    new = ", ".join(map(quoted, (*names, "place")))
    given = ", ".join(f"new.{quoted(name)}" for name in names)
    values = ", ".join([given, *(f"%({name})s" for name in others)])
    return (
        f"INSERT INTO {table} ({into}) SELECT {values} "  # noqa: S608 -- names of our own columns
        f"FROM ROWS FROM (jsonb_to_recordset(%(rows)s::jsonb) AS ({typed})) "
        f"WITH ORDINALITY AS new ({new}) "
        f"ORDER BY new.place ON CONFLICT ({key}) DO NOTHING RETURNING {key}, id"
    )


def _type(field: models.Field[Any, Any]) -> str:
    """A cast to varchar(32) would cut without a word; as text, too much is an error."""
    kind = str(field.db_type(connection))
    return "text" if kind.startswith("varchar") else kind


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
