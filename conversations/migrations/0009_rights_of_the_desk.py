"""Canned replies, labels and daily totals: all groups see them, supervisors edit the first two.

Rows only, no schema. A group that a business has deleted stays deleted.
"""

from importlib import import_module

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SEEN = [
    ("conversations", "cannedreply", "view_cannedreply", "Can view canned reply"),
    ("conversations", "label", "view_label", "Can view label"),
    ("conversations", "dailytotal", "view_dailytotal", "Can view daily total"),
]
EDITED = [
    ("conversations", "cannedreply", "add_cannedreply", "Can add canned reply"),
    ("conversations", "cannedreply", "change_cannedreply", "Can change canned reply"),
    ("conversations", "cannedreply", "delete_cannedreply", "Can delete canned reply"),
    ("conversations", "label", "add_label", "Can add label"),
    ("conversations", "label", "change_label", "Can change label"),
    ("conversations", "label", "delete_label", "Can delete label"),
]
GRANTED = {"Agent": SEEN, "Supervisor": SEEN + EDITED, "Billing": SEEN}


def grant(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """The groups hold these rights too; what they held is kept."""
    permission = import_module("conversations.migrations.0002_groups")._permission
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GRANTED):
        group.permissions.add(*[permission(apps, *given) for given in GRANTED[group.name]])


class Migration(migrations.Migration):
    dependencies = [("conversations", "0008_names_by_staff")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
