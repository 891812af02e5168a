"""The few statements that every send needs, without the ORM's work of building them each time.

Django compiles the SQL of each query and each INSERT anew, and that was more than half of what a
send cost. These are compiled once; what they read and write are ordinary rows.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

from simulator.models import Chat, Customer

M = TypeVar("M", bound=Model)


def insert(row: M) -> M:
    """The unsaved row is in its table, and has its id. Raises: IntegrityError as `save` does."""
    fields, statement = _insertion(type(row))
    with connection.cursor() as cursor:
        cursor.execute(statement, _values(row, fields))
        found = cursor.fetchone()
    row.pk = found[0] if found else None
    row._state.adding = False
    return row


def copy_in(rows: Sequence[Model]) -> None:
    """All unsaved rows, of one model, are in their table; they do not learn their ids.

    COPY, because the arrays that `bulk_create` makes of JSON cost more than all the rest.
    """
    if not rows:
        return
    fields, statement = _copying(type(rows[0]))
    with (
        # The cursor's own COPY is not Django's, so its errors would be psycopg's.
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        for row in rows:
            copy.write_row(_values(row, fields))


def chat_of(number_id: int, column: str, value: str) -> Chat | None:
    """The chat of a number with the customer whose `wa_id` or `bsuid` this is, customer and all."""
    statement, size = _lookup(column)
    with connection.cursor() as cursor:
        cursor.execute(statement, [number_id, value])
        found = cursor.fetchone()
    if found is None:
        return None
    chat = Chat.from_db(connection.alias, _names(Chat), found[:size])
    chat.customer = Customer.from_db(connection.alias, _names(Customer), found[size:])
    return chat


def _values(row: Model, fields: list[Any]) -> list[Any]:
    return [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]


@cache
def _fields(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if not field.primary_key]


@cache
def _copying(model: type[Model]) -> tuple[list[Any], str]:
    columns = ", ".join(f'"{field.column}"' for field in _fields(model))
    return _fields(model), f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN'


@cache
def _insertion(model: type[Model]) -> tuple[list[Any], str]:
    fields = _fields(model)
    columns = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table = model._meta.db_table
    return fields, f'INSERT INTO "{table}" ({columns}) VALUES ({places}) RETURNING id'  # noqa: S608 - names from our models


@cache
def _lookup(column: str) -> tuple[str, int]:
    chat, customer = Chat._meta, Customer._meta
    columns = [f'c."{field.column}"' for field in chat.concrete_fields]
    columns += [f'p."{field.column}"' for field in customer.concrete_fields]
    known = {field.attname: field.column for field in customer.concrete_fields}[column]
    statement = (
        f'SELECT {", ".join(columns)} FROM "{chat.db_table}" c '  # noqa: S608 - likewise
        f'JOIN "{customer.db_table}" p ON p.id = c.customer_id '
        f'WHERE c.number_id = %s AND p."{known}" = %s'
    )
    return statement, len(chat.concrete_fields)


@cache
def _names(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]
