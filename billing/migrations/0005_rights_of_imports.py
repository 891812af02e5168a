"""Imports and their rows: the group Billing and the supervisors see them. Rows only, no schema."""

from importlib import import_module

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SEEN = [
    ("billing", "ledgerimport", "view_ledgerimport", "Can view import"),
    ("billing", "importrow", "view_importrow", "Can view import row"),
]
# Whoever begins an import adds one; its accounts and invoices need their own rights besides.
BEGUN = [("billing", "ledgerimport", "add_ledgerimport", "Can add import")]
GRANTED = {"Supervisor": SEEN, "Billing": SEEN + BEGUN}


def grant(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """The groups hold these rights too; what they held is kept."""
    permission = import_module("conversations.migrations.0002_groups")._permission
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GRANTED):
        group.permissions.add(*[permission(apps, *given) for given in GRANTED[group.name]])


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0004_rows_as_they_came"),
        ("conversations", "0009_rights_of_the_desk"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
