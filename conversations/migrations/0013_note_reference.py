"""A note knows the form it came with, so that a second press writes no second note."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0012_api_clients")]
    operations = [
        migrations.AddField(
            model_name="note",
            name="reference",
            field=models.UUIDField(
                editable=False, help_text="Of the form it came with.", null=True, unique=True
            ),
        ),
    ]
