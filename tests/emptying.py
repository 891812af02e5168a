"""After a test that commits the database is again as its migrations left it.

Django truncates every table, empty or not, and writes permissions and content types anew. Here
only tables with rows in them are emptied, and what the migrations wrote stands there as before.
"""

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

COPIES = "as_migrated"  # a schema, so that nothing that looks at the tables finds them


def remember() -> None:
    """There are copies of the tables that the migrations filled. Twice: the first ones count."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [COPIES])
        if cursor.fetchone() or not _tables("public"):
            return
        filled = _those("EXISTS (TABLE {0})", _tables("public"))
        copies = [f"CREATE TABLE {COPIES}.{name} AS TABLE {name}" for name in filled]
        cursor.execute(";".join([f"CREATE SCHEMA {COPIES}", *copies]))


def restore() -> None:
    """Every table holds what it held after the migrations; keys go on counting.

    Waits for the transactions that write at the moment: their rows go as well.
    """
    copies = _tables(COPIES)
    if not _tables("public"):
        return  # none of the tests asked for a database of ours, so none was made
    with transaction.atomic(), connection.cursor() as cursor:
        every = _tables("public")
        # As a replica asks no trigger and no foreign key, tables are emptied in any order.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"LOCK TABLE {', '.join(every)} IN EXCLUSIVE MODE")
        filled = _those("EXISTS (TABLE {0})", [name for name in every if name not in copies])
        changed = _those(_differs(), copies)
        again = [f"INSERT INTO {name} TABLE {COPIES}.{name}" for name in changed]
        emptied = [f"DELETE FROM {name}" for name in (*filled, *changed)]  # noqa: S608 - our tables
        if statements := [*emptied, *again]:
            cursor.execute(";".join(statements))
    ContentType.objects.clear_cache()


def _tables(schema: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        return [name for (name,) in cursor.fetchall()]


def _differs() -> str:
    now, then = "TABLE {0}", f"TABLE {COPIES}.{{0}}"
    return f"EXISTS ({now} EXCEPT ALL {then}) OR EXISTS ({then} EXCEPT ALL {now})"


def _those(condition: str, names: list[str]) -> list[str]:
    """The tables of which the condition is true, all asked at once."""
    if not names:
        return []
    asked = " UNION ALL ".join(f"SELECT '{name}' WHERE {condition.format(name)}" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [name for (name,) in cursor.fetchall()]
