"""Rows by the hundred thousand: INSERT ... SELECT with the defaults of the models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models


def insert(
    model: type[models.Model], columns: Mapping[str, str], source: str, **values: Any
) -> None:
    """INSERT ... SELECT with these expressions by column; other columns get their defaults."""
    given = dict(columns)
    for field in model._meta.concrete_fields:
        if not field.column or field.column in given:
            continue
        if field.primary_key or field.has_db_default():
            continue
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            given[field.column] = "now()"
            continue
        default = field.get_db_prep_save(field.get_default(), connection)
        if default is not None:
            given[field.column] = f"%(default_{field.column})s"
            values[f"default_{field.column}"] = default
    names, chosen = ", ".join(f'"{name}"' for name in given), ", ".join(given.values())
    statement = f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {chosen} {source}'
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        for reset in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(reset)


@contextmanager
def without_indexes(model: type[models.Model]) -> Iterator[None]:
    """The indexes that hold no promise are gone meanwhile, and built at the end in one go."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT index.indexrelid::regclass::text, pg_get_indexdef(index.indexrelid)
            FROM pg_index AS index WHERE index.indrelid = %s::regclass AND NOT index.indisunique""",
            [model._meta.db_table],
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
    yield
    with connection.cursor() as cursor:
        for _, definition in indexes:
            cursor.execute(definition)
