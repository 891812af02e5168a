"""Why staff changed what may be sent, in their own words."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0015_uploads")]
    operations = [
        migrations.AddField(
            model_name="consententry",
            name="reason",
            field=models.CharField(
                blank=True, help_text="Why staff changed it.", max_length=200
            ),
        ),
    ]
