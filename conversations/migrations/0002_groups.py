"""The groups of staff and what each may do: Agent, Supervisor, Billing.

A row only, no schema. Django makes permissions after all migrations have run, so on an empty
database they would not be there yet: those that are needed are made here, as Django would name
them, and it finds them later. Billing's are named, not imported; its tables may not exist yet.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ANSWERS = [
    ("conversations", "thread", "view_thread", "Can view thread"),
    (
        "conversations",
        "thread",
        "reply_thread",
        "Can reply, take over, hand back and close",
    ),
    ("conversations", "contact", "view_contact", "Can view contact"),
    ("conversations", "message", "view_message", "Can view message"),
    (
        "conversations",
        "messagetemplate",
        "view_messagetemplate",
        "Can view message template",
    ),
    ("conversations", "notice", "view_notice", "Can view notice"),
    ("billing", "account", "view_account", "Can view account"),
    ("billing", "invoice", "view_invoice", "Can view invoice"),
]
SUPERVISES = [
    (
        "conversations",
        "thread",
        "supervise_thread",
        "Can take over from another person and assign others",
    ),
    ("conversations", "contact", "see_full_number", "Can see full phone numbers"),
    ("conversations", "contact", "change_contact", "Can change contact"),
    ("conversations", "webhookevent", "view_webhookevent", "Can view webhook event"),
    ("conversations", "webhookevent", "change_webhookevent", "Can change webhook event"),
    (
        "conversations",
        "messagetemplate",
        "change_messagetemplate",
        "Can change message template",
    ),
]
BILLS = [
    ("billing", "account", "add_account", "Can add account"),
    ("billing", "account", "change_account", "Can change account"),
    ("billing", "invoice", "add_invoice", "Can add invoice"),
    ("billing", "invoice", "change_invoice", "Can change invoice"),
]
GROUPS = {
    "Agent": ANSWERS,
    "Supervisor": ANSWERS + SUPERVISES,
    "Billing": ANSWERS + BILLS,
}


def create_groups(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """The three groups stand with their permissions; what a group was given besides is kept."""
    group_model = apps.get_model("auth", "Group")
    for name, permissions in GROUPS.items():
        group, _ = group_model.objects.get_or_create(name=name)
        group.permissions.add(*[_permission(apps, *permission) for permission in permissions])


def _permission(apps: Apps, app: str, model: str, codename: str, name: str) -> object:
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=app, model=model
    )
    permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type_id=content_type.pk, codename=codename, defaults={"name": name}
    )
    return permission


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0001_first_rows"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(create_groups, migrations.RunPython.noop)]
